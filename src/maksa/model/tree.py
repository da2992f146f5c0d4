"""A place in a hierarchy, as one looks at it: what is above, what is directly below, and how much hangs there."""

from __future__ import annotations

from msgspec import Struct


class Branch(Struct, frozen=True, gc=False):
    """A concept directly below: `children` are how many are directly below it, `descendants` how many at any depth."""

    code: str
    display: str
    children: int
    descendants: int


class Above(Struct, frozen=True, gc=False):
    """A concept above. `depth` counts the shortest way up to it, from 1."""

    code: str
    display: str
    depth: int
