"""One version of a terminology, or of a map, to hold: it says the same for as long as it is held."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import CodedText, Concept, FormerConcept, Match
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import NotPublishedError
from maksa.model.terminology import Imprint, Version
from maksa.service.editions import edition_in, edition_of
from maksa.service.search import search
from maksa.service.translate import snapshot_of
from maksa.service.tree import Tree, tree
from maksa.service.validate import validate_code
from maksa.snapshot.maps import MapSnapshot
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View
from maksa.wire.texts import text_of

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars

    from maksa.export import Content

T = TypeVar("T")


class _Held:
    """What terminologies and maps have in common. `version` is the one that is held; `title` may be empty.

    Whatever reads the version raises SnapshotError for a damaged file.
    """

    def __init__(self, edition: Edition) -> None:
        self.version: Version = edition.version
        self.id = edition.version.terminology_id
        self.title = edition.version.title
        self._edition = edition

    @property
    def _snapshot(self) -> Snapshot:
        return self._edition.snapshot

    @property
    def imprint(self) -> Imprint:
        """Who issues it, and under which licence: `issuer` and `licence`, each "" where nobody said it when it was loaded."""
        return self._snapshot.imprint

    def __len__(self) -> int:
        return self.version.concepts

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id!r} {self.version.label!r}, {len(self):,}>"

    def content(self) -> Content:
        """The version as `maksa.export` takes it: for its bytes in any form, chunk by chunk."""
        from maksa.export import content_of

        return content_of(self._snapshot)

    def export(
        self, path: str | os.PathLike[str], form: str | None = None, *, progress: Callable[[int], None] | None = None
    ) -> Path:
        """*path*, where this version is now as CSV, XLSX, JSON, Parquet or its snapshot: a whole file, or none.

        Args:
            form: a key of `maksa.export.FORMATS`; if not given, what the ending of *path* means.
            progress: told how many records are written so far.

        Raises: ExtraMissingError; StorageError and its kinds; KeyError for a form that there is not.
        """
        from maksa.export import FORMATS, write

        return write(self.content(), Path(path), FORMATS[form] if form else None, progress=progress)

    def to_polars(self) -> polars.DataFrame:
        """A frame of polars, a row for each concept or entry. Raises: ExtraMissingError."""
        from maksa.export.columnar import to_polars

        return to_polars(self.content())

    def to_pandas(self) -> pandas.DataFrame:
        """A frame of pandas, likewise. Raises: ExtraMissingError."""
        from maksa.export.columnar import to_pandas

        return to_pandas(self.content())


class Terminology(_Held):
    """One version of a terminology. `len` counts its concepts, iterating gives them whole, in the publisher's order."""

    def __init__(self, view: View, edition: Edition) -> None:
        super().__init__(edition)
        self._view = view

    def __iter__(self) -> Iterator[Concept]:
        return self._snapshot.concepts(as_listed=True)

    def __contains__(self, code: str) -> bool:
        return self.display_of(code) is not None

    def display_of(self, code: str) -> str | None:
        """The display of *code*, None where this version has no such code."""
        return self._snapshot.display(code_of(code))

    def lookup(self, code: str) -> Concept | None:
        """All that this version says of *code*, None where it has no such code."""
        return self._snapshot.concept(code_of(code))

    def former(self, code: str) -> FormerConcept | None:
        """What *code* was, if an earlier version had it and this one has not."""
        return self._snapshot.former(code_of(code))

    def validate_code(self, code: str, display: str, *, exact: bool = False) -> bool:
        """Whether *code* has this *display*, compared as the same text typed on another keyboard, or *exact*ly."""
        text = CodedText(self.id, code_of(code), display)
        return _value(validate_code(self._view, text, self.version.label, exact=exact))

    def search(self, text: str, *, limit: int = 20) -> list[Match]:
        """The best *limit* concepts with a word that begins with each word of *text*; as `Shelf.search`."""
        return _value(search(self._view, text_of(text, field="text"), self.id, limit=limit, label=self.version.label))

    def tree(self, code: str = "") -> Tree | None:
        """What is above *code* and directly below it, without one what stands at the top; None for a code that is not."""
        answer = tree(self._view, self.id, code_of(code), self.version.label)
        return answer.value if isinstance(answer, Found) else None


class Map(_Held):
    """One version of a map. `len` counts its entries, iterating gives them by source, then in order."""

    def __iter__(self) -> Iterator[MapEntry]:
        return self._map.entries()

    @property
    def _map(self) -> MapSnapshot:
        return snapshot_of(self._edition)

    @property
    def between(self) -> ConceptMap:
        """What the map is between."""
        return self._map.concept_map

    def entries_from(self, source: str) -> list[MapEntry]:
        """The entries of the code *source*, in their order."""
        return self._map.entries_from(code_of(source))

    def entries_to(self, target: str) -> list[MapEntry]:
        """The entries whose target is the code *target*, by source."""
        return self._map.entries_to(code_of(target))


def code_of(code: str) -> str:
    """*code*, blanks around it aside, as codes are matched. Raises: MalformedParameterError for what is no text."""
    return text_of(code, field="code").strip()


def held_terminology(
    view: View, terminology_id: str, label: str | None, as_of: dt.datetime | None
) -> Terminology | UnknownTerminology | UnknownVersion:
    """The version that `edition_of` finds; it is opened when it is first asked."""
    edition = edition_of(view, terminology_id, label, as_of)
    return Terminology(view, edition) if isinstance(edition, Edition) else edition


def held_map(
    view: View, map_id: str, label: str | None, as_of: dt.datetime | None
) -> Map | UnknownTerminology | UnknownVersion:
    """The version of a map, likewise."""
    found = view.map(map_id)
    if found is None:
        return UnknownTerminology(map_id)
    edition = edition_in(found, label, as_of)
    return Map(edition) if isinstance(edition, Edition) else edition


def there(answer: T | UnknownTerminology | UnknownVersion, kind: str) -> T:
    """What was found. Raises: NotPublishedError, which names what was not."""
    if isinstance(answer, UnknownTerminology):
        raise NotPublishedError(field=kind, message=f"{answer.terminology_id!r} is not on this shelf")
    if isinstance(answer, UnknownVersion):
        asked = f"version {answer.label!r}" if answer.as_of is None else f"version at {answer.as_of.isoformat()}"
        raise NotPublishedError(field=kind, message=f"{answer.terminology_id} has no {asked}")
    return answer


def _value(answer: Found[T] | UnknownCode | UnknownTerminology | UnknownVersion) -> T:
    assert isinstance(answer, Found), "what is held is there"
    return answer.value
