"""Answers of a site of pages: a page, JSON, an asset, the way elsewhere; each with the headers that keep it safe.

Rules of this file:
- a page is asked for anew each time (it follows the shelf, the reader's cookie and his Accept); an asset never again;
- what is larger than a packet or two is compressed for whoever reads gzip.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from maksa.pages.appearance import chosen, way_back
from maksa.pages.assets import assets
from maksa.pages.headers import FOR_EVER, SAFETY, takes_gzip

HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"
_WORTH_COMPRESSING = 1400  # bytes: what a packet carries anyway
_LEVEL = 5  # of nine: a millisecond for a large page

_encode = msgspec.json.Encoder(enc_hook=str).encode


def page(
    body: bytes,
    asked: Mapping[str, str],
    *,
    status: int = 200,
    media: str = HTML,
    more: Mapping[str, str] | None = None,
) -> Response:
    """*body* to whoever sent the headers *asked*."""
    headers = {
        **SAFETY,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Encoding, Cookie",
        **(more or {}),
    }
    if len(body) > _WORTH_COMPRESSING and takes_gzip(asked.get("accept-encoding", "")):
        body = gzip.compress(body, _LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media)


def json(shown: object, asked: Mapping[str, str], *, status: int = 200) -> Response:
    """*shown*, a record or what is made of records, as JSON. Anyone's program may read it: nothing in it is secret."""
    more = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return page(_encode(shown), asked, status=status, media=JSON, more=more)


def asset(path: str, asked: Mapping[str, str]) -> Response | None:
    """The asset whose address is *path*; None where there is none."""
    found = assets().by_address.get(path)
    if found is None:
        return None
    headers = {**SAFETY, "Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if found.compressed and takes_gzip(asked.get("accept-encoding", "")):
        return Response(found.compressed, 200, {**headers, "Content-Encoding": "gzip"}, found.content_type)
    return Response(found.content, 200, headers, found.content_type)


def redirect(to: str, *, status: int = 308, more: Mapping[str, str] | None = None) -> Response:
    """The way to *to*, an address of this site: for good (308), or after a form (303)."""
    return Response(b"", status, {**SAFETY, "Location": to, "Cache-Control": "private, no-cache", **(more or {})})


def themed(to: str, back: str) -> Response:
    """The answer to the switch of appearance: the choice remembered, and the way back to the page it was made on."""
    return redirect(way_back(back), status=303, more={"Set-Cookie": chosen(to)})
