"""Finding a concept by words or by the beginning of its code, in one terminology or in all."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.concept import Match
from maksa.model.folding import language_of
from maksa.service.editions import edition_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View


def search(
    view: View, text: str, terminology_id: str | None = None, *, limit: int = 20, label: str | None = None
) -> Found[list[Match]] | UnknownTerminology | UnknownVersion:
    """The best *limit* concepts for *text*: the code itself first, then wordings that have each of its words as a prefix.

    Over all terminologies the lists are merged by length of the wording, short first; within one the order is its rank.
    The list may be empty. Raises: SnapshotError.
    """
    if terminology_id is None:
        editions = [terminology.last for terminology in view.terminologies]
    else:
        edition = edition_of(view, terminology_id, label)
        if not isinstance(edition, Edition):
            return edition
        editions = [edition]
    lists = [list(_in_one(edition.snapshot, text, limit)) for edition in editions if edition.fault is None]
    merged = lists[0] if len(lists) == 1 else heapq.merge(*lists, key=_merging_key)
    return Found([match for match, _ in zip(merged, range(limit), strict=False)])


def _in_one(snapshot: Snapshot, text: str, limit: int) -> Iterator[Match]:
    """At most *limit* matches in one snapshot: codes first, each concept once."""
    found = {match.code: match for match in _by_code(snapshot, text.strip(), limit)}
    if len(found) < limit:
        for match in snapshot.search(text, limit):
            found.setdefault(match.code, match)
    yield from list(found.values())[:limit]


def _by_code(snapshot: Snapshot, text: str, limit: int) -> Iterator[Match]:
    """Concepts whose code begins with *text*, as typed or in capitals; the code itself is the first of them."""
    if not text or " " in text:
        return
    for prefix in dict.fromkeys((text, text.upper())):
        for code, display in snapshot.codes_from(prefix, limit):
            yield Match(snapshot.version.terminology_id, code, display, code, language_of(display), 0)


def _merging_key(match: Match) -> tuple[bool, int]:
    return (match.rank > 0, len(match.matched))
