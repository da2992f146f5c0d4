"""What the service says of itself: health, figures, its OpenAPI document; and the 404 of every other path.

Rules of this file:
- health is asked by load balancers over plain HTTP, so no check of the gateway stands before it;
- figures name accounts, so they are shown to the addresses in `metrics_addresses` only (this machine by default), and to
  nobody through a proxy that is not named: on the same machine it would make the world this machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from time import perf_counter, time
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST

from maksa import __version__
from maksa.web import metrics
from maksa.web.asgi import Header, Receive, Reply, Scope, Send
from maksa.web.gateway.gate import Gate
from maksa.web.gateway.origin import Networks
from maksa.web.heard import Heard, heard_from
from maksa.web.journal import Entry
from maksa.web.mirrors import Age, ages
from maksa.web.openapi import document
from maksa.web.worker import Worker

_Answer = Callable[[Scope, Reply], Awaitable[None]]
_NAMES = {"/health/live": "health", "/health/ready": "health", "/metrics": "metrics", "/openapi.json": "openapi"}


class ServiceEndpoints:
    """The ASGI callables of the service's own paths, by method and path, and `not_found` for all the rest."""

    def __init__(self, gate: Gate, worker: Worker) -> None:
        self._gate = gate
        self._worker = worker
        self._may_see_figures = Networks(worker.settings.metrics_addresses)

    def routes(self) -> dict[tuple[str, str], Callable[[Scope, Receive, Send], Awaitable[None]]]:
        """Every path of this file with its callable."""
        answers: dict[str, _Answer] = {
            "/health/live": self._live,
            "/health/ready": self._ready,
            "/metrics": self._metrics,
            "/openapi.json": self._openapi,
        }
        return {
            (method, path): self._noted(_NAMES[path], answer)
            for path, answer in answers.items()
            for method in ("GET", "HEAD")  # load balancers ask for the head alone
        }

    @property
    def not_found(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The callable of every path and method that is none of ours."""
        return self._noted("", self._refuse)

    def note_unreadable(self, request_id: str, peer: str, scheme: str, size: int) -> None:
        """Puts into the journal a 400 to what was no request."""
        address = self._gate.origin_of(Heard("", b"", [], {}, peer, scheme)).text
        self._worker.journal.note(Entry(time(), request_id, "", "", address, 400, 0, 0.0, size))

    def _noted(self, name: str, answer: _Answer) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        worker = self._worker

        async def noted(scope: Scope, _receive: Receive, send: Send) -> None:
            started = perf_counter()
            reply = Reply(send, worker.request_ids.fresh())
            await answer(scope, reply)
            address = self._gate.origin_of(heard_from(scope)).text
            seconds = perf_counter() - started
            worker.journal.note(
                Entry(time(), reply.request_id, name, "", address, reply.status, 0, seconds, reply.size)
            )

        return noted

    async def _refuse(self, scope: Scope, reply: Reply) -> None:
        """410 comes before 404 (contract, section 3)."""
        origin = self._gate.origin_of(heard_from(scope))
        await reply.refuse(410 if origin.is_insecure else 404)

    async def _live(self, _scope: Scope, reply: Reply) -> None:
        await reply.json(200, msgspec.json.encode({"status": "live", "version": __version__}))

    async def _ready(self, _scope: Scope, reply: Reply) -> None:
        """Ready where the shelf is open and the accounts can be asked; a damaged file is told, and spoils only itself."""
        view = self._worker.shelf.view
        accounts = await self._gate.is_answering()
        facts: dict[str, Any] = {
            "status": "ready" if accounts else "not ready",
            "accounts": accounts,
            "terminologies": len(view.terminologies),
            "versions": len(view.manifest.versions),
            "manifest": view.manifest.sequence,
            "faults": [fault.slug for fault in self._worker.faults()],
        }
        mirrors = self._mirrors()
        if mirrors:
            facts["mirrors"] = mirrors
        await reply.json(200 if accounts else 503, msgspec.json.encode(facts))

    async def _metrics(self, scope: Scope, reply: Reply) -> None:
        heard = heard_from(scope)
        is_shown = self._gate.origin_of(heard).number in self._may_see_figures
        if not is_shown or self._gate.comes_through_unnamed_proxy(heard):
            await reply.refuse(404)
            return
        worker = self._worker
        worker.journal.flush()
        terminologies, faults = len(worker.shelf.view.terminologies), len(worker.faults())
        text = metrics.exposition(
            worker.home.run, worker.journal, terminologies=terminologies, faults=faults, mirrors=self._mirrors()
        )  # fmt: skip
        await _text(reply, text, (b"content-type", CONTENT_TYPE_LATEST.encode()))

    def _mirrors(self) -> list[Age]:
        return ages(self._worker.home.mirrors, dt.datetime.now(dt.UTC))

    async def _openapi(self, _scope: Scope, reply: Reply) -> None:
        await reply.json(200, document(), [(b"access-control-allow-origin", b"*")])


async def _text(reply: Reply, body: bytes, media: Header) -> None:
    reply.size = len(body)
    await reply.begin(200, [media, (b"content-length", b"%d" % len(body))])
    await reply.send({"type": "http.response.body", "body": body})
