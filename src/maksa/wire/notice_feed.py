"""The notices (ابلاغیه‌ها) as an Atom feed: an entry for each letter, the newest first. Pure.

An entry has one id for ever: the letter's number and title. What a letter's versions changed is its summary.
Source: RFC 4287 (Atom).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from maksa.model.terminology import Notice
from maksa.wire.atom import document, feed, rfc3339, text
from maksa.wire.dates import TEHRAN, jalali

_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the time of a feed that has nothing to tell


class NoticeEntry(Struct, frozen=True):
    """A notice of the feed. `link` is a page about it, "" where there is none; `changed` says what it changed, a line each."""

    notice: Notice
    at: dt.datetime
    link: str
    changed: tuple[str, ...]


def moment_of(notice: Notice, published_at: Sequence[dt.datetime]) -> dt.datetime | None:
    """When the notice counts as told: the last publication that carries it, else its own day; None where neither is known."""
    if published_at:
        return max(published_at)
    return dt.datetime.combine(notice.date, dt.time(), TEHRAN) if notice.date else None


def atom_notices(entries: Sequence[NoticeEntry], title: str, home: str) -> str:
    """The document. *home* is the page of all notices; links may be relative to where the feed is read."""
    newest = max((entry.at for entry in entries), default=_BEGINNING)
    made = feed("urn:maksa:notices", title, newest)
    SubElement(made, "link", rel="alternate", type="text/html", href=home)
    for entry in entries:
        _entry(made, entry)
    return document(made)


def _entry(parent: Element, given: NoticeEntry) -> None:
    entry, notice = SubElement(parent, "entry"), given.notice
    name = ":".join(quote(part, safe="") for part in (notice.number, notice.title))
    text(entry, "id", f"urn:maksa:notice:{name}")
    text(entry, "title", " ".join(filter(None, (notice.number, notice.title))))
    text(entry, "updated", rfc3339(given.at))
    if given.link:
        SubElement(entry, "link", rel="alternate", type="text/html", href=given.link)
    day = jalali(notice.date) if notice.date else ""
    text(entry, "summary", "\n".join(filter(None, (day, notice.remarks, *given.changed))))
