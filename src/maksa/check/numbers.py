"""Codes of which a spreadsheet has made a number: what of them is left, and which codes they may have been.

A spreadsheet keeps fifteen digits of a number, and shows a long one as 9.15472E+15. Saved as text, that is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

KEPT = 15  # digits
_SHOWN = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_LONG = re.compile(rf"[1-9]\d{{{KEPT - 1}}}0{{1,3}}")
_LONGEST = 18  # digits of a code; SNOMED CT's have so many


def has_lost_digits(code: str) -> bool:
    """Whether *code* is a number as it is shown without its last digits: 9.15472E+15. 6.0002E+04 has them all."""
    return _SHOWN.fullmatch(code) is not None and not in_full(code)


def may_have_lost_digits(code: str) -> bool:
    """Whether *code* has fifteen digits and zeros after them: 9154715040124500. Some codes are so."""
    return _LONG.fullmatch(code) is not None


def in_full(number: str) -> str:
    """The digits of a *number* such as 6.0002E+04, which shows them all; "" for any other text."""
    found = _SHOWN.fullmatch(number)
    if found is None or int(found[3]) > _LONGEST or len(found[2] or "") < int(found[3]):
        return ""
    whole = _digits(number)
    return whole if Decimal(whole) == _value(number) else ""


def may_be(number: str, code: str) -> bool:
    """Whether *code* may have been what *number*, which has lost digits, was made of: rounded, or cut after fifteen digits."""
    if not (code.isascii() and code.isdecimal()) or len(code) > _LONGEST:
        return False
    if number.isdecimal():
        return code[:KEPT] == number[:KEPT] and len(code) == len(number)
    found = _SHOWN.fullmatch(number)
    places = len(found[2] or "") if found else 0
    kept = code.lstrip("0")[:KEPT] + "0" * (len(code.lstrip("0")) - KEPT)
    return found is not None and any(_rounded(each, places) == _value(number) for each in (code, kept) if each)


def endings(number: str) -> Iterator[str]:
    """Codes that have the digits which are left of *number*; none where too few are left."""
    whole = number if number.isdecimal() else _digits(number)
    lost = len(whole) - KEPT
    if not whole or lost > 3:
        return
    yield whole
    if lost > 0 and len(_mantissa(number)) >= KEPT:
        yield from (f"{whole[:KEPT]}{ending:0{lost}}" for ending in range(10**lost))


def _mantissa(number: str) -> str:
    found = _SHOWN.fullmatch(number)
    return found[1] + (found[2] or "") if found else number


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def _digits(number: str) -> str:
    return f"{_value(number):.0f}" if _SHOWN.fullmatch(number) else ""


def _rounded(code: str, places: int) -> Decimal:
    value = Decimal(code)
    return value if not value else value.quantize(Decimal(1).scaleb(value.adjusted() - places), ROUND_HALF_UP)
