"""How this service stands to those that it follows, for health and figures: read from what the mirror's syncs write."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.following import SUFFIX, Standing
from maksa.model.shapes import json_decoder

_standing_of = json_decoder(Standing)


class Age(Struct, frozen=True):
    """How old a mirror is.

    `age_s` are the seconds since all that the upstream had was here, None where that never was; save what is `held` back: the ids of
    terminologies, and an empty one for the notices.
    """

    name: str
    synced_at: dt.datetime | None
    age_s: int | None
    is_behind: bool
    fault: str
    held: tuple[str, ...] = ()


def ages(folder: Path, now: dt.datetime) -> list[Age]:
    """One for each upstream that was ever asked, by name; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            standing = _standing_of(path.read_bytes())
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            continue
        since = standing.synced_at
        age_s = None if since is None else max(0, int((now - since).total_seconds()))
        held = tuple(each.terminology_id for each in standing.held)
        found.append(Age(standing.name, since, age_s, standing.is_behind, standing.fault, held))
    return found
