"""Whether the parents of a draft make a hierarchy: none is above itself.

A parent that is no concept of the draft was a finding of its load and is no reason to refuse: an extension's parents may
stand in a list of another issuer. It leaves no row in the snapshot.
"""

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
        self._ancestry = Ancestry()

    def watched(self, drafted: Iterable[tuple[int, Concept]]) -> Iterator[tuple[int, Concept]]:
        """*drafted* as it is, seen."""
        for each in drafted:
            concept = each[1]
            child = self._number(concept.code)
            for parent in concept.parents:
                self._ancestry.add(child, self._number(parent))
            yield each

    def _number(self, code: str) -> int:
        return self._numbers.setdefault(code, len(self._numbers))

    def check(self) -> None:
        """Returns where the hierarchy is one. Raises: HierarchyError, with the codes."""
        if cycle := self._ancestry.cycle():
            codes = list(self._numbers)
            self._refuse("a code is above itself", [codes[number] for number in cycle])

    def _refuse(self, reason: str, codes: list[str]) -> None:
        named = " → ".join(codes[:_NAMED])
        more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
        draft = self._draft
        raise HierarchyError(terminology_id=draft.terminology_id, label=draft.label, reason=reason, codes=named + more)
