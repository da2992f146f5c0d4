"""Whom a home follows, and how it stands to them: what its syncs write, a publisher heeds and a service tells in its health."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from maksa.model.terminology import key_of

SUFFIX = ".state.json"
"""The file of an upstream's standing in the home's `mirror/`: its name, and this."""


class Followed(Struct, frozen=True, kw_only=True):
    """What whoever publishes must know of an upstream: its `name`, and what is wanted of it.

    `terminologies` are those that are wanted, none for all; `excluded` those that are not.
    """

    name: str
    terminologies: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def wants(self, terminology_id: str) -> bool:
        """Whether the terminology, or the map, of this id is one of those to follow."""
        key = key_of(terminology_id)
        is_chosen = not self.terminologies or key in {key_of(each) for each in self.terminologies}
        return is_chosen and key not in {key_of(each) for each in self.excluded}


class Held(Struct, frozen=True, kw_only=True):
    """A list of an upstream that is held back: it stays here as it was, and all others are taken.

    `terminology_id` is empty where it is the upstream's notices that stay as they were. `fault` is the slug of what is wrong,
    `message` its words, and what may be done.
    """

    terminology_id: str
    fault: str
    message: str

    @property
    def what(self) -> str:
        return self.terminology_id or "the notices"


def message_of(held: Iterable[Held]) -> str:
    """What is said of all that is *held* back."""
    return "; ".join(each.message for each in held)


class Standing(Struct, frozen=True, kw_only=True):
    """How this shelf stood to the upstream *name* after the last sync.

    `tried_at` is when a sync last ended, `synced_at` when one last ended well: all that the upstream had was here then, save what
    was `held` back; None before the first. `is_behind`: the upstream has shown something newer that is not here yet. `fault` is the
    slug of what went wrong last, and `message` its words; both are empty where it went well and nothing is held back.
    """

    name: str
    tried_at: dt.datetime
    synced_at: dt.datetime | None = None
    is_behind: bool = False
    fault: str = ""
    message: str = ""
    sequence: int = 0
    versions: int = 0
    held: tuple[Held, ...] = ()
