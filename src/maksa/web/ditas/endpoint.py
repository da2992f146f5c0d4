"""One call of one function, from its headers to its line in the journal: the hot path.

The order of checks is the contract's (section 3): 410, 404 (the router's), 403 by address, 401, 403 by the account's
addresses, 429, 400, then the provider. Rules of this file:
- nothing stands between: no framework, no thread, no second copy; what is slow (a token not seen before, a body not yet
  prepared) is awaited off the loop;
- whatever happens, the caller gets the gateway's words with a requestId, and the journal gets a line.
"""

from __future__ import annotations

import logging
from time import perf_counter, time
from typing import Any

from maksa.model.errors import MaksaError, RequestError, SnapshotError
from maksa.web.asgi import HUNG_UP, HungUpError, Receive, Reply, Scope, Send, body_of
from maksa.web.ditas.download import send_body
from maksa.web.ditas.provider import Handler, Tail
from maksa.web.gateway.gate import Admission, Gate
from maksa.web.journal import Entry
from maksa.web.worker import Worker
from maksa.wire.charsets import decoded
from maksa.wire.ditas.answers import NOTHING
from maksa.wire.ditas.functions import Function

_log = logging.getLogger("maksa.web")

_PLAIN_TYPES = {b"application/json", b"application/json;charset=UTF-8", b"application/json; charset=utf-8"}


class ProviderError(Exception):
    """Raised from what the provider raised that is no error of maksa's own: a fault of ours, a 520 outside."""


class Endpoint:
    """The ASGI callable of one function."""

    def __init__(self, function: Function[Any], handler: Handler, gate: Gate, worker: Worker) -> None:
        self._function = function
        self._handler = handler
        self._gate = gate
        self._worker = worker
        self._body_limit = worker.settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        worker = self._worker
        reply = Reply(send, worker.request_ids.fresh())
        headers = dict(scope["headers"])
        admission = None
        result = 0
        try:
            admission = self._gate.admit(self._function.name, scope, headers)
            if admission.is_open:
                admission = await self._gate.settled(self._function.name, scope, headers)
            if admission.status == 200:
                body = await body_of(receive, headers, self._body_limit)
                result = await self._provide(self._asked(scope, body, headers), receive, reply, headers)
            else:
                await self._refuse(reply, admission)
        except Exception as error:  # noqa: BLE001 # the outermost place: the caller is told a status, the log the rest
            await _refuse_for(error, reply)
        account, address = (admission.account, admission.address) if admission else ("", "")
        worker.journal.note(
            Entry(
                time(), reply.request_id, self._function.name, account, address,
                reply.status, result, perf_counter() - started, reply.size,
            )
        )  # fmt: skip

    def _asked(self, scope: Scope, body: bytes, headers: dict[bytes, bytes]) -> Any:
        """What the request asks, from its body, else from its query where the method is GET. Raises: RequestError."""
        if not body and scope["method"] == "GET":
            return self._function.read_query(scope["query_string"])
        media = headers.get(b"content-type")
        if media is not None and media not in _PLAIN_TYPES:
            body = decoded(body, media)
        return self._function.read(body)

    async def _provide(self, asked: Any, receive: Receive, reply: Reply, headers: dict[bytes, bytes]) -> int:
        """Sends the provider's answer; its status. Raises: SnapshotError, StorageError, TimeoutError, ProviderError."""
        try:
            answer = self._handler(self._worker.shelf.view, asked)
        except MaksaError:
            raise
        except Exception as error:
            raise ProviderError from error
        if isinstance(answer, Tail):
            body = await self._worker.bodies.of(answer.edition)
            segment = 0 if answer.since is None else body.segment_since(answer.since)
            if segment is not None:
                await send_body(receive, reply, body, segment, headers)
                return 200
            answer = NOTHING
        await reply.json(200, answer)
        return 404 if answer is NOTHING else 200

    async def _refuse(self, reply: Reply, admission: Admission) -> None:
        if admission.status == 401:
            await reply.json(401, self._function.unauthorized)
        else:
            await reply.refuse(admission.status, retry_after_s=admission.retry_after_s)


async def _refuse_for(error: Exception, reply: Reply) -> None:
    """Turns what went wrong into the gateway's status; the log is told what the caller is not."""
    if isinstance(error, HungUpError):
        reply.status = HUNG_UP
        return
    if isinstance(error, RequestError):
        await reply.refuse(400, error.violations)
        return
    if isinstance(error, MaksaError):
        _log.error("%s: %s (requestId %s)", error.slug, error, reply.request_id)
    else:
        _log.error("a fault of maksa's own (requestId %s)", reply.request_id, exc_info=error)
    if not reply.status:  # nothing was sent yet
        await reply.refuse(_status_of(error))


def _status_of(error: Exception) -> int:
    """503 and 504 are the provider's, 520 what the provider never should; 500 is the gateway's own fault."""
    if isinstance(error, SnapshotError):
        return 503
    if isinstance(error, TimeoutError):
        return 504
    return 520 if isinstance(error, ProviderError) else 500
