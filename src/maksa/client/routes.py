"""How the functions of one gateway are reached: under which of the guide's two paths, and how a GET carries its fields.

The guide wants a body in a GET. There are proxies that drop it, refuse it, hang up, wait for it in silence or answer with a page
of their own, under any status; then the same is asked with POST, and then with a query. What worked once is kept to.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import httpx2
from msgspec import Struct

from maksa.client.steps import Answer
from maksa.model.errors import MalformedParameterError, TransportError, UnreadableAnswerError
from maksa.model.shapes import json_decoder
from maksa.wire.ditas.functions import BASES, Function
from maksa.wire.ditas.replies import read_reply
from maksa.wire.members import shown
from maksa.wire.oauth import PATH

NO_WAY_STATUSES = frozenset({400, 404, 405, 411, 415, 501})
"""Statuses that may mean that the request was taken for another: without its body, or at a path that is not there."""

_LOST_BODY_STATUSES = NO_WAY_STATUSES | {413, 500}
"""What else a gateway says of a GET whose body it was not given."""

_WAYS = {"GET": ("GET", "POST", "QUERY"), "POST": ("POST",)}


class Route(Struct, frozen=True, gc=False):
    """One way to ask a function. `way` is GET or POST with a body, or QUERY: GET with the fields in the address."""

    base: int
    way: str
    url: httpx2.URL

    @property
    def method(self) -> str:
        return "POST" if self.way == "POST" else "GET"

    def carried(self, body: bytes) -> tuple[httpx2.URL, bytes | None]:
        """The address and the content that carry *body*."""
        if self.way != "QUERY":
            return self.url, body
        fields = json_decoder(dict[str, str])(body)  # a function of GET has texts only
        return self.url.copy_with(query=urlencode(fields, quote_via=quote).encode()), None


class Routes:
    """The routes to the functions of the gateway at *url*. *base* is their path there, None for either of the guide's."""

    def __init__(self, url: str, base: str | None = None) -> None:
        self.url = _checked(url)
        self.token_url = self._at(PATH)
        self._bases = BASES if base is None else ("/" + base.strip("/"),)
        self._settled: dict[str, Route] = {}
        self._base: int | None = 0 if base is not None else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.url)!r})"

    def to(self, function: Function[Any]) -> tuple[Route, ...]:
        """The routes to try, the likeliest first; only one once it is known."""
        settled = self._settled.get(function.name)
        if settled is not None:
            return (settled,)
        bases = range(len(self._bases)) if self._base is None else (self._base,)
        return tuple(
            Route(base, way, self._at(f"{self._bases[base]}/{function.name}"))
            for base in bases
            for way in _WAYS[function.method]
        )

    def settle(self, function: Function[Any], route: Route) -> None:
        """Keeps to *route* from now on: it was answered."""
        self._settled[function.name] = route
        self._base = route.base

    def _at(self, path: str) -> httpx2.URL:
        return self.url.copy_with(path=self.url.path.rstrip("/") + path)


class Search:
    """The search for a route that is not known yet.

    A path that is not there spares its other ways, one that is there spares the other path.
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._left = list(routes)
        self._route = routes[0]
        self._best: Answer | None = None

    def next(self) -> Route | None:
        """The route to try now; None when none is left."""
        if not self._left:
            return None
        self._route = self._left.pop(0)
        return self._route

    def is_over_with(self, answer: Answer) -> bool:
        """Whether *answer* is to what was asked, a refusal too, so that no other route is worth trying."""
        if not _is_missed(answer, self._route.way):
            return True
        is_absent = answer.status == 404
        self._left = [each for each in self._left if (each.base == self._route.base) is not is_absent]
        if self._best is None or self._best.status == 404:
            self._best = answer
        return False

    def is_over_after(self, error: TransportError) -> bool:
        """Whether *error* is the line's, not the way's: some hang up on who sends a body with GET, or wait for it for ever."""
        return self._route.way != "GET" or not error.facts.get("is_unanswered", False)

    @property
    def best(self) -> Answer:
        """The most telling of the refusals: of a path that is there, if one is."""
        assert self._best is not None, "a search has at least one route"
        return self._best


def _is_missed(answer: Answer, way: str) -> bool:
    """Whether *answer* may not be to what was asked by this *way*, so that another route is worth trying."""
    if answer.status == 429:  # whoever says it, of another way it would be said too, and sooner
        return False
    if way == "GET":
        return answer.status in _LOST_BODY_STATUSES or not is_the_gateways(answer.body)
    return answer.status in NO_WAY_STATUSES or (400 <= answer.status < 500 and not is_the_gateways(answer.body))


def is_the_gateways(body: bytes) -> bool:
    """Whether *body* is in the gateway's words, not a page of somebody between."""
    try:
        read_reply(body)
    except UnreadableAnswerError:
        return False
    return True


def _checked(given: str) -> httpx2.URL:
    try:
        url = httpx2.URL(given)
    except (httpx2.InvalidURL, TypeError) as error:
        raise MalformedParameterError(field="url", message=f"{shown(given)}: {error}") from error
    if url.userinfo:
        raise MalformedParameterError(field="url", message="has a user or password in it: they belong in the account")
    if url.scheme not in ("http", "https") or not url.host:
        raise MalformedParameterError(field="url", message=f"{shown(given)} is not an address such as https://host")
    path = url.path.rstrip("/")
    for base in BASES:  # as it stands in the guide
        path = path.removesuffix(base)
    return url.copy_with(path=path or "/")
