"""What became of a code: the versions in which it appeared, changed, was retired or came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from maksa.model.answers import Found, UnknownCode, UnknownTerminology
from maksa.model.concept import Concept
from maksa.model.difference import Facts, Kind, differences
from maksa.model.terminology import Version
from maksa.snapshot.shelf import View

Happening = Kind | Literal["returned"]


class Event(Struct, frozen=True, gc=False):
    """What a version did to a code: as `Difference`, `display` being the one of that version, or the last it had.

    A code is "added" once; "returned" is one that a version before had, and the last one had not: `before` is its display then.
    """

    label: str
    published_at: dt.datetime
    kind: Happening
    display: str
    before: Facts = ()
    after: Facts = ()


def history(view: View, terminology_id: str, code: str) -> Found[list[Event]] | UnknownTerminology | UnknownCode:
    """Every event of *code*, oldest first; a version that left it as it was has none.

    Every version of the terminology is opened and asked once. Raises: SnapshotError.
    """
    terminology = view.terminology(terminology_id)
    if terminology is None:
        return UnknownTerminology(terminology_id)
    code = code.strip()
    states = ((edition.version, edition.snapshot.concept(code)) for edition in terminology.editions)
    events = list(_events(states))
    return Found(events) if events else UnknownCode(terminology.id, terminology.last.version.label, code)


def _events(states: Iterable[tuple[Version, Concept | None]]) -> Iterator[Event]:
    """The events that the states of a code in successive versions make; None is a version that has not the code."""
    here: Concept | None = None
    last: Concept | None = None  # what it was when it was last there
    for version, concept in states:
        label, at = version.label, version.published_at
        if concept is not None and here is None and last is not None:
            yield Event(label, at, "returned", concept.display, (last.display,), (concept.display,))
            here = last
        for each in differences(here, concept):
            yield Event(label, at, each.kind, each.display, each.before, each.after)
        here, last = concept, concept or last
