"""Finding a concept by words or by the beginning of its code, in one terminology or in all."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.concept import Match
from maksa.model.digits import latin_digits
from maksa.model.errors import SnapshotError
from maksa.model.folding import language_of
from maksa.model.registry import pair_of
from maksa.model.terminology import key_of
from maksa.service.editions import edition_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View

_EXACT = 0  # ranks of wordings begin at 1
_PREFIX = 1 << 62


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
    A pair (the same codes in two languages) is searched as one: asked of the one, wordings of the other find too, beside
    the display of the one that was asked; asked of all, a concept comes once, from the one whose wording is the better.
    The list may be empty. A damaged version is left out of a search over all (its edition has the fault), and so is the
    other of a pair; asked by name it is said. Raises: SnapshotError.
    """
    if terminology_id is None:
        asked = (edition_of(view, terminology.id, as_of=as_of) for terminology in view.terminologies)
        lists = _in_all(list(_sound(asked)), text, limit)
    else:
        edition = edition_of(view, terminology_id, label, as_of)
        if not isinstance(edition, Edition):
            return edition
        other = next(_sound([_pair(view, edition, label, as_of)]), None)
        lists = _in_pair(edition.snapshot, other, text, limit)
    return Found(list(islice(_once(heapq.merge(*lists, key=_merging_key)), limit)))


class Group(Struct, frozen=True):
    """What a search found in one terminology, best first; `more` says whether it has others that are not here.

    `heard` is what was likely meant, where nothing was found by what was asked; else "".
    """

    terminology_id: str
    matches: tuple[Match, ...]
    more: bool
    heard: str = ""


def search_each(view: View, text: str, *, limit: int = 5) -> list[Group]:
    """The best *limit* concepts of every terminology that has any for *text*, the terminology with the best one first.

    Otherwise as `search` over all: a pair's concept comes once, damaged versions are left out.
    """
    lists = _in_all(list(_sound(each.last for each in view.terminologies)), text, limit + 1)
    found: dict[str, list[Match]] = {}
    for match in _once(heapq.merge(*lists, key=_merging_key)):
        found.setdefault(match.terminology_id, []).append(match)
    return [Group(each, tuple(matches[:limit]), len(matches) > limit) for each, matches in found.items()]


def _sound(editions: Iterable[Edition | object]) -> Iterator[Snapshot]:
    for edition in editions:
        with suppress(SnapshotError):
            if isinstance(edition, Edition):
                yield edition.snapshot


def _in_all(snapshots: list[Snapshot], text: str, limit: int) -> list[list[Match]]:
    by_key = {key_of(snapshot.version.terminology_id): snapshot for snapshot in snapshots}
    others = [by_key.get(key_of(pair_of(key))) for key in by_key]
    return [
        [_told(match, other) for match in _in_one(snapshot, text, limit)]
        for snapshot, other in zip(snapshots, others, strict=True)
    ]


def _pair(
    view: View, edition: Edition, label: str | None, as_of: dt.datetime | None
) -> Edition | UnknownTerminology | UnknownVersion:
    """The other of a pair for a search in *edition*: the version of the same *label* if it has one."""
    other = pair_of(edition.version.terminology_id)
    alike = edition_of(view, other, label, as_of)
    return edition_of(view, other, as_of=as_of) if isinstance(alike, UnknownVersion) else alike


def _in_pair(snapshot: Snapshot, other: Snapshot | None, text: str, limit: int) -> list[list[Match]]:
    own = [_told(match, other) for match in _in_one(snapshot, text, limit)]
    return [own, list(_through(snapshot, other, text, limit))] if other else [own]


def _through(snapshot: Snapshot, other: Snapshot, text: str, limit: int) -> Iterator[Match]:
    """What the wordings of *other* find, as concepts of *snapshot*; codes that only *other* has are no answer."""
    mine, theirs = snapshot.version.terminology_id, other.version.terminology_id
    for match in _in_one(other, text, limit):
        display = snapshot.display(match.code)
        if display is not None:
            yield replace(match, terminology_id=mine, display=display, pair=theirs)


def _told(match: Match, other: Snapshot | None) -> Match:
    """*match*, with the other of the pair named if it has the code."""
    if other is None or other.display(match.code) is None:
        return match
    return replace(match, pair=other.version.terminology_id)


def _once(matches: Iterable[Match]) -> Iterator[Match]:
    """Each concept once, the first time, whichever of a pair it comes from."""
    seen: set[tuple[str, str]] = set()
    for match in matches:
        if seen.isdisjoint([(match.terminology_id, match.code), (match.pair, match.code)]):
            seen.add((match.terminology_id, match.code))
            yield match


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
    latin = latin_digits(text)
    for prefix in dict.fromkeys((text, latin, latin.upper())):
        for code, display, status in snapshot.codes_from(prefix, limit):
            rank = _EXACT if code == prefix else _PREFIX
            yield Match(snapshot.version.terminology_id, code, display, code, language_of(display), rank, status=status)


def _merging_key(match: Match) -> tuple[int, int]:
    """The code itself, then short wordings, then beginnings of codes."""
    return (0 if match.rank == _EXACT else 2 if match.rank == _PREFIX else 1, len(match.matched))
