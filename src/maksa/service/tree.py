"""Where a code stands in its hierarchy: the way up, and what is directly below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from maksa.model.answers import Found, Unknown, UnknownCode
from maksa.model.tree import Above, Branch
from maksa.service.editions import edition_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View
from maksa.snapshot.tree import below, top


class Tree(Struct, frozen=True):
    """A concept in its hierarchy; without a code, the place above all tops. `branches` can be read once.

    `ancestors` come from the top down; where a concept has several parents, those of one depth by code.
    """

    code: str
    display: str
    ancestors: tuple[Above, ...]
    branches: Iterator[Branch]


def tree(
    view: View, terminology_id: str, code: str = "", label: str | None = None, as_of: dt.datetime | None = None
) -> Found[Tree] | Unknown:
    """What is above *code* and directly below it; the tops where no code is given. In the version that `edition_of` finds.

    Raises: SnapshotError.
    """
    edition = edition_of(view, terminology_id, label, as_of)
    if not isinstance(edition, Edition):
        return edition
    snapshot, code = edition.snapshot, code.strip()
    if not code:
        return Found(Tree("", "", (), top(snapshot)))
    display = snapshot.display(code)
    if display is None:
        return UnknownCode(edition.version.terminology_id, edition.version.label, code)
    return Found(Tree(code, display, tuple(_above(snapshot, code)), below(snapshot, code)))


def _above(snapshot: Snapshot, code: str) -> Iterator[Above]:
    for ancestor, depth in sorted(snapshot.ancestors(code), key=lambda pair: (-pair[1], pair[0])):
        yield Above(ancestor, snapshot.display(ancestor) or "", depth)
