"""What changed over all lists, in pages."""

from __future__ import annotations

import datetime as dt
from typing import Literal, NamedTuple

from msgspec import Struct


class Cursor(NamedTuple):
    """A place between two changes: after that of *code*, of the terminology with this key, at *seconds* since 1970 UTC."""

    seconds: int
    key: str
    code: str


ChangeKind = Literal["added", "relabelled", "retired"]


class CodeChange(Struct, frozen=True, gc=False):
    """The last thing that happened to a code: when, and in which version.

    "relabelled" is also a code that had gone and came back. `display` is that of the version, or the last it had.
    """

    at: dt.datetime
    terminology_id: str
    version: str
    kind: ChangeKind
    code: str
    display: str


class Page(Struct, frozen=True):
    """Some changes in order, and the place after them: who asks again from `cursor` gets what is new, once.

    `more`: there are further changes already. `cursor` is None where nothing has changed and nothing was asked before.
    """

    since: dt.datetime
    changes: tuple[CodeChange, ...]
    cursor: Cursor | None
    more: bool
