"""What a path names, found on the shelf: a terminology, a version, a code; and the one address that each has."""

from __future__ import annotations

from urllib.parse import urlencode

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
    path, _, own = address.partition("?")
    if segments_of(path.encode()) == segments_of(ask.request.scope["raw_path"]):
        return None
    kept = urlencode({name: text for name, text in ask.query.items() if name != "is"})
    query = "&".join(filter(None, (own, kept)))
    return ask.redirect(f"{path}?{query}" if query else path)
