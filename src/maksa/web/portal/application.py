"""The portal's ASGI callable: a path to a page, a fault to a page that says it, a line of the journal for each.

Rules of this file:
- the gateway's paths, and whoever names no HTML where there is no page, get the gateway's own 404;
- the gateway's word on the caller's address comes first, as for the functions: 410, then 403 (contract, section 3);
- a fault of ours is logged with the request's id and told without its inside.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter, time

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from maksa.model.errors import BodyTooLargeError, RequestError, SnapshotError
from maksa.pages import responses
from maksa.pages.assets import PREFIX
from maksa.pages.headers import takes_pages
from maksa.pages.wording import Language
from maksa.service import likely
from maksa.web.asgi import HUNG_UP
from maksa.web.gateway.gate import Gate
from maksa.web.heard import heard_from
from maksa.web.journal import Entry
from maksa.web.portal import compare
from maksa.web.portal.addresses import GATEWAY, segments_of
from maksa.web.portal.asking import Ask, Site
from maksa.web.portal.faults import refused
from maksa.web.portal.routes import Page, headings, matched
from maksa.web.worker import Worker

_log = logging.getLogger("maksa.web")

_Callable = Callable[[Scope, Receive, Send], Awaitable[None]]


class Portal:
    """The pages of one worker. *not_found* is the gateway's answer to a path that is nobody's."""

    def __init__(self, gate: Gate, worker: Worker, not_found: _Callable) -> None:
        self._gate = gate
        self._worker = worker
        self._not_found = not_found
        self._site = Site(worker, headings())
        self._site.threads.submit(self._site.renderer.compile)
        self._site.threads.submit(compare.warm, self._site.visible.view)
        self._site.threads.submit(likely.get_ready, self._site.visible.view)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        language, words = _language_of(segments_of(scope["raw_path"]))
        if words is None or words[:1] == [""] or (words and words[0] in GATEWAY and language == "fa"):
            await self._not_found(scope, receive, send)
            return
        asset = responses.asset(scope["path"], _headers_of(scope)) if scope["path"].startswith(PREFIX) else None
        found = None if asset else matched(words, scope["method"])
        ask = Ask(self._site, scope, receive, self._worker.request_ids.fresh(), language, words)
        if not (asset or found or takes_pages(ask.request.headers.get("accept", ""))):
            await self._not_found(scope, receive, send)
            return
        await self._noted(ask, found, asset, scope, receive, send)

    async def _noted(
        self, ask: Ask, found: tuple[Page, dict[str, str]] | None, asset: Response | None,
        scope: Scope, receive: Receive, send: Send,
    ) -> None:  # fmt: skip
        """Answers, and notes it in the journal."""
        started = perf_counter()
        origin = self._gate.origin_of(heard_from(scope))
        if origin.is_insecure or origin.is_refused:
            response = refused(ask, 410 if origin.is_insecure else 403)
        else:
            response = asset or await self._shown(ask, found)
        sent = _Sent(send, ask.request_id)
        await response(scope, receive, sent)
        name = f"portal/{'asset' if asset else found[0].name if found else 'nothing'}"
        seconds = perf_counter() - started
        self._worker.journal.note(
            Entry(time(), ask.request_id, name, "", origin.text, sent.status, 0, seconds, sent.size)
        )

    async def _shown(self, ask: Ask, found: tuple[Page, dict[str, str]] | None) -> Response:
        if found is None:
            return refused(ask, 404)
        page, ask.named = found
        try:
            return await page.show(ask)
        except BodyTooLargeError as error:
            return refused(ask, 413, error)
        except RequestError as error:
            return refused(ask, 400, error)
        except SnapshotError as error:
            _log.error("%s: %s (request %s)", error.slug, error, ask.request_id)
            return refused(ask, 503)
        except ClientDisconnect:
            return Response(status_code=HUNG_UP)
        except Exception as error:  # noqa: BLE001 # told without its inside; the log has it
            _log.error("a fault of maksa's own in the page %s (request %s)", page.name, ask.request_id, exc_info=error)
            return refused(ask, 500)

    def close(self) -> None:
        """Ends the threads."""
        self._site.threads.shutdown(wait=True, cancel_futures=True)


def _language_of(segments: list[str] | None) -> tuple[Language, list[str] | None]:
    """The language of the page at *segments*, and the segments behind it, those of a slash at the end aside."""
    language: Language = "en" if segments and segments[0] == "en" else "fa"
    words = segments[1:] if segments and language == "en" else segments
    while words and words[-1] == "":
        words = words[:-1]
    return language, words


def _headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


class _Sent:
    """Passes messages on, the request's id added to the head; `status` and `size` say what went."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id.encode()
        self.status = 0
        self.size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"requestId", self._request_id)]
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)
