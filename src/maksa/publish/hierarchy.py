"""Whether the parents of a draft make a hierarchy: each is a concept of it, and none is above itself."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from maksa.catalog import Draft
from maksa.model.concept import Concept
from maksa.model.errors import HierarchyError

_NAMED = 20  # codes that an error names


class Hierarchy:
    """The parents that went by in a draft's concepts. In memory: each code once, and eight bytes for each parent."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._numbers: dict[str, int] = {}
        self._here = bytearray()  # by number: 1 where a concept has the code, 0 where it was only named as a parent
        self._children = array("i")
        self._parents = array("i")

    def watched(self, drafted: Iterable[tuple[int, Concept]]) -> Iterator[tuple[int, Concept]]:
        """*drafted* as it is, seen."""
        for each in drafted:
            concept = each[1]
            child = self._number(concept.code)
            self._here[child] = 1
            for parent in concept.parents:
                self._children.append(child)
                self._parents.append(self._number(parent))
            yield each

    def _number(self, code: str) -> int:
        number = self._numbers.setdefault(code, len(self._here))
        if number == len(self._here):
            self._here.append(0)
        return number

    def check(self) -> None:
        """Returns where the hierarchy is one. Raises: HierarchyError, with the codes."""
        codes = list(self._numbers)
        if unknown := [codes[number] for number, here in enumerate(self._here) if not here]:
            self._refuse("no such parent", sorted(unknown), ", ")
        if cycle := self._cycle():
            self._refuse("a code is above itself", [codes[number] for number in cycle], " → ")

    def _refuse(self, reason: str, codes: list[str], joined_by: str) -> None:
        named = joined_by.join(codes[:_NAMED])
        more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
        draft = self._draft
        raise HierarchyError(terminology_id=draft.terminology_id, label=draft.label, reason=reason, codes=named + more)

    def _cycle(self) -> list[int]:
        """The numbers around one cycle, its first again at its end; empty where there is none."""
        above = self._never_topped()
        if not above:
            return []
        number = next(iter(above))
        walked: dict[int, int] = {}
        while number not in walked:
            walked[number] = len(walked)
            number = above[number]
        return [*list(walked)[walked[number] :], number]

    def _never_topped(self) -> dict[int, int]:
        """A parent of each concept from which no way leads up to a top: all of them are on a cycle or below one.

        Tops are taken away, then those that are tops without them, until nothing more goes.
        """
        waiting, first, below = self._by_parent()
        tops = [number for number, parents in enumerate(waiting) if not parents]
        while tops:
            top = tops.pop()
            for place in range(first[top], first[top + 1]):
                waiting[below[place]] -= 1
                if not waiting[below[place]]:
                    tops.append(below[place])
        return {
            child: parent
            for child, parent in zip(self._children, self._parents, strict=True)
            if waiting[child] and waiting[parent]
        }

    def _by_parent(self) -> tuple[array[int], array[int], array[int]]:
        """How many parents each number has; and its children, which are `below[first[n]:first[n + 1]]`."""
        size = len(self._here)
        waiting, first = array("i", bytes(4 * size)), array("i", bytes(4 * (size + 2)))
        for child, parent in zip(self._children, self._parents, strict=True):
            waiting[child] += 1
            first[parent + 2] += 1
        for number in range(2, size + 2):
            first[number] += first[number - 1]
        below = array("i", bytes(4 * len(self._children)))
        for child, parent in zip(self._children, self._parents, strict=True):
            below[first[parent + 1]] = child
            first[parent + 1] += 1
        return waiting, first, below
