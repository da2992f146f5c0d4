"""Codes that ClaML does not list but means: a class with each value of its modifiers.

F10 «due to use of alcohol» modified by «.0 acute intoxication» is F10.0; with a second modifier the values of both are
combined, level by level: each combination stands below the one it was made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from maksa.loaders.claml.structure import Modification, ModifierClass, Structure
from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.model.concept import Concept, Property
from maksa.model.errors import FileUnreadableError

COMBINATIONS_LIMIT = 10_000  # of one class; the most in ICD-10 are some hundred
INHERITED = ("kind", "usage")  # properties that hold for each subdivision
_FIFTH = 5  # place


class _Made(NamedTuple):
    concept: Concept
    values: frozenset[tuple[str, str]]  # (modifier, code) of each value in it


class Combiner:
    """Makes the combinations of the classes of one structure; what cannot be combined becomes a finding."""

    def __init__(self, structure: Structure, gathering: Gathering) -> None:
        self._structure = structure
        self._gathering = gathering
        self._count = 0

    def combinations(self, concept: Concept) -> Iterator[Concept]:
        """The subdivisions of a class that has no class below it, those of one level before those of the next.

        Raises: FileUnreadableError where there are more than any classification has.
        """
        if not self._structure.is_leaf(concept.code):
            return
        level = [_Made(concept, frozenset())]
        for modifications in _levels(self._structure.modifications(concept.code)):
            if below := [made for above in level for each in modifications for made in self._below(above, each)]:
                self._check(concept, below)
                yield from (made.concept for made in below)
                level = below

    def finish(self) -> None:
        """Says how many codes were made."""
        if self._count:
            self._gathering.add("combined", count=self._count)

    def _check(self, concept: Concept, below: list[_Made]) -> None:
        self._count += len(below)
        if len(below) > COMBINATIONS_LIMIT:
            why = reason("combinations", code=concept.code, limit=COMBINATIONS_LIMIT)
            raise FileUnreadableError(file=self._gathering.report.file, **why.facts)

    def _below(self, above: _Made, modification: Modification) -> Iterator[_Made]:
        base = above.concept
        for value in self._values(base.code, modification):
            code = _joined(base.code, value.code, modification)
            if code is None:
                self._add("modifier-not-applied", base.code, modification.modifier)
                return
            if code not in self._structure.nodes and not value.not_after & above.values:
                yield _Made(_combined(base, code, value), above.values | {(value.modifier, value.code)})

    def _values(self, code: str, modification: Modification) -> list[ModifierClass]:
        values = self._structure.modifiers.get(modification.modifier, [])
        if not values:
            self._add("unknown-modifier", code, modification.modifier)
        return [each for each in values if not modification.valid or each.code in modification.valid]

    def _add(self, slug: str, code: str, modifier: str) -> None:
        node = self._structure.nodes.get(code)
        self._gathering.add(slug, row=node.line if node else 0, column="ModifiedBy", value=modifier, code=code)


def _levels(modifications: list[Modification]) -> list[list[Modification]]:
    """The modifications by place: those of one place are alternatives. One whose place is not known is a level of its own."""
    grouped = (list(group) for _, group in groupby(modifications, key=lambda each: each.place))
    return [part for group in grouped for part in ([group] if group[0].place else [[each] for each in group])]


def _joined(code: str, suffix: str, modification: Modification) -> str | None:
    """The code with the value's behind it; None where a subdivision would follow a subdivision: E10.0 and .1.

    A value of the fifth place behind a code of three has an X between them (ICD-10, volume 2, 2.4.2).
    """
    if suffix.startswith(".") and "." in code:
        return None
    if modification.place == _FIFTH and "." not in code + suffix:
        return f"{code}.X{suffix}"
    return code + suffix


def _combined(base: Concept, code: str, value: ModifierClass) -> Concept:
    words = value.description
    named = Property("modifier", f"{value.modifier} {value.code}", "code")
    return Concept(
        code,
        f"{base.display}: {words.display}" if words.display else "",
        base.language,
        words.designations,
        (*(each for each in base.properties if each.name in INHERITED), named, *words.properties),
        (base.code,),
    )
