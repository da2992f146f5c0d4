"""A file opened in its form, and read once: into a draft, or for its report alone."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from zipfile import is_zipfile

from msgspec import Struct
from msgspec.structs import replace

from maksa.catalog import Catalog, Draft
from maksa.loaders.recognition import AnySource, Asked, Form, MeantMap, meant_map, named, recognised
from maksa.loaders.source import Source
from maksa.loaders.table import ColumnChoice, PrefixHierarchy
from maksa.model.errors import SnapshotError, VersionExistsError
from maksa.model.finding import LoadReport
from maksa.model.registry import known
from maksa.model.terminology import Imprint, checked_id, checked_label
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Terminology, View

T = TypeVar("T")

Progress = Callable[[str, int], None]
"""Called with a phase and the rows done in it."""

_EACH = 5_000  # rows between two words of progress


class Wanted(Struct, frozen=True, kw_only=True):
    """What an operator asks of a load. Texts are as he wrote them; what is empty is recognised, or not asked.

    `form` is one of `FORMS` by name. `code` and `display` name columns. `hierarchy` is "prefix", or "prefix:1,3,4".
    `languages` are BCP 47 tags, the first choice first. `map_id`: this map of the file, not its concepts.
    """

    terminology_id: str
    label: str
    title: str = ""
    issuer: str = ""
    licence: str = ""
    form: str = ""
    map_id: str = ""
    sheet: str = ""
    code: str = ""
    display: str = ""
    hierarchy: str = ""
    languages: tuple[str, ...] = ()
    as_of: dt.date | None = None

    @property
    def imprint(self) -> Imprint:
        """The issuer and the licence, each in a line."""
        return Imprint.of(self.issuer, self.licence)

    def asked(self, previous: Snapshot | None, spill: Path | None) -> Asked:
        """The same, as the loaders are asked. Raises: ValueError for a hierarchy that cannot be read."""
        return Asked(
            terminology_id=self.terminology_id,
            label=self.label,
            previous=previous,
            spill=spill,
            sheet=self.sheet or None,
            columns=ColumnChoice(code=self.code or None, display=self.display or None)
            if self.code or self.display
            else None,
            hierarchy=PrefixHierarchy.read(self.hierarchy) if self.hierarchy else None,
            languages=self.languages,
            as_of=self.as_of,
        )


def spelled(view: View, given: Wanted) -> Wanted:
    """*given* with the id as it is defined, where it is (ids match in any case), and the label trimmed.

    Raises: IdSpellingError, VersionExistsError: said before a long file is read.
    """
    terminology, label = view.terminology(given.terminology_id), checked_label(given.label)
    if terminology and label in terminology.by_label:
        raise VersionExistsError(terminology_id=terminology.id, label=label)
    return replace(
        given, terminology_id=terminology.id if terminology else checked_id(given.terminology_id), label=label
    )


def last_snapshot(view: View, terminology_id: str) -> Snapshot | None:
    """The last published version of *terminology_id*; None where there is none, or where its file is damaged.

    A load may go on without it: only comparisons are missing. `publish` will refuse to build on a damaged version.
    """
    terminology = view.terminology(terminology_id)
    try:
        return terminology.last.snapshot if terminology else None
    except SnapshotError:
        return None


def imprint_after(terminology: Terminology | None, given: Imprint) -> Imprint:
    """*given*, and where that is blank what the last version of the terminology, or of the map, says: as titles are kept."""
    try:
        return given.over(terminology.last.snapshot.imprint) if terminology else given
    except SnapshotError:  # `publish` will refuse to build on it
        return given


class Loading:
    """A file that is open. `says` is the form that was recognised, `expected` about how many rows will come, if known."""

    def __init__(
        self, view: View, source: AnySource, meant: MeantMap | None, *, title: str, imprint: Imprint, says: str
    ) -> None:  # fmt: skip
        self.says = says
        self.expected: int | None = None
        self._view = view
        self._source = source
        self._meant = meant
        self._title = title
        self._imprint = imprint
        if meant:
            source.report().terminology_id = meant.concept_map.map_id

    @property
    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped; complete once the file is read."""
        return self._source.report()

    def into(self, catalog: Catalog, progress: Progress) -> Draft:
        """The draft of the whole file; the one that was there under this label is replaced.

        Raises: SourceError, CatalogError, StorageError; the catalog is as it was then.
        """
        published, report = self._view.manifest.versions, self.report
        if self._meant:
            entries = _counted(self._meant.entries, progress)
            return catalog.write_map(
                self._meant.concept_map, report.label, entries,
                published=published, report=report, imprint=self._imprint,
            )  # fmt: skip
        concepts = _counted(self._source.concepts(), progress)
        return catalog.write_draft(
            report.terminology_id, report.label, concepts,
            published=published, report=report, title=self._title, imprint=self._imprint,
        )  # fmt: skip

    def exhaust(self, progress: Progress) -> None:
        """Reads the file to its end, for the report alone. Raises: SourceError."""
        rows: Iterable[object] = self._meant.entries if self._meant else self._source.concepts()
        deque(_counted(rows, progress), maxlen=0)


