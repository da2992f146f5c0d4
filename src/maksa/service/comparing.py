"""Two versions compared for people: how much of each kind, a page at a time. What is asked twice is found once.

Versions never change, so neither does what is between two of them: the codes of each kind are kept, for as many comparisons
as were asked last, and a page reads its own concepts only. A code takes its own length of memory and a byte.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock

from msgspec import Struct

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.difference import KINDS, Difference, Kind, differences
from maksa.model.terminology import Version
from maksa.service.editions import edition_of
from maksa.snapshot.difference import between
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View

Look = Callable[[Snapshot, Snapshot], Iterable[Difference]]

PAGE = 50  # differences of a page


class ComparedPage(Struct, frozen=True):
    """One page of one kind of difference, and how many there are of every kind.

    `kind` is the one that was asked for, else the first that there is any of; `number` counts from 1 to `pages`, which is
    at least 1. `differences` come by code.
    """

    earlier: Version
    later: Version
    counts: dict[Kind, int]
    kind: Kind
    number: int
    pages: int
    differences: tuple[Difference, ...]


class _Codes(Struct, frozen=True):
    """The codes of each kind, a page's joined by line ends: no code holds one."""

    counts: dict[Kind, int]
    pages: dict[Kind, list[str]]


class Comparisons:
    """What was found between versions lately. May be shared by threads; two that ask the same at once both look.

    Args:
        kept: how many comparisons.
        look: gives the differences of two snapshots, as `snapshot.difference.between` does.
    """

    def __init__(self, kept: int = 16, look: Look = between) -> None:
        self._most = kept
        self._look = look
        self._kept: OrderedDict[tuple[str, str], _Codes] = OrderedDict()
        self._lock = Lock()

    def page(
        self, view: View, terminology_id: str, earlier: str, later: str, kind: Kind | None = None, number: int = 1
    ) -> Found[ComparedPage] | UnknownTerminology | UnknownVersion:
        """The page *number* of what *later* has otherwise than *earlier*; one past the last is the last, below 1 the first.

        The first asking of a pair costs what `snapshot.difference.between` does. Raises: SnapshotError.
        """
        old, new = (edition_of(view, terminology_id, label) for label in (earlier, later))
        if not isinstance(old, Edition):
            return old
        if not isinstance(new, Edition):
            return new
        codes = self._codes(old, new)
        first = next((each for each in KINDS if codes.counts[each]), KINDS[0])
        shown: Kind = kind or first
        pages = codes.pages[shown] or [""]
        number = min(max(number, 1), len(pages))
        found = tuple(_on(pages[number - 1], shown, old.snapshot, new.snapshot))
        return Found(ComparedPage(old.version, new.version, codes.counts, shown, number, len(pages), found))

    def _codes(self, old: Edition, new: Edition) -> _Codes:
        pair = old.version.digest, new.version.digest
        with self._lock:
            if pair in self._kept:
                self._kept.move_to_end(pair)
                return self._kept[pair]
        codes = _counted(self._look(old.snapshot, new.snapshot))
        with self._lock:
            self._kept[pair] = codes
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return codes


def _counted(found: Iterable[Difference]) -> _Codes:
    pages: dict[Kind, list[str]] = {kind: [] for kind in KINDS}
    counts: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    waiting: dict[Kind, list[str]] = {kind: [] for kind in KINDS}
    for difference in found:
        kind = difference.kind
        counts[kind] += 1
        waiting[kind].append(difference.code)
        if len(waiting[kind]) == PAGE:
            pages[kind].append("\n".join(waiting[kind]))
            waiting[kind].clear()
    for kind, codes in waiting.items():
        if codes:
            pages[kind].append("\n".join(codes))
    return _Codes(counts, pages)


def _on(page: str, kind: Kind, old: Snapshot, new: Snapshot) -> list[Difference]:
    """The differences of *kind* of the codes on *page*."""
    pairs = ((old.concept(code), new.concept(code)) for code in page.split("\n"))
    return [each for pair in pairs for each in differences(*pair) if each.kind == kind]
