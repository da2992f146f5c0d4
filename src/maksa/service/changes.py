"""What changed since a date over all lists: new codes, other displays, codes that are no more."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from itertools import islice
from math import ceil

from maksa.model.feed import ChangeKind, CodeChange, Cursor, Page
from maksa.model.terminology import key_of
from maksa.service.editions import edition_of
from maksa.snapshot.reader import moment
from maksa.snapshot.shelf import Edition, Terminology, View

_Event = tuple[Cursor, CodeChange]
_Row = tuple[int, str, ChangeKind, str]


def changes_since(view: View, since: dt.datetime, *, after: Cursor | None = None, limit: int = 100) -> Page:
    """The first *limit* changes at or after *since*, of those that come after the place *after*.

    By date, then by terminology, then by code as text; each code once, with the last thing that happened to it. So a
    code that changes again while a caller turns pages comes later on again, and none is left out. A version published
    as of a past date has its place there: who keeps a cursor past that date does not see it.

    Args:
        since: aware; of a page that is not the first, the same as for the first.

    Raises: SnapshotError.
    """
    beginning = Cursor(ceil(since.timestamp()), "", "")
    first = max(after, beginning) if after else beginning
    merged = heapq.merge(*(_of_one(view, terminology, first) for terminology in view.terminologies))
    found = list(islice((event for event in merged if event[0] > first), limit + 1))
    shown = found[:limit]
    cursor = shown[-1][0] if shown else after
    return Page(since, tuple(change for _, change in shown), cursor, len(found) > limit)


def _of_one(view: View, terminology: Terminology, first: Cursor) -> Iterator[_Event]:
    """The changes of one terminology from the date of *first* on; from its code on where *first* is in this terminology."""
    key = key_of(terminology.id)
    from_code = first.code if first.key == key else ""
    snapshot = terminology.last.snapshot
    there: Iterator[_Row] = (
        (changed, code, "added" if created == changed else "relabelled", display)
        for code, display, created, changed in snapshot.changed_from(first.seconds, from_code)
    )
    gone: Iterator[_Row] = (
        (int(each.retired.timestamp()), each.code, "retired", each.display)
        for each in snapshot.retired_from(first.seconds, from_code)
    )
    for seconds, code, kind, display in heapq.merge(there, gone):
        at = moment(seconds)
        change = CodeChange(at, terminology.id, _label_at(view, terminology, at), kind, code, display)
        yield Cursor(seconds, key, code), change


def _label_at(view: View, terminology: Terminology, at: dt.datetime) -> str:
    edition = edition_of(view, terminology.id, as_of=at)
    assert isinstance(edition, Edition), "what a version changed, it changed when it was published"
    return edition.version.label