@contextmanager
def opened(view: View, file: Path, wanted: Wanted, spill: Path | None) -> Iterator[Loading]:
    """*file* as what is *wanted*, which is `spelled`; findings go to *spill* too, a line of JSON each.

    Raises: SourceError where the file as a whole is not what it says; ValueError for a hierarchy that cannot be read.
    """
    last = last_snapshot(view, wanted.terminology_id)
    form = named(wanted.form) if wanted.form else recognised(file)
    with form.source(file, wanted.asked(last, spill)) as source:
        says = source.recognised.get("form", form.says)
        meant = _meant(form, source, wanted)
        before = view.map(meant.concept_map.map_id) if meant else view.terminology(wanted.terminology_id)
        imprint = _imprint(source, meant, wanted.imprint, imprint_after(before, Imprint()))
        loading = Loading(view, source, meant, title=_title(view, wanted), imprint=imprint, says=says)
        loading.expected = _expected(form, file, last)
        yield loading


def _meant(form: Form, source: AnySource, wanted: Wanted) -> MeantMap | None:
    """The map that is wanted, under the id and the title that it will have."""
    found = meant_map(form, source, wanted.map_id or None)
    if found is None:
        return None
    known_as = found.concept_map.map_id if wanted.map_id else wanted.terminology_id
    concept_map = replace(found.concept_map, map_id=known_as, title=wanted.title or found.concept_map.title)
    return found._replace(concept_map=concept_map)


def _imprint(source: AnySource, meant: MeantMap | None, given: Imprint, last: Imprint) -> Imprint:
    """What was *given*, else what the *last* version says, else what the file says of itself, where its form has words for it."""
    if isinstance(source, Source):
        return source.imprint_after(given, last, meant.within if meant else "")
    return given.over(last)


def _title(view: View, wanted: Wanted) -> str:
    """The title that was given, else the Persian one by which the documents' own terminologies are known.

    "" for any other, or where it has one.
    """
    terminology, line = view.terminology(wanted.terminology_id), known(wanted.terminology_id)
    return wanted.title or (line.title_fa if line and not (terminology and terminology.title) else "")


def _expected(form: Form, file: Path, last: Snapshot | None) -> int | None:
    """The lines of a text; else as many rows as the last version had."""
    if form.name == "table" and not is_zipfile(file):
        with file.open("rb") as text:
            return sum(block.count(b"\n") for block in iter(lambda: text.read(1 << 20), b""))
    return last.version.concepts if last else None


def _counted(rows: Iterable[T], progress: Progress) -> Iterator[T]:
    count = 0
    for count, row in enumerate(rows, 1):
        yield row
        if count % _EACH == 0:
            progress("read", count)
    progress("read", count)
