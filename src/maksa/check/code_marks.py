"""Whether a version may have a code, told from memory: of one wrong code it is asked for two hundred others.

A few questions go to the file. A file full of wrong codes asks thousands: then each code of the version sets a bit, at the place that
its hash tells, among sixty-four bits or fewer for each. Where none is set there is no such code, and the file is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from maksa.snapshot.reader import Snapshot

_BITS = 32  # for each code, at least: of forty codes that are not there, one is asked of the file all the same
_A_QUESTION = 500  # codes set their bits in the time that a question to the file takes


class CodeMarks:
    """The bits of one version. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._bits = b""
        self._patience = snapshot.version.concepts // _A_QUESTION

    def may_have(self, code: str) -> bool:
        """Whether it is worth asking the version for *code*: False only where it has no such code."""
        bits = self._bits or self._asked()
        place = hash(code) & len(bits) * 8 - 1
        return not bits or bits[place >> 3] >> (place & 7) & 1 == 1

    def among(self, codes: Sequence[str]) -> Sequence[str]:
        """Those of *codes* that the version may have, in their order: all that it has, and few others."""
        bits = self._bits or self._asked()
        last = len(bits) * 8 - 1
        return [code for code in codes if bits[(place := hash(code) & last) >> 3] >> (place & 7) & 1] if bits else codes

    def _asked(self) -> bytes:
        """Nothing, as long as the file is asked; then the bits."""
        if self._patience > 0:
            self._patience -= 1
            return b""
        bits = bytearray(max(1 << (self._snapshot.version.concepts * _BITS).bit_length() >> 3, 1))
        last = len(bits) * 8 - 1
        for code in self._snapshot:
            place = hash(code) & last
            bits[place >> 3] |= 1 << (place & 7)
        self._bits = bytes(bits)
        return self._bits
