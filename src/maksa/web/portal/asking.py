"""What a page is given: the request in the portal's terms, the shelf at this moment, and the ways to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope

from maksa.model.errors import BodyTooLargeError, MalformedParameterError
from maksa.pages import responses
from maksa.pages.appearance import theme_of
from maksa.pages.headers import prefers_json
from maksa.pages.rendering import Renderer
from maksa.pages.wording import Language, Wording, wording_of
from maksa.settings import Settings
from maksa.snapshot.shelf import View
from maksa.web.portal.addresses import Addresses
from maksa.web.portal.checks import KEPT_S, Checks
from maksa.web.portal.visible import Visible
from maksa.web.worker import Worker

_FOOT = (
    (("integrators", "reference"), "integrators.page-reference"),
    (("try",), "integrators.page-try"),
    (("state",), "integrators.page-state"),
    (("notices", "feed"), "notices.feed"),
)
"""Below every page: where it leads, and the key of its wording."""

T = TypeVar("T")
Headings = tuple[tuple[str, str], ...]


class Site:
    """What all pages of one worker share. `headings` are (path, key of the wording) of what the header names."""

    def __init__(self, worker: Worker, headings: Headings) -> None:
        self.worker = worker
        self.settings: Settings = worker.settings
        self.renderer = Renderer("maksa.web.portal")
        self.headings = headings
        self.visible = Visible(worker.shelf, worker.settings.portal_hidden)
        self.threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="portal")
        self.checks = Checks(worker.home.run / "checks")
        self._later(self.checks.sweep)  # what an earlier service has left

    def forget_later(self, identity: str) -> None:
        """Has the result of a check taken away when its time has come."""
        self._later(lambda: self.checks.forget(identity))

    def _later(self, forget: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(KEPT_S + 1, lambda: self.threads.submit(forget))


class Ask:
    """One request for a page.

    `named` holds what the path names (terminology, version, code), `query` the parameters behind it, each the last of its
    name. `words` are the path's segments without the language's.
    """

    def __init__(
        self, site: Site, scope: Scope, receive: Receive, request_id: str, language: Language, words: list[str]
    ) -> None:
        self.site = site
        self.request = Request(scope, receive)
        self.request_id = request_id
        self.language = language
        self.words = words
        self.named: dict[str, str] = {}
        self.view: View = site.visible.view
        self.address = Addresses(language)
        self.t: Wording = wording_of(language)
        self.query = {name: text.replace("\0", "") for name, text in self.request.query_params.items()}

    @property
    def wants_json(self) -> bool:
        return prefers_json(self.request.headers.get("accept", ""))

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    def answer(self, template: str, shown: object, *, status: int = 200, **values: object) -> Response:
        """The page: *template* with *shown* as `shown`, and *values*. To who prefers JSON: *shown*, encoded, instead."""
        if self.wants_json:
            return responses.json(shown, self.request.headers, status=status)
        body = self.site.renderer.page(template, self.language, {**self._frame(), "shown": shown, **values})
        return responses.page(body, self.request.headers, status=status)

    def fragment(self, template: str, **values: object) -> Response:
        """A part of a page, for htmx."""
        body = self.site.renderer.page(template, self.language, {**self._frame(), **values})
        return responses.page(body, self.request.headers)

    def redirect(self, to: str, *, status: int = 308) -> Response:
        """The way to *to*, an address of this site."""
        return responses.redirect(to, status=status)

    async def in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        """What *function* returns, run beside the requests: for whatever may take more than a few milliseconds."""
        return await asyncio.get_running_loop().run_in_executor(self.site.threads, function, *arguments)

    async def form(self, limit: int) -> FormData:
        """The form that was sent, files too. Raises: BodyTooLargeError past *limit* bytes, before they are kept;
        MalformedParameterError for what is no form.
        """
        bounded = Request(self.request.scope, _bounded(self.request.receive, limit))
        try:
            return await bounded.form(max_files=8, max_fields=64, max_part_size=limit)
        except (HTTPException, MultiPartException) as error:
            reason = error.detail if isinstance(error, HTTPException) else error.message
            raise MalformedParameterError(field="form", message=f"cannot be read: {reason}") from error

    def _frame(self) -> dict[str, object]:
        """What `layout.html` asks for."""
        query = self.request.scope["query_string"]  # the URL would ask the Host header, which may be anything
        asked = query.decode("latin-1")
        behind = f"?{asked}" if asked else ""
        twin = Addresses("en" if self.language == "fa" else "fa")
        here = self.words[0] if self.words else ""
        return {
            "site": "portal",
            "foot_links": [(self.address(*path), key) for path, key in _FOOT],
            "nav": [(self.address(path), key, path == here) for path, key in self.site.headings],
            "path": self.address(*self.words) + behind,
            "twin": twin(*self.words) + behind,
            "home": self.address(),
            "theme": theme_of(self.request.cookies),
            "address": self.address,
            "request_id": self.request_id,
            "query": self.query,
            "search_at": self.address("search"),
        }


def _bounded(receive: Receive, limit: int) -> Receive:
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise BodyTooLargeError(field="body", message=f"is over {limit} bytes, the most that are taken here")
        return message

    return received
