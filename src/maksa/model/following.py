"""Whom a home follows, and how it stands to them: what its syncs write, a publisher heeds and a service tells in its health."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from maksa.model.terminology import key_of

SUFFIX = ".state.json"
"""The file of an upstream's standing in the home's `mirror/`: its name, and this."""


class Followed(Struct, frozen=True, kw_only=True):
    """What whoever publishes must know of an upstream: its `name`, and the `terminologies` that are wanted of it, none for all."""

    name: str
    terminologies: tuple[str, ...] = ()

    def wants(self, terminology_id: str) -> bool:
        """Whether the terminology, or the map, of this id is one of those to follow."""
        return not self.terminologies or key_of(terminology_id) in {key_of(each) for each in self.terminologies}


class Standing(Struct, frozen=True, kw_only=True):
    """How this shelf stood to the upstream *name* after the last sync.

    `tried_at` is when a sync last ended, `synced_at` when one last ended well: all that the upstream had was here then; None
    before the first. `is_behind`: the upstream has shown something newer that is not here yet. `fault` is the slug of what
    went wrong last, and `message` its words; both are empty where it went well.
    """

    name: str
    tried_at: dt.datetime
    synced_at: dt.datetime | None = None
    is_behind: bool = False
    fault: str = ""
    message: str = ""
    sequence: int = 0
    versions: int = 0
