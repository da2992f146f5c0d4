"""The catalog: every edit and every listing of it, each one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import TracebackType

from msgspec import structs
from sqlalchemy import Connection

from maksa.catalog import listings, statements
from maksa.catalog.database import Database
from maksa.catalog.editing import EditedDraft
from maksa.catalog.held import HeldDraft, stream, stream_entries
from maksa.catalog.packing import MapPacker, Packer
from maksa.catalog.records import Draft, TerminologyEntry
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import DraftLockedError, IdTakenError, LockedError, UnknownDraftError
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint, Version, checked_id, checked_label, key_of

WAIT_S = 10.0
_UNSAID = Imprint()
_SHOWN = 5  # labels of drafts, where the one that was named is not there

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Now, in UTC and whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


class Catalog:
    """An open catalog. Any method may raise StorageError; none leaves half of what it does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._dialect = database.dialect
        self._clock = clock

    @classmethod
    def open(cls, url: str, *, wait_s: float = WAIT_S, clock: Clock = utc_now) -> Catalog:
        """The catalog at *url* (sqlite:///path or postgresql://…), made if it is not there.

        Args:
            wait_s: seconds to wait for another process that edits, before an error says so.

        Raises: SettingsError, StorageError (SchemaVersionError where a newer maksa made it).
        """
        return cls(Database(url, wait_s), clock)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def spelling(self, terminology_id: str) -> str | None:
        """The id as it is defined or drafted, whatever the case of *terminology_id*; None where it is neither."""
        with self._database.reading() as connection:
            return listings.spelling(connection, terminology_id)

    def terminologies(self) -> list[TerminologyEntry]:
        """Every terminology, drafted ones too, in the order they came to be known."""
        with self._database.reading() as connection:
            return listings.terminologies(connection)

    def versions(self, terminology_id: str) -> list[Version]:
        """The published versions of a terminology in order of publication; empty where there are none."""
        with self._database.reading() as connection:
            return listings.versions(connection, terminology_id)

    def drafts(self) -> list[Draft]:
        """Every draft, in order of number."""
        with self._database.reading() as connection:
            return listings.drafts(connection)

    def draft(self, terminology_id: str, label: str) -> Draft:
        """The draft of that label. Raises: UnknownDraftError."""
        with self._database.reading() as connection:
            return _draft(connection, terminology_id, label)

    def draft_concepts(self, draft: Draft) -> Iterator[tuple[int, Concept]]:
        """(position, concept) of each of a draft's, in code order (`HeldDraft.concepts`). Raises: IdTakenError of a map."""
        _refuse_map(draft)
        with self._database.reading() as connection:
            yield from stream(connection, self._database, draft)

    def draft_entries(self, draft: Draft) -> Iterator[MapEntry]:
        """The entries of the draft of a map, by source (`HeldDraft.entries`)."""
        with self._database.reading() as connection:
            yield from stream_entries(connection, self._database, draft)

    def write_draft(
        self,
        terminology_id: str,
        label: str,
        concepts: Iterable[Concept],
        *,
        published: Sequence[Version],
        report: LoadReport,
        title: str = "",
        imprint: Imprint = _UNSAID,
    ) -> Draft:
        """The draft of *label*, written as *concepts* come; one that was there under this label is replaced.

        Nothing is written if *concepts* raises or the process ends. The id may be spelled in any case: the draft has
        the defined spelling.

        Args:
            published: the manifest's versions; the draft's number is above theirs.
            report: of the load that *concepts* come from, read when they have ended.
            title: of the terminology; blank leaves the one it has.
            imprint: of this version.

        Raises: VersionExistsError, IdSpellingError, DraftLockedError, StorageError.
        """
        return self._write(terminology_id, label, partial(Packer, concepts=concepts), published, report, imprint, title)

    def write_map(
        self,
        concept_map: ConceptMap,
        label: str,
        entries: Iterable[MapEntry],
        *,
        published: Sequence[Version],
        report: LoadReport,
        imprint: Imprint = _UNSAID,
    ) -> Draft:
        """The draft of a version of a map, written as `write_draft` does. Raises: as `write_draft`."""
        packer = partial(MapPacker, entries=entries)
        title = concept_map.title
        return self._write(concept_map.map_id, label, packer, published, report, imprint, title, concept_map)

    def _write(
        self,
        terminology_id: str,
        label: str,
        packed: Callable[[int], Packer | MapPacker],
        published: Sequence[Version],
        report: LoadReport,
        imprint: Imprint,
        title: str,
        concept_map: ConceptMap | None = None,
    ) -> Draft:
        terminology_id, label = checked_id(terminology_id), checked_label(label)
        number = self._number(terminology_id, label, published)
        with self._editing(terminology_id) as (connection, spelled):
            statements.refuse_published(connection, spelled, label)  # it may have been, since it was numbered
            statements.refuse_other_kind(connection, spelled, "map" if concept_map else "terminology")
            if old := listings.find_draft(connection, spelled, label):
                statements.remove_draft(connection, self._dialect, old.number)
            packer = packed(number)
            self._dialect.fill(connection, packer)
            draft = Draft(
                number=number,
                terminology_id=spelled,
                label=label,
                title=statements.title_of(connection, spelled, title),
                source=report.file,
                loaded_at=self._clock(),
                rows_read=report.read,
                rows_refused=report.refused,
                rows_skipped=report.skipped,
                concepts=packer.count,
                has_parents=packer.has_parents,
                in_code_order=packer.in_code_order,
                concept_map=concept_map and structs.replace(concept_map, map_id=spelled),
                imprint=imprint,
            )
            statements.list_draft(connection, draft)
            return draft

    def _number(self, terminology_id: str, label: str, published: Sequence[Version]) -> int:
        """The number of the draft that is there, else a new one: given away at once, so that two loads never share it."""
        with self._alone(), self._database.writing() as connection:
            statements.follow(connection, self._dialect, published)
            statements.refuse_published(connection, terminology_id, label)
            old = listings.find_draft(connection, terminology_id, label)
            return old.number if old else statements.next_number(connection)

    def drop_draft(self, terminology_id: str, label: str) -> Draft:
        """The draft that was there, and is no more. Raises: UnknownDraftError, DraftLockedError."""
        with self._editing(terminology_id) as (connection, spelled):
            draft = _draft(connection, spelled, label)
            statements.remove_draft(connection, self._dialect, draft.number)
            statements.remove_undefined(connection)
            return draft

    @contextmanager
    def hold(self, terminology_id: str, label: str) -> Iterator[HeldDraft]:
        """The draft of *label*, kept from every other writer until the block ends; what it did is then committed.

        Raises: VersionExistsError, UnknownDraftError, DraftLockedError.
        """
        with self._editing(terminology_id) as (connection, spelled):
            statements.refuse_published(connection, spelled, label.strip())
            yield HeldDraft(_draft(connection, spelled, label), connection, self._database)

    @contextmanager
    def edit(self, terminology_id: str, label: str) -> Iterator[EditedDraft]:
        """The draft of *label*, to change some of its concepts; all of it is committed when the block ends, or nothing is.

        Raises: VersionExistsError, UnknownDraftError, DraftLockedError, IdTakenError of a map.
        """
        with self._editing(terminology_id) as (connection, spelled):
            statements.refuse_published(connection, spelled, label.strip())
            draft = _draft(connection, spelled, label)
            _refuse_map(draft)
            yield EditedDraft(draft, connection, self._database)

    def reconcile(self, published: Sequence[Version]) -> None:
        """Makes the catalog list as published what the manifest does, whatever happened before.

        A draft of a label that the manifest has is gone: it was published. Raises: DraftLockedError.
        """
        with self._alone(), self._database.writing() as connection:
            statements.follow(connection, self._dialect, published)

    @contextmanager
    def _editing(self, terminology_id: str) -> Iterator[tuple[Connection, str]]:
        """A transaction in which nobody else edits the terminology, and the id as it is defined."""
        with self._alone(), self._database.writing() as connection:
            yield connection, statements.own(connection, self._dialect, terminology_id, self._clock())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            yield
        except LockedError as error:
            if error.path != self._dialect.place:  # of something else that the caller does meanwhile
                raise
            raise DraftLockedError(what=f"the catalog {self._dialect.place}") from error


def _draft(connection: Connection, terminology_id: str, label: str) -> Draft:
    draft = listings.find_draft(connection, terminology_id, label.strip())
    if draft is None:
        labels = [
            each.label for each in listings.drafts(connection) if key_of(each.terminology_id) == key_of(terminology_id)
        ]
        known = f"; there is {', '.join(map(repr, labels[-_SHOWN:]))}" if labels else ""
        raise UnknownDraftError(terminology_id=terminology_id, label=label, known=known)
    return draft


def _refuse_map(draft: Draft) -> None:
    """Raises: IdTakenError where concepts are asked of a map."""
    if draft.concept_map:
        raise IdTakenError(given=draft.terminology_id, kind=draft.kind)
