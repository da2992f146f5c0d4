"""Who is above whom, by number: whether that is a hierarchy, and all that is above each. Pure; numbers are small and dense.

Eight bytes for each pair of child and parent, and as much again while a question is answered: a million pairs take 16 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import accumulate, pairwise

Above = tuple[int, list[int], list[int]]
"""A number, what is above it in order, and the depth of each of these: lists, for a tuple of each pair would cost as much again."""


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

    def closure(self) -> Iterator[Above]:
        """All that is above each number that has a parent, by number.

        Depth is the shortest way up, from 1. One number's ancestors are all that is held at a time. A number on a
        cycle is among its own ancestors.
        """
        first, above = self._listed(self._children, self._parents)
        has_one_each = all(end - start < 2 for start, end in pairwise(first))
        walks = self._lone_ways(first, above) if has_one_each else self._ways(first, above)
        for number, depths in walks:
            ancestors = sorted(depths)
            yield number, ancestors, list(map(depths.__getitem__, ancestors))

    def _lone_ways(self, first: array[int], above: array[int]) -> Iterator[tuple[int, dict[int, int]]]:
        """(number, depth of each ancestor) where nothing has two parents: one way up, with nothing to gather on it."""
        parents = array("i", (above[start] if start < end else -1 for start, end in pairwise(first)))
        for number in range(self._size):
            depths: dict[int, int] = {}
            depth, parent = 0, parents[number]
            while parent >= 0 and parent not in depths:
                depth += 1
                depths[parent] = depth
                parent = parents[parent]
            if depths:
                yield number, depths

    def _ways(self, first: array[int], above: array[int]) -> Iterator[tuple[int, dict[int, int]]]:
        """The same of any hierarchy: level by level, so that the first way to an ancestor is the shortest."""
        for number in range(self._size):
            level: list[int] = above[first[number] : first[number + 1]].tolist()
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
            if depths:
                yield number, depths

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
