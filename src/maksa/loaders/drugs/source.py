"""A drug workbook opened: every sheet of the form, hidden ones too, for natural products and supplements have their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from maksa.loaders.drugs.columns import LEVELS, PAIRS, ROLES, Level, Pair, accepts
from maksa.loaders.drugs.reading import LevelReading, display_place, entries_of
from maksa.loaders.headed import HeadedSheet, headed_sheets
from maksa.loaders.reasons import column_missing, reason
from maksa.loaders.source import Source
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import FileUnreadableError, SourceError
from maksa.model.folding import folded
from maksa.model.terminology import key_of

FORM = "drugs of the Food and Drug Organization (IRC, eRX, generic code)"
_SHOWN = 30  # headers in a message


def recognises(path: Path) -> bool:
    """Whether a sheet of the file has both IRC and eRX."""
    try:
        return any({"IRC", "eRX"} <= sheet.places.keys() for sheet in headed_sheets(path, ROLES, accepts)[0])
    except (SourceError, ValueError):
        return False


class DrugSource(Source):
    """The IRC, eRX or generic codes of a workbook, by what the terminology's id names; and `maps` between them.

    Raises: on entering, FileUnreadableError where no sheet is of the form; SourceError where the id names none of the codes.
        `concepts` raises ColumnMissingError for a file that has the codes and no names for them: it is only a map.
    """

    columns = ("code", "display")

    def _opened(self) -> dict[str, str]:
        self._level = self._asked_level()
        self._sheets, others = headed_sheets(self._path, ROLES, accepts)
        if not self._sheets:
            raise FileUnreadableError(file=str(self._path), **reason("no-drug-columns").facts)
        self._report.sheet = ", ".join(sheet.name for sheet in self._sheets)
        if others:
            self._gathering.add("sheets-not-read", sheet=self._report.sheet, others=", ".join(others))
        first = self._sheets[0]
        return {"form": FORM, **{role: first.columns[at] for role, at in first.places.items()}}

    def _asked_level(self) -> Level:
        asked = folded(self._report.terminology_id)
        for name, level in LEVELS.items():
            if name in asked:
                return level
        raise SourceError(file=str(self._path), **reason("no-drug-code", asked=self._report.terminology_id).facts)

    def _found(self) -> Iterator[tuple[int, Concept]]:
        level = self._level
        sheets = [each for each in self._sheets if level.code in each.places and display_place(level, each) is not None]
        if not sheets:
            raise column_missing(str(self._path), f"the names of {level.code}", self._sheets[0].columns[:_SHOWN])
        yield from LevelReading(level, self._gathering).concepts(sheets)

    def maps(self) -> list[ConceptMap]:
        """The correspondences that the rows imply, where a sheet has both codes: IRC to eRX, eRX to generic code."""
        return [
            ConceptMap(map_id=pair.map_id, source_id=pair.source_id, target_id=pair.target_id, title=pair.title)
            for pair in PAIRS
            if self._with_both(pair)
        ]

    def meant_map(self) -> ConceptMap | None:
        """The map of the asked id, as IRC-eRX; None for IRC and for eRX."""
        key = key_of(self._report.terminology_id)
        return next((each for each in self.maps() if key_of(each.map_id) == key), None)

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The lines of that map, as `reading.entries_of` has them; empty for one that is not of `maps()`."""
        for pair in PAIRS:
            if pair.map_id == map_id:
                yield from entries_of(pair, self._with_both(pair), self._gathering)

    def _with_both(self, pair: Pair) -> list[HeadedSheet]:
        return [sheet for sheet in self._sheets if {pair.source, pair.target} <= sheet.places.keys()]
