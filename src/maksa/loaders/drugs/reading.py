"""The rows of a drug workbook as the codes of one level, and as the correspondence of two.

Rules of this file:
- a code that many products share is one concept, of its first row; a later row that names it otherwise is a finding;
- what a row says of a product is not said of the code that it shares;
- a code that the spreadsheet has lost is said wherever it is met, as in any table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maksa.loaders.drugs.columns import Level, Pair
from maksa.loaders.gathering import Gathering
from maksa.loaders.headed import HeadedSheet
from maksa.loaders.table.codes import lost_in
from maksa.loaders.table.workbook import Retyped
from maksa.model.concept import Concept, Property
from maksa.model.concept_map import MapEntry
from maksa.model.folding import language_of

_CODES = ("eRX", "generic_code")  # properties that are codes of other levels


def display_place(level: Level, sheet: HeadedSheet) -> int | None:
    """Where the sheet has the names of the level's codes; None where it has none."""
    return next((sheet.places[role] for role in level.displays if role in sheet.places), None)


class LevelReading:
    """One pass over the codes of a level."""

    def __init__(self, level: Level, gathering: Gathering) -> None:
        self._level = level
        self._gathering = gathering
        self._first: dict[str, tuple[int, str]] = {}  # row and display of each code that may be repeated
        self._without = 0
        self._numbers = 0

    def concepts(self, sheets: Sequence[HeadedSheet]) -> Iterator[tuple[int, Concept]]:
        """The codes in order, each with its row; the report's sheet is the one that is read."""
        for sheet in sheets:
            self._gathering.report.sheet = sheet.name
            for number, row in sheet.rows():
                if concept := self._concept(sheet, row, number):
                    yield number, concept
        self._finish()

    def _concept(self, sheet: HeadedSheet, row: list[str], number: int) -> Concept | None:
        """The concept of the row; None where the row was refused or skipped, and counted so."""
        code = code_in(sheet, row, number, self._level.code, self._gathering)
        if code is None:
            self._gathering.report.read += 1
            self._gathering.report.refused += 1
            return None
        place = display_place(self._level, sheet)
        display = "" if place is None else str(row[place])
        if not code or self._is_repeated(code, display, number, sheet):
            self._without += not code
            self._gathering.report.read += 1
            self._gathering.report.skipped += 1
            return None
        cell = row[sheet.places[self._level.code]]
        self._numbers += isinstance(cell, Retyped)
        return Concept(str(cell), display, language_of(display), (), tuple(self._properties(sheet, row, place)))

    def _is_repeated(self, code: str, display: str, number: int, sheet: HeadedSheet) -> bool:
        """Whether the code was met before, where it may be; that it has another name here is said."""
        if not self._level.repeated or code not in self._first:
            if display.strip():
                self._first[code] = number, display
            return False
        first_row, first = self._first[code]
        if display and display != first:
            column = sheet.columns[display_place(self._level, sheet) or 0]
            self._gathering.add(
                "display-differs", row=number, column=column, value=display, code=code, first=first, first_row=first_row
            )
        return True

    def _properties(self, sheet: HeadedSheet, row: list[str], display: int | None) -> Iterator[Property]:
        for role in self._level.facts:
            at = sheet.places.get(role)
            if at is not None and at != display and str(row[at]).strip():
                yield Property(role, str(row[at]), "code" if role in _CODES else "string")
        if not self._level.repeated:
            for name, at in sheet.others.items():
                if str(row[at]).strip():
                    yield Property(name, str(row[at]))
        if sheet.name:
            yield Property("sheet", sheet.name)

    def _finish(self) -> None:
        if self._without:
            self._gathering.add("rows-without-code", column=self._level.code, count=self._without)
        if self._numbers:
            self._gathering.add("number-code", column=self._level.code, count=self._numbers)


def code_in(sheet: HeadedSheet, row: list[str], number: int, column: str, gathering: Gathering) -> str | None:
    """The code in that column, "" where it is blank; None where the spreadsheet has lost it, which is said."""
    at = sheet.places[column]
    code = row[at]
    if isinstance(code, Retyped) and (slug := lost_in(code)):
        gathering.add(slug, row=number, column=sheet.columns[at], value=str(code))
        return None
    return str(code).strip()


def entries_of(pair: Pair, sheets: Sequence[HeadedSheet], gathering: Gathering) -> Iterator[MapEntry]:
    """The lines of a correspondence, in the order in which its source codes come first; each target of a code once.

    A code that no row gives a target comes with an empty one. Held in memory: the codes of both levels.
    """
    targets: dict[str, dict[str, None]] = {}
    for sheet in sheets:
        gathering.report.sheet = sheet.name
        for number, row in sheet.rows():
            gathering.report.read += 1
            source, target = (code_in(sheet, row, number, each, gathering) for each in (pair.source, pair.target))
            if source is None or target is None:
                gathering.report.refused += 1
            elif not source:
                gathering.report.skipped += 1
            else:
                gathering.report.kept += 1
                targets.setdefault(source, {}).update({target: None} if target else {})
    for source, found in targets.items():
        if not found:
            yield MapEntry(source, "", "not-related-to")
        for order, target in enumerate(found, 1):
            yield MapEntry(source, target, "source-is-narrower-than-target", order=order)
