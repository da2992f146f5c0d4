"""Hierarchy by code prefix, for lists whose codes grow with each level: A, A02, A02B, A02BC, A02BC01."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.table.history import EXAMPLES
from maksa.model.concept import Concept
from maksa.model.reasons import ReasonedError

_NAME = "prefix"
_LONGEST = 200  # characters; no code is longer


@dataclass(frozen=True, slots=True)
class PrefixHierarchy:
    """How a parent is read from a code. `lengths` are those of the levels, ascending; without them any prefix may be one.

    Give the lengths where codes of one level differ in length, as in 1.2.1 and 1.2.10, of which neither is above the other.
    """

    lengths: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> PrefixHierarchy:
        """The hierarchy that an operator writes as "prefix" or "prefix:1,3,4,5". Raises: ValueError, in words."""
        name, colon, listed = text.strip().partition(":")
        if name != _NAME or bool(colon) != bool(listed):
            raise ReasonedError(reason("no-hierarchy", text=text))
        parts = [part.strip() for part in listed.split(",")] if listed else []
        if not all(part.isascii() and part.isdecimal() and 0 < int(part) <= _LONGEST for part in parts):
            raise ReasonedError(reason("length-no-number", text=listed, longest=_LONGEST))
        lengths = tuple(map(int, parts))
        if list(lengths) != sorted(set(lengths)):
            raise ReasonedError(reason("lengths-order", text=listed))
        return cls(lengths)

    def __str__(self) -> str:
        return f"{_NAME}:{','.join(map(str, self.lengths))}" if self.lengths else _NAME

    def parent(self, code: str, codes: Container[str]) -> str:
        """The longest prefix of *code*, of a level's length, that is one of *codes*; "" where none is."""
        lengths = self.lengths or range(1, len(code))
        return next(
            (code[:length] for length in reversed(lengths) if length < len(code) and code[:length] in codes), ""
        )

    def expected(self, code: str) -> str:
        """The code one level up, whether it is there or not; "" for one of the top, and where no lengths are given."""
        above = [length for length in self.lengths if length < len(code)]
        return code[: above[-1]] if above else ""


def parented(
    concepts: Iterable[Concept], codes: Container[str], hierarchy: PrefixHierarchy, gathering: Gathering
) -> Iterator[Concept]:
    """The *concepts*, each with its parent by prefix; how many have none one level up is said in one finding at the end.

    Args:
        codes: every code that is kept.
    """
    count = 0
    examples: list[str] = []
    for concept in concepts:
        parent = hierarchy.parent(concept.code, codes)
        if (expected := hierarchy.expected(concept.code)) and expected != parent:
            count += 1
            if len(examples) < EXAMPLES:
                examples.append(f"{concept.code} ({expected})")
        yield replace(concept, parents=(parent,)) if parent else concept
    if count:
        shown = ", ".join(examples) + (", …" if count > EXAMPLES else "")
        gathering.add("level-missing", value=examples[0].partition(" ")[0], count=count, examples=shown)
