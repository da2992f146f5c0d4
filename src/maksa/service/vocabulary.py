"""The words of lists by their sound: what a list's own words are that begin with a skeleton, or with some letters.

Rules of this file:
- a list's words are learned from its index when they are first asked for, and kept while the version is open;
- no more is kept than there is room for: of a list its commonest words, of all lists those that were learned last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from heapq import nlargest
from operator import itemgetter
from threading import Lock
from weakref import WeakKeyDictionary

from msgspec import Struct

from maksa.model.sounding import bones, sounds
from maksa.snapshot.reader import Snapshot

_KNOWN, _KEPT = 100_000, 400_000  # words of a list, and of all that a worker keeps: 90 MB at the most
_SHORTEST = 2  # consonants of a word that is known by its sound
_LOOKED_AT = 400  # words of one beginning


class Vocabulary(Struct, frozen=True):
    """The words of a list in the order of their skeletons, `skeletons[n]` being that of `words[n]`, and how common each is."""

    skeletons: list[str]
    words: list[str]
    counts: list[int]
    spellings: list[str]  # every word, those without a sound too, in their own order
    sounds: frozenset[str]  # the skeletons

    def has(self, beginning: str) -> bool:
        """Whether a word begins so."""
        place = bisect_left(self.spellings, beginning)
        return place < len(self.spellings) and self.spellings[place].startswith(beginning)

    def places(self, skeleton: str, *, is_whole: bool) -> Iterator[int]:
        """Places of the words whose skeleton begins with *skeleton*, or is it; of very many the first."""
        place = bisect_left(self.skeletons, skeleton)
        for each in range(place, min(place + _LOOKED_AT, len(self.skeletons))):
            other = self.skeletons[each]
            if other != skeleton if is_whole else not other.startswith(skeleton):
                return
            yield each


class Vocabularies:
    """Those of the lists that were asked last, of at most *most* words in all. May be shared by threads."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Snapshot, Vocabulary] = WeakKeyDictionary()
        self._lock = Lock()

    @property
    def words(self) -> int:
        """How many are kept."""
        return sum(len(each.spellings) for each in self._kept.values())

    def of(self, snapshot: Snapshot) -> Vocabulary:
        """The words of *snapshot*, learned where they are not kept; those that were learned first make room."""
        known = self._kept.get(snapshot)
        if known is None:
            known = _made(snapshot.words())
            with self._lock:
                while self._kept and self.words + len(known.spellings) > self._most:
                    self._kept.pop(next(iter(self._kept)), None)
                self._kept[snapshot] = known
        return known


def _made(counted: Iterable[tuple[str, int]]) -> Vocabulary:
    common = nlargest(_KNOWN, counted, key=itemgetter(1))
    spoken = ((bones(sounds(word)), word, count) for word, count in common if word.isalpha())
    ordered = sorted(each for each in spoken if len(each[0]) >= _SHORTEST)
    return Vocabulary(
        [skeleton for skeleton, _, _ in ordered],
        [word for _, word, _ in ordered],
        [count for _, _, count in ordered],
        sorted(word for word, _ in common),
        frozenset(skeleton for skeleton, _, _ in ordered),
    )
