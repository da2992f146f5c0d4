"""The feed of changes as JSON and as Atom, and the token that names a place in it. Pure.

Rules of this file:
- a token is opaque to callers and the same for the same place, whichever node made it;
- an entry has one id for ever: its list, its code and when it changed;
- titles are in English and Persian, like everything a person reads here.

Source: RFC 4287 (Atom), RFC 4648 section 5 (base64url).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

import msgspec

from maksa.model.errors import MalformedParameterError
from maksa.model.feed import CodeChange, Cursor, Page
from maksa.model.shapes import json_decoder
from maksa.wire.atom import document, feed, rfc3339, text
from maksa.wire.dates import jalali

KINDS = {"added": "افزوده", "relabelled": "مقدار دیگر", "retired": "کنارگذاشته"}
_cursor_of = json_decoder(Cursor)


def token_of(cursor: Cursor) -> str:
    """The text that stands for *cursor* in a URL or a command."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def cursor_of(token: str) -> Cursor:
    """The place that *token* stands for. Raises: MalformedParameterError (`page`)."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return _cursor_of(content)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise MalformedParameterError(field="page", message=f"{token[:40]!r} is no page of a feed") from error


def json_feed(page: Page) -> dict[str, Any]:
    """The page as JSON's members: `since`, `changes`, `cursor` (the token to ask on with, or null) and `more`."""
    return {
        "since": page.since,
        "changes": page.changes,
        "cursor": token_of(page.cursor) if page.cursor else None,
        "more": page.more,
    }


def atom_feed(page: Page) -> str:
    """The page as an Atom document; its `next` link is there where there is more, its links are relative."""
    since = page.since.astimezone(dt.UTC)
    made = feed(
        f"urn:maksa:changes:{since:%Y%m%dT%H%M%SZ}",
        f"Changes since {jalali(since)} · تغییرات از {jalali(since)}",
        page.changes[-1].at if page.changes else since,
    )
    if page.more and page.cursor:
        link = f"?since={quote(rfc3339(since))}&page={token_of(page.cursor)}"
        SubElement(made, "link", rel="next", type="application/atom+xml", href=link)
    for change in page.changes:
        _entry(made, change)
    return document(made)


def _entry(parent: Element, change: CodeChange) -> None:
    entry = SubElement(parent, "entry")
    name = ":".join(quote(part, safe="") for part in (change.terminology_id, change.code))
    text(entry, "id", f"urn:maksa:change:{name}:{int(change.at.timestamp())}")
    text(entry, "title", f"{change.terminology_id} {change.code}: {change.display}")
    text(entry, "updated", rfc3339(change.at))
    SubElement(entry, "category", term=change.kind, label=f"{change.kind} · {KINDS[change.kind]}")
    version = f"version {change.version} · نسخهٔ {change.version}"
    text(entry, "summary", f"{change.kind} · {KINDS[change.kind]}, {version}, {jalali(change.at)}: {change.display}")
