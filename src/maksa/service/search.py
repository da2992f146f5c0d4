"""Finding a concept by words or by the beginning of its code, in one terminology or in all."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator
from contextlib import suppress

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.concept import Match
from maksa.model.errors import SnapshotError
from maksa.model.folding import language_of
from maksa.service.editions import edition_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View

_EXACT = 0  # ranks of wordings begin at 1
_PREFIX = 1 << 62
_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


def search(
    view: View,
    text: str,
    terminology_id: str | None = None,
    *,
    limit: int = 20,
    label: str | None = None,
    as_of: dt.datetime | None = None,
) -> Found[list[Match]] | UnknownTerminology | UnknownVersion:
    """The best *limit* concepts for *text*: the code itself first, then wordings that have each of its words as a prefix.

    Over all terminologies the lists are merged by length of the wording, short first; within one the order is its rank.
    Searched is the version that `edition_of` finds; over all terminologies, those that had one at *as_of*.
    The list may be empty. A damaged version is left out of a search over all (its edition has the fault); asked by name
    it is said. Raises: SnapshotError.
    """
    if terminology_id is None:
        asked = (edition_of(view, terminology.id, as_of=as_of) for terminology in view.terminologies)
        snapshots = _sound(edition for edition in asked if isinstance(edition, Edition))
    else:
        edition = edition_of(view, terminology_id, label, as_of)
        if not isinstance(edition, Edition):
            return edition
        snapshots = iter([edition.snapshot])
    lists = [list(_in_one(snapshot, text, limit)) for snapshot in snapshots]
    merged = lists[0] if len(lists) == 1 else heapq.merge(*lists, key=_merging_key)
    return Found([match for match, _ in zip(merged, range(limit), strict=False)])


def _sound(editions: Iterable[Edition]) -> Iterator[Snapshot]:
    for edition in editions:
        with suppress(SnapshotError):
            yield edition.snapshot


def _in_one(snapshot: Snapshot, text: str, limit: int) -> Iterator[Match]:
    """At most *limit* matches in one snapshot, each concept once: the code itself, then words, then beginnings of codes."""
    found: dict[str, Match] = {}
    codes = list(_by_code(snapshot, text.strip(), limit))
    exact = [match for match in codes if match.rank == _EXACT]
    for match in [*exact, *snapshot.search(text, limit), *codes]:
        found.setdefault(match.code, match)
    yield from list(found.values())[:limit]


def _by_code(snapshot: Snapshot, text: str, limit: int) -> Iterator[Match]:
    """Concepts whose code begins with *text*, as typed, in Latin digits, or in capitals."""
    if not text or " " in text:
        return
    latin = text.translate(_LATIN_DIGITS)
    for prefix in dict.fromkeys((text, latin, latin.upper())):
        for code, display in snapshot.codes_from(prefix, limit):
            rank = _EXACT if code == prefix else _PREFIX
            yield Match(snapshot.version.terminology_id, code, display, code, language_of(display), rank)


def _merging_key(match: Match) -> tuple[int, int]:
    """The code itself, then short wordings, then beginnings of codes."""
    return (0 if match.rank == _EXACT else 2 if match.rank == _PREFIX else 1, len(match.matched))
