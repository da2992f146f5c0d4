"""Which codes a text is the wording of: displays and designations, found whole.

A few questions go to the search index. A file full of wrong codes asks thousands: then every wording's sum is laid out in
memory, eight bytes each, and a question is a bisection and a look-up, a hundred times quicker.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left

from msgspec import Struct

from maksa.check.likeness import joined, letters_of
from maksa.model.folding import HALF_SPACES
from maksa.snapshot.probing import half_spaced, numbered, wordings
from maksa.snapshot.reader import Snapshot

_SMALL = 20_000  # concepts: a list of so many is laid out at the first question, in a fifth of a second
_SEARCHES = 1_000  # of a larger list before it is laid out: both take some seconds for a million wordings
_LOOKED_AT = 20  # rows of a search among which the same text is looked for
_WORDS = 12  # of a text that is searched; the texts are compared whole afterwards
_NUMBER_BITS = 28
_SUM_MASK = (1 << 36) - 1


class Wording(Struct, frozen=True, gc=False):
    """A code that was found by a text: by its display, or by another wording of it."""

    code: str
    display: str
    is_display: bool


class Wordings:
    """The wordings of one version, asked by whole texts. Threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sums: array[int] | None = None
        self._patience = 0 if snapshot.version.concepts <= _SMALL else _SEARCHES
        self._lock = threading.Lock()

    def of(self, text: str) -> list[Wording]:
        """The codes that *text* is a wording of, by its letters; those whose display it is first, then by code."""
        letters = letters_of(text)
        if not letters:
            return []
        if self._sums is None and self._patience <= 0:
            self._lay_out()
        found = self._searched(text, letters) if self._sums is None else self._summed(self._sums, letters)
        return sorted(found, key=lambda each: (not each.is_display, each.code))

    def _searched(self, text: str, letters: str) -> list[Wording]:
        self._patience -= 1
        asked = " ".join(text.split()[:_WORDS])
        return [
            Wording(match.code, match.display, letters_of(match.display) == letters)
            for match in self._snapshot.search(asked, _LOOKED_AT)
            if letters_of(match.matched) == letters
        ]

    def _summed(self, sums: array[int], letters: str) -> list[Wording]:
        first = _key(letters, 0)
        numbers: list[int] = []
        for place in range(bisect_left(sums, first), len(sums)):
            if sums[place] >> _NUMBER_BITS != first >> _NUMBER_BITS or len(numbers) == _LOOKED_AT:
                break
            numbers.append(sums[place] - first)
        found = numbered(self._snapshot, list(dict.fromkeys(numbers)))
        return [Wording(code, display, letters_of(display) == letters) for code, display in found]

    def _lay_out(self) -> None:
        """Two texts of one sum in 36 bits are a rare mistake of one suggestion, and never of a correction."""
        with self._lock:
            if self._sums is None:
                sums = array("Q", (_key(joined(words), number) for number, words in wordings(self._snapshot)))
                sums.extend(_key(letters_of(text), number) for number, text in half_spaced(self._snapshot, HALF_SPACES))
                self._sums = array("Q", sorted(sums))


def _key(letters: str, number: int) -> int:
    return ((hash(letters) & _SUM_MASK) << _NUMBER_BITS) + number
