"""Changes done to concepts in their order, each judged by what the ones before it have left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from maksa.loaders.gathering import Gathering
from maksa.model.change import Action, Change
from maksa.model.concept import Concept, Designation
from maksa.model.folding import language_of


class Applying:
    """The changes of one file, done one after another to the *concepts* of a draft that they name.

    Whether a parent is there, and whether a retired code leaves children behind, is asked when all are done: a later row
    may bring the one or move the others.

    Args:
        columns: the header of each role, for findings.
    """

    def __init__(self, concepts: Mapping[str, Concept], gathering: Gathering, columns: Mapping[str, str]) -> None:
        self._before = concepts
        self._after: dict[str, Concept | None] = {}
        self._gathering = gathering
        self._columns = columns
        self._parents: list[Change] = []
        self._retired: dict[str, Change] = {}
        self._done: dict[Action, Callable[[Change, Concept], Concept | None]] = {
            "relabel": self._relabelled,
            "move": self._moved,
            "retire": self._gone,
            "add-designation": self._designated,
        }

    def apply(self, change: Change) -> None:
        """Does *change*, or refuses its row."""
        now = self._now(change.code)
        if change.action == "add":
            if now is not None:
                self._refuse("code-exists", change, "code", change.code, display=now.display)
            elif self._has_display(change):
                self._after[change.code] = self._moved(change, Concept(change.code, change.display, change.language))
        elif now is None:
            self._refuse("code-not-there", change, "code", change.code)
        else:
            self._after[change.code] = self._done[change.action](change, now)

    def _now(self, code: str) -> Concept | None:
        return self._after[code] if code in self._after else self._before.get(code)

    def _relabelled(self, change: Change, now: Concept) -> Concept:
        if not self._has_display(change):
            return now
        if now.display == change.display:
            self._warn(change, "display", change.display)
        return replace(now, display=change.display, language=change.language or language_of(change.display))

    def _moved(self, change: Change, now: Concept) -> Concept:
        parents = (change.parent,) if change.parent else ()
        if change.parent == change.code:
            self._refuse("own-parent", change, "parent", change.parent)
        elif change.parent:
            self._parents.append(change)
        if change.action == "move" and now.parents == parents:
            self._warn(change, "parent", change.parent)
        return replace(now, parents=parents)

    def _gone(self, change: Change, _now: Concept) -> None:
        self._retired[change.code] = change

    def _designated(self, change: Change, now: Concept) -> Concept:
        if not self._has_display(change):
            return now
        language = change.language or language_of(change.display)
        wording = Designation(language, change.display, change.use or "synonym")
        if wording in now.designations:
            self._warn(change, "display", change.display)
            return now
        return replace(now, designations=(*now.designations, wording))

    def _has_display(self, change: Change) -> bool:
        if not change.display:
            self._refuse("blank-display", change, "display", "", code=change.code)
        return bool(change.display)

    def finished(self, children: Mapping[str, Sequence[str]]) -> dict[str, Concept | None]:
        """What each changed code is now, None where it is retired; *children* are the codes below those."""
        for change in self._parents:
            if self._now(change.parent) is None and self._is_still_under(change.code, change.parent):
                self._refuse("parent-not-there", change, "parent", change.parent, code=change.code)
        for code, change in self._retired.items():
            left = [child for child in children.get(code, ()) if self._stays_under(child, code)]
            if self._after[code] is None and left:
                self._refuse("children-left", change, "code", code, children=", ".join(left[:5]), number=len(left))
        return self._after

    def _is_still_under(self, code: str, parent: str) -> bool:
        now = self._now(code)
        return now is not None and parent in now.parents

    def _stays_under(self, child: str, code: str) -> bool:
        """Whether the *child* in the draft is still below *code*: one that no row names is where it was."""
        return child not in self._after or self._is_still_under(child, code)

    def _refuse(self, slug: str, change: Change, role: str, value: str, **facts: str | int) -> None:
        self._gathering.refuse(slug, row=change.row, column=self._columns.get(role, role), value=value, **facts)

    def _warn(self, change: Change, role: str, value: str) -> None:
        column = self._columns.get(role, role)
        self._gathering.add("no-effect", row=change.row, column=column, value=value, code=change.code)
