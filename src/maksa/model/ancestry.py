"""Who is above whom, by number: whether that is a hierarchy, and all that is above each. Pure; numbers are small and dense.

Eight bytes for each pair of child and parent, and as much again while a question is answered: a million pairs take 16 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import accumulate


class Ancestry:
    """Pairs of a child and its parent, added in any order; the same pair may come twice."""

    def __init__(self) -> None:
        self._children = array("i")
        self._parents = array("i")
        self._size = 0  # one past the greatest number

    def __len__(self) -> int:
        return len(self._children)

    def add(self, child: int, parent: int) -> None:
        """Notes that *parent* is directly above *child*; numbers start at 0."""
        self._children.append(child)
        self._parents.append(parent)
        self._size = max(self._size, child + 1, parent + 1)

    def cycle(self) -> list[int]:
        """The numbers around one cycle, each followed by a parent of it, the first again at the end; empty where there is none."""
        above = self._never_topped()
        if not above:
            return []
        number = next(iter(above))
        walked: dict[int, int] = {}
        while number not in walked:
            walked[number] = len(walked)
            number = above[number]
        return [*list(walked)[walked[number] :], number]

    def closure(self) -> Iterator[tuple[int, int, int]]:
        """(descendant, ancestor, depth) for every pair of the closure once, by descendant, then ancestor.

        Depth is the shortest way up, from 1. One descendant's ancestors are all that is held at a time. A number on a
        cycle is among its own ancestors.
        """
        first, above = self._listed(self._children, self._parents)
        for number in range(self._size):
            level: list[int] = above[first[number] : first[number + 1]].tolist()
            if not level:
                continue
            depths, depth = dict.fromkeys(level, 1), 1
            while level:
                depth += 1
                higher: list[int] = []
                for parent in level:
                    for ancestor in above[first[parent] : first[parent + 1]]:
                        if ancestor not in depths:
                            depths[ancestor] = depth
                            higher.append(ancestor)
                level = higher
            for ancestor in sorted(depths):
                yield number, ancestor, depths[ancestor]

    def _never_topped(self) -> dict[int, int]:
        """A parent of each number from which no way leads up to a top: all of them are on a cycle or below one.

        Tops are taken away, then those that are tops without them, until nothing more goes.
        """
        waiting = array("i", bytes(4 * self._size))
        for child in self._children:
            waiting[child] += 1
        first, below = self._listed(self._parents, self._children)
        tops = [number for number, parents in enumerate(waiting) if not parents]
        while tops:
            top = tops.pop()
            for child in below[first[top] : first[top + 1]]:
                waiting[child] -= 1
                if not waiting[child]:
                    tops.append(child)
        return {
            child: parent
            for child, parent in zip(self._children, self._parents, strict=True)
            if waiting[child] and waiting[parent]
        }

    def _listed(self, keys: array[int], values: array[int]) -> tuple[array[int], array[int]]:
        """The values of each key, in the order they were added: those of n are `listed[first[n]:first[n + 1]]`."""
        counts = array("i", bytes(4 * (self._size + 2)))
        for key in keys:
            counts[key + 2] += 1
        first = array("i", accumulate(counts))
        listed = array("i", bytes(4 * len(keys)))
        for key, value in zip(keys, values, strict=True):
            listed[first[key + 1]] = value
            first[key + 1] += 1
        return first, listed
