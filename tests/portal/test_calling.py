"""A call made for a reader: the gateway sees the reader and nothing else of his request; a long answer is cut off."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.requests import Request

from maksa.web.asgi import HungUpError
from maksa.web.portal.calling import MOST, Answer, called

HEADERS = [
    (b"host", b"t.example"), (b"x-forwarded-for", b"192.0.2.7"), (b"cookie", b"theme=dark"), (b"authorization", b"Bearer own"),
    (b"content-length", b"999"), (b"content-type", b"application/x-www-form-urlencoded"),
]  # fmt: skip


def request_of(app) -> Request:
    """A reader's request for a page of *app*."""
    scope = {
        "type": "http", "method": "POST", "path": "/try", "raw_path": b"/try", "query_string": b"function=x", "headers": HEADERS,
        "client": ("10.0.0.9", 4711), "server": ("127.0.0.1", 80), "scheme": "https", "http_version": "1.1", "app": app,
    }  # fmt: skip
    return Request(scope)


def test_the_gateway_hears_the_reader_and_the_call():
    """His address and his proxies' word; not his cookie, nor what his own request was like."""
    heard = {}

    async def app(scope, receive, send):
        heard.update(scope, body=await receive())
        await send({"type": "http.response.start", "status": 401, "headers": [(b"requestId", b"1")]})
        await send({"type": "http.response.body", "body": b"no"})

    answer = asyncio.run(called(request_of(app), "/oauth/token", {"Authorization": "Basic x"}, b"a=b"))

    assert answer == Answer(401, (("requestid", "1"),), b"no")
    assert (heard["method"], heard["path"], heard["raw_path"], heard["query_string"]) == (
        "POST",
        "/oauth/token",
        b"/oauth/token",
        b"",
    )
    assert (heard["client"], heard["scheme"]) == (("10.0.0.9", 4711), "https")
    assert sorted(heard["headers"]) == [
        (b"authorization", b"Basic x"), (b"content-length", b"3"), (b"host", b"t.example"), (b"x-forwarded-for", b"192.0.2.7"),
    ]  # fmt: skip
    assert heard["body"] == {"type": "http.request", "body": b"a=b", "more_body": False}


def test_a_long_answer_is_cut_off_as_if_the_caller_had_hung_up():
    """Whoever sends it is told so, and stops."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        with contextlib.suppress(HungUpError):
            for _ in range(100):
                sent.append(1)
                await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})

    answer = asyncio.run(called(request_of(app), "/", {}, b""))

    assert (answer.is_cut, len(answer.body)) == (True, MOST)
    assert len(sent) == MOST // 100_000 + 1
