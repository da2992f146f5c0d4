"""The desk's ASGI callable: a path to a page, whoever may not see it to where he may, a fault to a page that says it.

The order of checks: plain HTTP from elsewhere (410), the caller's address (403), the path (404), the session and its stage
(to sign in), the role (403), where a form comes from and its token (403).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from maksa.desk.desk import Desk
from maksa.desk.running import Runner
from maksa.desk.views.asking import Ask, Site
from maksa.desk.views.refusing import cannot, refused
from maksa.desk.views.routes import Line, headings, matched, place_of
from maksa.desk.views.sign_in import LOST
from maksa.home import Home
from maksa.model.errors import (
    BadGrantError,
    BodyTooLargeError,
    MaksaError,
    RequestError,
    StorageError,
    TooManyRequestsError,
)
from maksa.pages import responses
from maksa.pages.assets import PREFIX
from maksa.pages.csrf import FIELD, is_from_here
from maksa.pages.headers import SAFETY
from maksa.pages.wording import Language
from maksa.settings import Settings
from maksa.web.gateway.origin import Origin, Origins
from maksa.web.ids import RequestIds
from maksa.web.lifespan import beside, live
from maksa.web.portal.addresses import segments_of

_log = logging.getLogger("maksa.desk")

_SWEEP_S = 3600.0
_STRICT = "max-age=31536000"
_SAFE = ("GET", "HEAD")


class Application:
    """The desk of one process, over one home. Nothing is open before the server says that it starts."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._settings = settings
        self._origins = Origins(replace(settings, allow_http=False))  # passwords travel here: never in the clear
        self._ids = RequestIds()
        self._site: Site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
        elif scope["type"] == "http":
            response = await self._answered(scope, receive)
            await response(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        """The desk and its jobs, from the server's start to its end."""
        desk = await asyncio.to_thread(Desk, self._home, self._settings)
        runner = Runner(desk.jobs, desk.home, longest_s=self._settings.desk_job_s, ended=desk.ended)
        self._site = Site(desk, runner, headings)
        async with beside(runner.run(), self._sweep(desk)):
            yield
        self._site.threads.shutdown(wait=True, cancel_futures=True)
        desk.close()

    async def _sweep(self, desk: Desk) -> None:
        """Removes old files, for ever; and says of releases what their jobs came to while nobody looked."""
        while True:
            try:
                await asyncio.to_thread(desk.releases.mend)
                await asyncio.to_thread(desk.jobs.forget_old, self._settings.desk_keep_days)
            except MaksaError as error:
                _log.error("old files: %s", error)
            await asyncio.sleep(_SWEEP_S)

    async def _answered(self, scope: Scope, receive: Receive) -> Response:
        request = Request(scope, receive)
        origin = _origin_of(self._origins, request)
        segments = segments_of(scope["raw_path"])
        language: Language = "en" if segments and segments[0] == "en" else "fa"
        words = (segments[1:] if language == "en" else segments) if segments is not None else ["?"]
        if words[-1:] == [""]:  # /en/ is /en
            words.pop()
        if words == ["health", "live"]:
            return PlainTextResponse("alive\n", headers={**SAFETY, "Cache-Control": "no-store"})
        ask = Ask(self._site, request, self._ids.fresh(), language, words, origin)
        try:
            response = await self._judged(ask)
        except ClientDisconnect:
            response = Response(status_code=408)  # nobody reads it, and it is no fault of ours
        except Exception as error:  # noqa: BLE001 # told without its inside; the log has it
            response = _faulty(ask, error)
        response.headers["requestId"] = ask.request_id
        if origin.is_secure:
            response.headers["Strict-Transport-Security"] = _STRICT
        return response

    async def _judged(self, ask: Ask) -> Response:
        if ask.origin.is_insecure or ask.origin.is_refused:
            return refused(ask, 410 if ask.origin.is_insecure else 403)
        path = ask.request.scope["path"]
        asset = responses.asset(path, ask.request.headers) if path.startswith(PREFIX) else None
        if asset is not None:
            return asset
        found = matched(ask.words, ask.request.method)
        if ask.cookie:
            ask.session = await self._site.in_thread(self._site.desk.sessions.get, ask.cookie)
        if found is None:
            return refused(ask, 404)
        line, ask.named = found
        return elsewhere(ask, line) or await self._shown(ask, line)

    async def _shown(self, ask: Ask, line: Line) -> Response:
        if ask.request.method not in _SAFE:
            if not is_from_here(ask.request.headers):
                return refused(ask, 403)
            if line.upload is not None:
                return await line.upload(ask)
            try:
                await ask.read_form()
            except TimeoutError:
                return Response(status_code=408, headers={**SAFETY, "Connection": "close"})
            if not ask.is_own_form(ask.form.get(FIELD, "")) and line.is_guarded:
                return refused(ask, 403)
        response: Response = await self._site.in_thread(line.show, ask)
        if ask.delay_s:
            await asyncio.sleep(ask.delay_s)
        return response


def elsewhere(ask: Ask, line: Line) -> Response | None:
    """Where whoever may not see the page is sent; None for whoever may."""
    stage = ask.session.stage if ask.session else "none"
    if line.stage != "any" and stage != line.stage:
        is_lost = _is_lost(ask, line)
        if is_lost:
            ask.want(place_of(ask.words))
        elif line.is_place and stage != "full" and ask.request.method == "GET":
            ask.want(ask.words)
        if "hx-request" in ask.request.headers:
            return _anew(ask)
        return ask.see(*_PLACES[stage], **{LOST: 1} if is_lost else {})
    if line.role and not ask.operator.may(line.role):
        return refused(ask, 403)
    return None


def _is_lost(ask: Ask, line: Line) -> bool:
    """Whether it is a form of somebody whose session has ended meanwhile. A stranger has sent no cookie."""
    is_form = line.stage == "full" and ask.request.method not in _SAFE
    return is_form and ask.session is None and bool(ask.cookie)


def _anew(ask: Ask) -> Response:
    """The word to load the page anew, for a script that asks for a part of it: a form to sign in is none."""
    return ask.finished(Response(headers={**SAFETY, "HX-Refresh": "true"}))


_PLACES: dict[str, tuple[str, ...]] = {"none": ("sign-in",), "code": ("code",), "enrol": ("enrol",), "full": ()}


def _faulty(ask: Ask, error: Exception) -> Response:
    if isinstance(error, BodyTooLargeError):
        return refused(ask, 413, error)
    if isinstance(error, RequestError):
        return refused(ask, 400, error)
    if isinstance(error, TooManyRequestsError):
        return refused(ask, 429)
    if isinstance(error, BadGrantError):  # the operator was reset while he sent a form
        return refused(ask, 403)
    if isinstance(error, StorageError):
        _log.error("%s: %s (request %s)", error.slug, error, ask.request_id)
        return cannot(ask, error, 503) if ask.session else refused(ask, 503)  # it may name a path
    _log.error("a fault of maksa's own (request %s)", ask.request_id, exc_info=error)
    return refused(ask, 500)


def _origin_of(origins: Origins, request: Request) -> Origin:
    peer = request.client.host if request.client else ""
    headers = request.headers
    forwarded = [",".join(headers.getlist(name)) for name in ("x-forwarded-for", "x-forwarded-proto")]
    return origins.of(peer, request.url.scheme, *forwarded)
