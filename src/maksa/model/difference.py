"""What sets one version of a terminology apart from another, code by code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal, get_args

from msgspec import Struct

from maksa.model.concept import Concept, Designation, Property

Kind = Literal["added", "retired", "relabelled", "moved", "status", "properties", "designations"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Facts = tuple[str, ...] | tuple[Property, ...] | tuple[Designation, ...]


class Difference(Struct, frozen=True, gc=False):
    """One thing in which the later of two versions differs from the earlier one.

    `before` is what the earlier one says and the later does not, `after` the reverse: displays (added, retired,
    relabelled), codes of parents (moved), statuses, properties or designations. `display` is the later one's, for a
    retired code the earlier one's. Order and repetition of properties, designations and parents are no difference.
    """

    kind: Kind
    code: str
    display: str
    before: Facts = ()
    after: Facts = ()


def differences(old: Concept | None, new: Concept | None) -> Iterator[Difference]:
    """What *new* has otherwise than *old*, a concept of the same code; None is one that a version has not.

    In the order of `KINDS`, at most one of each.
    """
    if old is None or new is None:
        yield from _appearance(old, new)
        return
    facts: tuple[tuple[Kind, Facts, Facts], ...] = (
        ("relabelled", (old.display,), (new.display,)),
        ("moved", old.parents, new.parents),
        ("status", (old.status,), (new.status,)),
        ("properties", old.properties, new.properties),
        ("designations", old.designations, new.designations),
    )
    for kind, before, after in facts:
        gone, come = _without(before, after), _without(after, before)
        if gone or come:
            yield Difference(kind, new.code, new.display, gone, come)


def _appearance(old: Concept | None, new: Concept | None) -> Iterator[Difference]:
    if new is not None:
        yield Difference("added", new.code, new.display, after=(new.display,))
    elif old is not None:
        yield Difference("retired", old.code, old.display, before=(old.display,))


def _without(these: Iterable[Any], those: Iterable[Any]) -> tuple[Any, ...]:
    """Those of *these* that are not among *those*, each once, in their order."""
    known = set(those)
    return tuple(dict.fromkeys(each for each in these if each not in known))


def merged(old: Iterable[Concept], new: Iterable[Concept]) -> Iterator[Difference]:
    """The differences between two lists of concepts that both come by code, each code once."""
    earlier, later = iter(old), iter(new)
    left, right = next(earlier, None), next(later, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.code < right.code):
            yield from differences(left, None)
            left = next(earlier, None)
        elif left is None or right.code < left.code:
            yield from differences(None, right)
            right = next(later, None)
        else:
            yield from differences(left, right)
            left, right = next(earlier, None), next(later, None)


class Comparison:
    """The differences between two versions, named by their labels; iterate it once, and `counts` is complete.

    Args:
        kinds: the kinds that are told and counted; all where none is named.
    """

    def __init__(
        self,
        terminology_id: str,
        earlier: str,
        later: str,
        differences: Iterable[Difference],
        kinds: Collection[Kind] = (),
    ) -> None:
        self.terminology_id = terminology_id
        self.earlier = earlier
        self.later = later
        self.counts: Counter[Kind] = Counter(dict.fromkeys(kinds or KINDS, 0))
        self._differences = differences

    def __iter__(self) -> Iterator[Difference]:
        for difference in self._differences:
            if difference.kind in self.counts:
                self.counts[difference.kind] += 1
                yield difference
