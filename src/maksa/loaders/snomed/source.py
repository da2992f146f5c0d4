"""A SNOMED CT release, opened: its files chosen, its rows staged, its concepts and maps streamed, its report kept."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path
from types import TracebackType

from maksa.loaders.gathering import Gathering
from maksa.loaders.release import Release
from maksa.loaders.snomed import ancestors
from maksa.loaders.snomed.files import Choice, chosen, is_release
from maksa.loaders.snomed.joining import Joining
from maksa.loaders.snomed.kinds import KINDS, USUAL_NAMES
from maksa.loaders.snomed.maps import Maps
from maksa.loaders.snomed.stager import Stager, kept_rows
from maksa.loaders.staging import staging
from maksa.loaders.table.history import Comparison, Previous
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import FileUnreadableError
from maksa.model.finding import LoadReport

FORM = "SNOMED CT RF2 release"
LANGUAGES = ("en-US", "en-GB", "en")
_MAPS = {"simple_map", "extended_map"}
_CONCEPTS = {kind.name for kind in KINDS} - _MAPS


def recognises(path: Path) -> bool:
    """Whether the zip, folder or file at *path* has a file with the header of RF2's concepts or descriptions."""
    try:
        with Release(path) as release:
            return is_release(release)
    except FileUnreadableError:
        return False


class SnomedSource:
    """A release of SNOMED CT as the concepts of one terminology, and its maps.

    Args:
        path: the release's zip, or a folder with one unpacked release or several: an international edition and an
            extension of it, say.
        terminology_id, label: what it is loaded as.
        languages: BCP 47 tags of the languages of displays, the first choice first.
        as_of: the date whose state is wanted; it needs the Full files. None for the latest state.
        previous: the last published version, to compare with; None where there is none.
        spill: a file to which every finding is appended as a line of JSON.

    As a context manager it opens the release, and closes release and spill.
    Raises: on entering, FileUnreadableError where files are missing or must not be trusted.
    """

    def __init__(
        self,
        path: Path,
        *,
        terminology_id: str,
        label: str = "",
        languages: Sequence[str] = LANGUAGES,
        as_of: dt.date | None = None,
        previous: Previous | None = None,
        spill: Path | None = None,
    ) -> None:
        self._path = path
        self._languages = languages
        self._as_of = f"{as_of:%Y%m%d}" if as_of else ""
        self._previous = previous
        self._report = LoadReport(file=str(path), sheet="", terminology_id=terminology_id, label=label, recognised={})
        self._gathering = Gathering(self._report, spill)
        self._open = ExitStack()

    def __enter__(self) -> SnomedSource:
        with ExitStack() as opened:
            self._release = opened.enter_context(Release(self._path))
            self._choice = chosen(self._release, as_of=self._as_of)
            self._report.recognised = _told(self._choice)
            self._db: sqlite3.Connection = opened.enter_context(
                closing(staging(" ".join(kind.table for kind in KINDS)))
            )
            self._open = opened.pop_all()
        self._stager = Stager(self._release, self._choice, self._db, self._gathering, self._as_of)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._gathering.close()

    @property
    def recognised(self) -> dict[str, str]:
        """The form, the release's type and date, and how many files of each kind are read."""
        return self._report.recognised

    def concepts(self) -> Iterator[Concept]:
        """The concepts in order of codes as text; to be asked for once.

        Raises: FileUnreadableError for a file that cannot be read to its end; StorageError.
        """
        joining = self._joining
        self._tell_missing()
        comparison = self._previous and Comparison(self._previous, self._gathering, "id", "term")
        for concept in joining.concepts():
            if comparison:
                comparison.concept(concept.code, concept.display, 0)
            yield concept
        ancestors.tell(self._db, self._gathering, [file.name for file in self._choice.files])
        if comparison:
            comparison.finish(_Kept(self._db))

    @cached_property
    def _joining(self) -> Joining:
        """What concepts and names are read from; staged when it is first wanted."""
        self._stage(_CONCEPTS)
        return Joining(self._db, self._gathering, [file.name for file in self._choice.files], self._languages)

    def _stage(self, kinds: set[str]) -> None:
        report = self._report
        self._stager.stage(kinds)
        report.kept += sum(kept_rows(self._db, kinds))
        report.skipped = report.read - report.kept - report.refused

    def _tell_missing(self) -> None:
        for kind in ("relationship", "language"):
            if kind not in self._choice.kinds:
                name = USUAL_NAMES[kind].replace("Snapshot", self._choice.release_type)
                self._gathering.add("missing-file", value=name, kind=kind)

    def maps(self) -> list[ConceptMap]:
        """The map reference sets, each a map to the terminology that it leads to; empty where there are none."""
        return self._maps.listed()

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The entries of one of `maps`, by source, group and priority."""
        return self._maps.entries(map_id)

    @cached_property
    def _maps(self) -> Maps:
        self._stage(_MAPS)
        return Maps(self._db, self._report.terminology_id, self._report.label, self._joining.name)

    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped, and why; complete when `concepts` is exhausted.

        Rows are those of all files that are read. Skipped are former states, inactive descriptions and relationships,
        stated relationships, and what is later than the date asked for.
        """
        return self._report


class _Kept:
    """The codes that were staged, as a container."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __contains__(self, code: object) -> bool:
        return self._db.execute("SELECT 1 FROM concept WHERE id = ?", (code,)).fetchone() is not None


def _told(choice: Choice) -> dict[str, str]:
    counts = ", ".join(f"{count} {kind}" for kind, count in choice.kinds.items())
    told = {"form": f"{FORM}, {choice.release_type}", "date": choice.date, "files": counts}
    if choice.unread:
        told["not read"] = f"{choice.unread} other files"
    return {name: value for name, value in told.items() if value}
