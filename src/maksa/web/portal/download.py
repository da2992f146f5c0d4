"""A version as a file: CSV, a workbook, JSON, or the snapshot itself, streamed from a thread.

Rules of this file:
- what the setting `portal_view_only` names is shown and not handed out: 403;
- a file is made while it is sent, so memory does not grow with rows, and a caller who hangs up ends it.
"""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from maksa.export import FORMATS, content_of
from maksa.model.answers import UnknownVersion
from maksa.model.terminology import Version
from maksa.web.portal.asking import Ask
from maksa.web.portal.faults import not_found, refused
from maksa.web.portal.naming import moved, terminology_of
from maksa.web.portal.sending import is_handed_out, sent

OFFERED = ("csv", "xlsx", "json", "snapshot")


class Choice(Struct, frozen=True):
    """A file that is offered: the name of its form, and its address."""

    form: str
    address: str


def choices(ask: Ask, version: Version) -> tuple[Choice, ...]:
    """The files of *version* that the portal hands out; none where its licence says so."""
    if not is_handed_out(ask, version.terminology_id):
        return ()
    address = ask.address.terminology
    return tuple(
        Choice(form, address(version.terminology_id, "download", version=version.label, form=form)) for form in OFFERED
    )


async def show(ask: Ask) -> Response:
    """The file of `form`, of the version that `version` names, else of the last one."""
    found = terminology_of(ask)
    if isinstance(found, Response):
        return found
    elsewhere = moved(ask, ask.address.terminology(found.id, "download"))
    if elsewhere:
        return elsewhere
    label = ask.query.get("version", found.last.version.label)
    edition = found.by_label.get(label)
    form = FORMATS.get(ask.query.get("form", ""))
    if edition is None:
        return not_found(ask, UnknownVersion(found.id, label))
    if form is None or form.name not in OFFERED:
        return not_found(ask)
    if not is_handed_out(ask, found.id):
        return refused(ask, 403)
    return sent(ask, content_of(edition.snapshot), form)
