"""The CRC-32 of two pieces put together, from those of the pieces: so that the tail of a gzip twin gets its trailer at once.

Source: zlib's crc32_combine; RFC 1952, section 8. Appending n zero bytes multiplies a CRC by x^(8n) modulo the polynomial.
"""

from __future__ import annotations

_POLYNOMIAL = 0xEDB88320  # reflected


def combined(first: int, second: int, second_length: int) -> int:
    """The CRC-32 of a piece with CRC *first* followed by one with CRC *second* of *second_length* bytes."""
    return _product(_power(second_length * 8), first) ^ second


def _product(left: int, right: int) -> int:
    """The product of two polynomials modulo the CRC's, both reflected: bit 31 is x^0."""
    total = 0
    mask = 1 << 31
    while left:
        if left & mask:
            total ^= right
            left ^= mask
        mask >>= 1
        right = (right >> 1) ^ _POLYNOMIAL if right & 1 else right >> 1
    return total


def _power(bits: int) -> int:
    """X to the power of *bits*, modulo the polynomial, by squaring."""
    total = 1 << 31  # x^0
    square = 1 << 30  # x^1
    while bits:
        if bits & 1:
            total = _product(square, total)
        square = _product(square, square)
        bits >>= 1
    return total
