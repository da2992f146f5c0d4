"""The codes of one table: each kept once, and what can be trusted of those that are not text in the spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from maksa.loaders.gathering import Gathering
from maksa.loaders.table.cells import points
from maksa.loaders.table.workbook import EXACT_BELOW, Retyped

CODE_LIMIT = 200  # characters

_SHOWN = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}")
"""A number as a spreadsheet shows it when it is long, saved so as text: 9.15472E+15 was a code of sixteen digits."""


@dataclass(slots=True)
class Numbers:
    """How many codes of one length were numbers, and the first of them."""

    row: int
    code: str
    count: int = 0


class Codes:
    """Judges the codes of one load. `rows` maps each code that was kept to its row: the reader fills it.

    A number of a spreadsheet has no leading zeros and 15 digits: whoever typed 00012, or an IRC of 16 digits, into a
    cell of numbers has lost them.
    """

    def __init__(self, gathering: Gathering, column: str) -> None:
        self.rows: dict[str, int] = {}
        self._gathering = gathering
        self._column = column
        self._numbers: dict[int, Numbers] = {}

    def take_all(self, codes: list[str], rows: Iterable[int]) -> bool:
        """Whether all of *codes* may be kept as they are; they are entered in `rows` then, else none is."""
        if (
            set(map(type, codes)) != {str}
            or "" in codes
            or len(set(codes)) < len(codes)
            or not self.rows.keys().isdisjoint(codes)
            or max(map(len, codes)) > CODE_LIMIT
            or not (joined := "".join(codes)).isprintable()
            or "E+" in joined
        ):
            return False
        self.rows.update(zip(codes, rows, strict=True))
        return True

    def judged(self, code: str, row: int) -> str | None:
        """The code's text, None where its row was refused, and counted so."""
        if isinstance(code, Retyped) and (slug := lost_in(code)):
            self._refuse(slug, code, row)
        elif _SHOWN.fullmatch(code):
            self._refuse("digits-lost", code, row)
        elif not code:
            self._refuse("blank-code", code, row)
        elif code in self.rows:
            self._refuse("repeated-code", code, row, first_row=self.rows[code])
        elif len(code) > CODE_LIMIT:
            self._refuse("long-code", code, row, length=len(code), limit=CODE_LIMIT)
        elif not code.isprintable():
            self._refuse("invisible-in-code", code, row, characters=points(code))
        else:
            return self._plain(code, row)
        return None

    def _refuse(self, slug: str, code: str, row: int, **facts: str | int) -> None:
        self._gathering.refuse(slug, row=row, column=self._column, value=code, **facts)

    def _plain(self, code: str, row: int) -> str:
        if not isinstance(code, Retyped):
            return code
        self._numbers.setdefault(len(code), Numbers(row, str(code))).count += 1
        return str(code)

    def finish(self) -> None:
        """Gathers one warning for all numbers, and one for each length of them that others have with leading zeros."""
        if not self._numbers:
            return
        first = min(self._numbers.values(), key=lambda numbers: numbers.row)
        self._warn("number-code", first, sum(numbers.count for numbers in self._numbers.values()))
        expected = max((len(code) for code in self.rows if code.startswith("0") and code.isdigit()), default=0)
        for length, numbers in sorted(self._numbers.items()):
            if length < expected:
                self._warn("shorter-number", numbers, numbers.count, length=length, expected=expected)

    def _warn(self, slug: str, numbers: Numbers, count: int, **facts: int) -> None:
        self._gathering.add(slug, row=numbers.row, column=self._column, value=numbers.code, count=count, **facts)


def lost_in(code: Retyped) -> str:
    """The slug for a value that is a code no more: a truth value, a date or time, a number with digits lost; else ""."""
    value = code.value
    if isinstance(value, bool):
        return "boolean-for-code"
    if not isinstance(value, (int, float)):
        return "date-for-code"
    return "digits-lost" if abs(value) >= EXACT_BELOW else ""
