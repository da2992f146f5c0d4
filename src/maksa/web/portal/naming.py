"""What a path names, found on the shelf: a terminology, a version, a code; and the one address that each has."""

from __future__ import annotations

from starlette.responses import Response

from maksa.model.answers import UnknownTerminology
from maksa.snapshot.shelf import Terminology
from maksa.web.portal.addresses import segments_of
from maksa.web.portal.asking import Ask
from maksa.web.portal.faults import not_found


def terminology_of(ask: Ask) -> Terminology | Response:
    """The terminology that the path names, or the page that says there is none."""
    named = ask.named["terminology"]
    return ask.view.terminology(named) or not_found(ask, UnknownTerminology(named))


def tail_of(ask: Ask, name: str) -> str:
    """The code (or label) that the path names, or the query where it cannot stand in a path."""
    return ask.named[name] if name in ask.named else ask.query.get("is", "")


def moved(ask: Ask, address: str) -> Response | None:
    """The way to *address* where the page was asked for by another path; None where it is asked for as it should be."""
    path = address.partition("?")[0]
    if segments_of(path.encode()) == segments_of(ask.request.scope["raw_path"]):
        return None
    own = "is=" in address.partition("?")[2]
    asked = "" if own else ask.request.url.query
    return ask.redirect(f"{address}?{asked}" if asked else address)
