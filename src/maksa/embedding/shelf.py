"""`Shelf`: the verbs of `service` on what is published, for other people's programs."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

from maksa.embedding.holding import Map, Terminology, code_of, held_map, held_terminology, there
from maksa.embedding.opening import Source, Still, source_at
from maksa.home import Home
from maksa.model.answers import Found, Unknown, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import CodedText, Concept, FormerConcept, Match
from maksa.model.concept_map import Correspondence
from maksa.model.difference import Comparison, Kind
from maksa.model.errors import ShelfClosedError, SnapshotError
from maksa.model.feed import Cursor, Page
from maksa.model.terminology import Version
from maksa.service import changes, compare, history, lookup, search, since, translate, tree, validate, versions
from maksa.service.history import Event
from maksa.service.tree import Tree
from maksa.snapshot.reader import moment
from maksa.snapshot.shelf import View
from maksa.wire.texts import text_of
from maksa.wire.when import When, moment_of


class Changed(NamedTuple):
    """A concept that was created or changed, and when it last was (aware, UTC)."""

    code: str
    display: str
    changed: dt.datetime


class Shelf:
    """What is published, open for reading. Made by `open`; `close` or `with` ends it.

    Threads may share one: each question is answered from one manifest, and nothing is locked while it is. It stays as it
    was opened until `refresh`; or it follows by itself, where *follow_s* was given to `open`.

    Where a verb takes `version` and `at`, it asks the version of that label, or the one in force at that moment (the last
    one published at or before it), or, without either, the last one. A label says all: `at` beside it is not asked.
    Ids of terminologies match in any case.

    Every verb raises ShelfClosedError after `close`, SnapshotError for a damaged file, MalformedParameterError for an `at`
    or `since` that is no date, or a code that is no text. Codes match exactly, blanks around them aside.
    """

    def __init__(self, source: Source, path: Path, follow_s: float | None = None) -> None:
        self.path = path
        self._source: Source | None = source
        self._follow_s = follow_s
        self._look_at = monotonic() + (follow_s or 0)
        self._looking = threading.Lock()
        self._fault: SnapshotError | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None, *, follow_s: float | None = None) -> Self:
        """The shelf at *path*: a shelf's folder, a home that has one, or one snapshot file, which is a shelf of one version.

        Args:
            path: if not given, the home that MAKSA_HOME names, else ./maksa-home.
            follow_s: seconds; a question that comes that long after the last look takes up what was published since.
                A look costs 10 µs. One that fails leaves everything as it was, and is told by `faults`.

        Raises: NotAShelfError for what is none of the three; NotASnapshotError for a file that is no snapshot;
            FormatVersionError for one of a newer maksa; ManifestError, SnapshotError for what is damaged.
        """
        place = Home.of().path if path is None else Path(path)
        return cls(source_at(place), place, follow_s)

    def close(self) -> None:
        """Lets all files go. Iterators that were begun may be read to their end."""
        self._source = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Shelf {str(self.path)!r}{' closed' if self._source is None else ''}>"

    def refresh(self) -> bool:
        """Takes up what was published since; whether there was anything.

        Raises: ManifestError, FormatVersionError; everything is as before then.
        """
        with self._looking:
            return self._opened().refresh()

    def frozen(self) -> Shelf:
        """The shelf as it is now, for questions that must agree with one another whatever is published meanwhile."""
        return Shelf(Still(self._now()), self.path)

    def faults(self) -> list[SnapshotError]:
        """What was found wrong so far: damaged versions, and the last look for something new, if it failed."""
        return [*self._opened().faults(), *([self._fault] if self._fault else [])]

    def _opened(self) -> Source:
        if self._source is None:
            raise ShelfClosedError(path=str(self.path))
        return self._source

    def _now(self) -> View:
        """What is answered from: newer than before, where this shelf follows and it is time to look."""
        source = self._source or self._opened()
        if self._follow_s is not None and monotonic() >= self._look_at and self._looking.acquire(blocking=False):
            try:
                self._look_at = monotonic() + self._follow_s
                source.refresh()
                self._fault = None
            except SnapshotError as error:
                self._fault = error
            finally:
                self._looking.release()
        return source.view

    def terminologies(self, *, at: When | None = None) -> tuple[Terminology, ...]:
        """Every terminology in its version of *at*, else in its last one, in order of definition."""
        view, as_of = self._now(), _moment(at)
        asked = (held_terminology(view, each.id, None, as_of) for each in view.terminologies)
        return tuple(each for each in asked if isinstance(each, Terminology))

    def terminology(self, terminology_id: str, *, version: str | None = None, at: When | None = None) -> Terminology:
        """One version of a terminology to hold: to walk through, to count, to export.

        Raises: NotPublishedError, a LookupError, which says what there is not.
        """
        return there(held_terminology(self._now(), terminology_id, version, _moment(at)), "terminology")

    def maps(self, *, at: When | None = None) -> tuple[Map, ...]:
        """Every map, as `terminologies`."""
        view, as_of = self._now(), _moment(at)
        asked = (held_map(view, each.id, None, as_of) for each in view.maps)
        return tuple(each for each in asked if isinstance(each, Map))

    def map(self, map_id: str, *, version: str | None = None, at: When | None = None) -> Map:
        """One version of a map to hold. Raises: NotPublishedError."""
        return there(held_map(self._now(), map_id, version, _moment(at)), "map")

    def display_of(
        self, terminology_id: str, code: str, version: str | None = None, *, at: When | None = None
    ) -> Found[str] | Unknown:
        """The display of *code*: the least that can be asked, in microseconds."""
        return lookup.display_of(self._now(), terminology_id, code_of(code), version, _moment(at))

    def lookup(
        self, terminology_id: str, code: str, version: str | None = None, *, at: When | None = None
    ) -> Found[Concept] | Unknown:
        """All that is known of *code*: display, designations, properties, parents, status, dates."""
        return lookup.lookup(self._now(), terminology_id, code_of(code), version, _moment(at))

    def former_of(self, unknown: UnknownCode) -> FormerConcept | None:
        """What a code was that its version has no more; None for one that no version before it had."""
        return lookup.former_of(self._now(), unknown)

    def validate_code(
        self,
        terminology_id: str,
        code: str,
        display: str,
        version: str | None = None,
        *,
        at: When | None = None,
        exact: bool = False,
    ) -> Found[bool] | UnknownTerminology | UnknownVersion:
        """Whether *code* has this *display*, compared as the same text typed on another keyboard, or *exact*ly."""
        text = CodedText(terminology_id, code_of(code), display)
        return validate.validate_code(self._now(), text, version, exact=exact, as_of=_moment(at))

    def search(
        self,
        text: str,
        terminology_id: str | None = None,
        version: str | None = None,
        *,
        at: When | None = None,
        limit: int = 20,
    ) -> Found[list[Match]] | UnknownTerminology | UnknownVersion:
        """The best *limit* concepts of a terminology, else of all, with a word that begins with each word of *text*.

        The code itself first, then short wordings first, then beginnings of codes. The list may be empty.
        """
        as_of, text = _moment(at), text_of(text, field="text")
        return search.search(self._now(), text, terminology_id, limit=limit, label=version, as_of=as_of)

    def concepts_since(
        self, terminology_id: str, since_when: When, version: str | None = None, *, at: When | None = None
    ) -> Found[Iterator[Changed]] | UnknownTerminology | UnknownVersion:
        """The concepts created or changed at or after *since_when*, by change, then by code; to be read once."""
        moment_asked = moment_of(since_when, field="since_when")
        answer = since.concepts_since(self._now(), terminology_id, moment_asked, version, _moment(at))
        if not isinstance(answer, Found):
            return answer
        return Found(Changed(code, display, moment(changed)) for code, display, changed in answer.value)

    def terminologies_since(self, since_when: When, *, at: When | None = None) -> list[str]:
        """The ids of the terminologies first published at or after *since_when*, in order of definition."""
        return since.terminologies_since(self._now(), moment_of(since_when, field="since_when"), _moment(at))

    def versions(self, terminology_id: str) -> Found[tuple[Version, ...]] | UnknownTerminology:
        """Every version in order of publication: the last one answers where none is named."""
        return versions.versions(self._now(), terminology_id)

    def compare(
        self, terminology_id: str, earlier: str, later: str, *, kinds: Collection[Kind] = ()
    ) -> Found[Comparison] | UnknownTerminology | UnknownVersion:
        """What the version *later* has otherwise than *earlier*, by code; to be read once, its `counts` are full then."""
        return compare.compare(self._now(), terminology_id, earlier, later, kinds=kinds)

    def history(self, terminology_id: str, code: str) -> Found[list[Event]] | UnknownTerminology | UnknownCode:
        """What became of *code* over all versions, oldest first."""
        return history.history(self._now(), terminology_id, code_of(code))

    def changes_since(self, since_when: When, *, after: Cursor | None = None, limit: int = 100) -> Page:
        """The first *limit* changes of all terminologies at or after *since_when*, that come *after* the last page's `cursor`."""
        moment_asked = moment_of(since_when, field="since_when")
        return changes.changes_since(self._now(), moment_asked, after=after, limit=limit)

    def tree(
        self, terminology_id: str, code: str = "", version: str | None = None, *, at: When | None = None
    ) -> Found[Tree] | Unknown:
        """What is above *code*, from the top down, and directly below it; without a code what stands at the top."""
        return tree.tree(self._now(), terminology_id, code_of(code), version, _moment(at))

    def translate(
        self, terminology_id: str, code: str, to: str, *, at: When | None = None
    ) -> Found[list[Correspondence]] | UnknownTerminology:
        """What corresponds to *code* in the terminology *to*, by every map between the two, whichever way it was made."""
        return translate.translate(self._now(), terminology_id, code_of(code), to, as_of=_moment(at))


def _moment(at: When | None) -> dt.datetime | None:
    return None if at is None else moment_of(at, field="at")
