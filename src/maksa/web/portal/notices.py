"""The notices (ابلاغیه‌ها): number, date, title, what they changed; a page for each number, and a feed.

Its addresses:

    /notices              all, the newest first; ?page=2
    /notices/110/128      those of a number
    /notices/feed         the newest as Atom; also /notices to who asks for application/atom+xml
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct
from starlette.responses import Response

from maksa.model.terminology import Notice, Version
from maksa.pages import responses
from maksa.pages.formatting import Formats
from maksa.service.announced import Announced, Change, announced, changes_of
from maksa.snapshot import notices as shelf_notices
from maksa.web.portal.asking import Ask
from maksa.web.portal.compare import address_of
from maksa.web.portal.faults import refused
from maksa.web.portal.numbers import whole_number
from maksa.wire.atom import MEDIA_TYPE
from maksa.wire.dates import jalali
from maksa.wire.notice_feed import NoticeEntry, atom_notices, moment_of

_PAGE = 30  # notices of a page
_FED = 50  # entries of the feed


class Carried(Struct, frozen=True):
    """A version that a notice announced, and what it changed; None where that cannot be counted (a map). `former` may be ""."""

    terminology: str
    version: str
    published_at: dt.datetime
    former: str = ""
    added: int | None = None
    relabelled: int | None = None
    retired: int | None = None


class Letter(Struct, frozen=True):
    """A notice as the page and its JSON show it; `jalali` is "" without a date."""

    number: str
    date: dt.date | None
    jalali: str
    title: str
    remarks: str
    versions: tuple[Carried, ...]


class Shown(Struct, frozen=True):
    """The page as JSON."""

    page: int
    pages: int
    total: int
    notices: tuple[Letter, ...]


async def show(ask: Ask) -> Response:
    """All notices, a page at a time."""
    if "application/atom+xml" in ask.request.headers.get("accept", ""):
        return await feed(ask)
    listed = await ask.in_thread(_listed, ask)
    pages = max(1, -(-len(listed) // _PAGE))
    number = min(whole_number(ask.query.get("page", ""), least=1), pages)
    here = listed[(number - 1) * _PAGE : number * _PAGE]
    letters = await ask.in_thread(_letters, ask, here)
    return ask.answer("notices.html", Shown(number, pages, len(listed), letters), number="", compared=address_of)


async def of_number(ask: Ask) -> Response:
    """The notices of one number: a letter may list several codings."""
    number = ask.named["number"]
    here = [each for each in await ask.in_thread(_listed, ask) if each.notice.number == number]
    if not here:
        return refused(ask, 404)
    letters = await ask.in_thread(_letters, ask, here)
    return ask.answer("notices.html", Shown(1, 1, len(here), letters), number=number, compared=address_of)


async def feed(ask: Ask) -> Response:
    """The newest notices as Atom."""
    listed = await ask.in_thread(_listed, ask)
    entries = await ask.in_thread(_entries, ask, listed[:_FED])
    body = atom_notices(entries, ask.t.text("notices.feed-title"), ask.address("notices")).encode()
    return responses.page(body, ask.request.headers, media=MEDIA_TYPE)


def _listed(ask: Ask) -> list[Announced]:
    """Raises: ManifestError, FormatVersionError for a file of notices that is damaged."""
    loaded = shelf_notices.read(ask.site.worker.home.shelf).notices
    return announced(ask.view.manifest.versions, loaded)


def _letters(ask: Ask, here: Sequence[Announced]) -> tuple[Letter, ...]:
    return tuple(_letter(each.notice, each.versions, changes_of(ask.view, each.versions)) for each in here)


def _letter(notice: Notice, versions: Sequence[Version], changes: Sequence[Change]) -> Letter:
    counted = {change.version.number: change for change in changes}
    return Letter(
        notice.number,
        notice.date,
        jalali(notice.date) if notice.date else "",
        notice.title,
        notice.remarks,
        tuple(_carried(version, counted.get(version.number)) for version in versions),
    )


def _carried(version: Version, change: Change | None) -> Carried:
    made = Carried(version.terminology_id, version.label, version.published_at)
    if change is None:
        return made
    impact = change.impact
    return Carried(
        version.terminology_id, version.label, version.published_at,
        change.former, impact.added, impact.relabelled, impact.retired,
    )  # fmt: skip


def _entries(ask: Ask, here: Sequence[Announced]) -> list[NoticeEntry]:
    """The notices of the feed; one without a date and a version has no place in time, and none here."""
    found = []
    for each, letter in zip(here, _letters(ask, here), strict=True):
        at = moment_of(each.notice, [version.published_at for version in each.versions])
        if at is not None:
            link = ask.address("notices", *letter.number.split("/")) if letter.number else ""
            found.append(NoticeEntry(each.notice, at, link, tuple(_said(ask, carried) for carried in letter.versions)))
    return found


def _said(ask: Ask, carried: Carried) -> str:
    names = {"terminology": carried.terminology, "version": carried.version}
    if carried.added is None:
        return ask.t.text("notices.said-bare", **names)
    counts = {"added": carried.added, "relabelled": carried.relabelled, "retired": carried.retired}
    return ask.t.text("notices.said", **names, **{name: Formats(ask.t).number(n or 0) for name, n in counts.items()})
