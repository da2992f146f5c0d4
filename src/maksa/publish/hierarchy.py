"""Whether the parents of a draft make a hierarchy: each is a concept of it, and none is above itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maksa.catalog import Draft
from maksa.model.ancestry import Ancestry
from maksa.model.concept import Concept
from maksa.model.errors import HierarchyError

_NAMED = 20  # codes that an error names


class Hierarchy:
    """The parents that went by in a draft's concepts. In memory: each code once, and eight bytes for each parent."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._numbers: dict[str, int] = {}
        self._here = bytearray()  # by number: 1 where a concept has the code, 0 where it was only named as a parent
        self._ancestry = Ancestry()

    def watched(self, drafted: Iterable[tuple[int, Concept]]) -> Iterator[tuple[int, Concept]]:
        """*drafted* as it is, seen."""
        for each in drafted:
            concept = each[1]
            child = self._number(concept.code)
            self._here[child] = 1
            for parent in concept.parents:
                self._ancestry.add(child, self._number(parent))
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
        if cycle := self._ancestry.cycle():
            self._refuse("a code is above itself", [codes[number] for number in cycle], " → ")

    def _refuse(self, reason: str, codes: list[str], joined_by: str) -> None:
        named = joined_by.join(codes[:_NAMED])
        more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
        draft = self._draft
        raise HierarchyError(terminology_id=draft.terminology_id, label=draft.label, reason=reason, codes=named + more)
