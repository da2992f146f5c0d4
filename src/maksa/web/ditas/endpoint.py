"""One call of one function, from its headers to its line in the journal: the hot path.

It can be gone in two ways. `reply_now` answers at once, with nothing between the parser and the socket: no scope, no task,
no await; it gives None where something must be waited for (a token not seen before, a rate counted elsewhere). `__call__` is
ASGI, for those and for whole versions. Both make the same checks in the contract's order (section 3): 410, 404 (the
router's), 403 by address, 401, 403 by the account's addresses, 429, 400, then the provider.

Whatever happens, the caller gets the gateway's words with a requestId, and the journal gets a line.
"""

from __future__ import annotations

import logging
from time import perf_counter, time
from typing import Any

from msgspec import Struct

from maksa.model.errors import MaksaError, RequestError
from maksa.web.asgi import HUNG_UP, Header, HungUpError, Receive, Reply, Scope, Send, body_of
from maksa.web.ditas.download import send_body
from maksa.web.ditas.provider import Handler, Tail
from maksa.web.gateway.gate import Admission, Gate, Shown
from maksa.web.heard import Heard, heard_from
from maksa.web.journal import Entry
from maksa.web.worker import Worker
from maksa.wire.charsets import decoded
from maksa.wire.ditas.answers import NOTHING
from maksa.wire.ditas.functions import Function
from maksa.wire.ditas.statuses import refusal
from maksa.wire.faults import ditas_status

_log = logging.getLogger("maksa.web")

_PLAIN_TYPES = {b"application/json", b"application/json;charset=UTF-8", b"application/json; charset=utf-8"}


class Answer(Struct, frozen=True, gc=False):
    """What is to be sent: the gateway's status, the provider's (0 where it was not asked), the body."""

    status: int
    result: int
    body: bytes
    more: tuple[Header, ...] = ()


class Said(Struct, frozen=True, gc=False):
    """What the head of a request says to a function: the same for every request with the same head.

    `query` is what is asked where there is no body, None where a body must be; `media` what the body is, None for plain JSON.
    """

    shown: Shown
    query: bytes | None
    media: bytes | None


class Endpoint:
    """One function, callable as ASGI and at once."""

    def __init__(self, function: Function[Any], handler: Handler, gate: Gate, worker: Worker) -> None:
        self._name = function.name
        self._function = function
        self._handler = handler
        self._gate = gate
        self._worker = worker
        self._note = worker.journal.note
        self.fresh_id = worker.request_ids.fresh
        self.body_limit = worker.settings.body_limit

    def said(self, heard: Heard) -> Said:
        """What the head says."""
        media = heard.named.get(b"content-type")
        query = heard.query if heard.method == "GET" else None
        return Said(self._gate.shown(heard), query, None if media is None or media in _PLAIN_TYPES else media)

    def reply_now(self, said: Said, body: bytes, request_id: str) -> Answer | None:
        """The answer, if nothing must be waited for; nothing was counted where it is None.

        Not for functions whose answer is a prepared body.
        """
        started = perf_counter()
        try:
            admission = self._gate.admit(self._name, said.shown)
        except Exception:  # noqa: BLE001 # `__call__` meets it again, and tells it
            return None
        if admission.is_open:
            return None
        answer = self._answer(said, body, request_id) if admission.status == 200 else self._refused(admission)
        if isinstance(answer, Tail):
            raise AssertionError(f"{self._name} answers with a prepared body")
        self._note(
            Entry(
                time(), request_id, self._name, admission.account, admission.address,
                answer.status, answer.result, perf_counter() - started, len(answer.body),
            )
        )  # fmt: skip
        return answer

    def note_hung_up(self, peer: str, scheme: str) -> None:
        """Puts into the journal a request whose caller went away before it was whole."""
        address = self._gate.origin_of(Heard("", b"", [], {}, peer, scheme)).text
        self._note(Entry(time(), self.fresh_id(), self._name, "", address, HUNG_UP, 0, 0.0, 0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        reply = Reply(send, self.fresh_id(), scope)
        heard = heard_from(scope)
        admission = None
        result = 0
        try:
            said = self.said(heard)
            admission = self._gate.admit(self._name, said.shown)
            if admission.is_open:
                admission = await self._gate.settled(self._name, said.shown)
            if admission.status == 200:
                body = await body_of(receive, heard.named, self.body_limit)
                result = await self._provide(self._answer(said, body, reply.request_id), heard, receive, reply)
            else:
                refused = self._refused(admission)
                await reply.json(refused.status, refused.body, refused.more)
        except HungUpError:
            reply.status = HUNG_UP
        except Exception as error:  # noqa: BLE001 # the outermost place: the caller is told a status, the log the rest
            failed = _failed(error, reply.request_id)
            if not reply.status:  # nothing was sent yet
                await reply.json(failed.status, failed.body)
        account, address = (admission.account, admission.address) if admission else ("", "")
        self._note(
            Entry(
                time(), reply.request_id, self._name, account, address,
                reply.status, result, perf_counter() - started, reply.size,
            )
        )  # fmt: skip

    def _answer(self, said: Said, body: bytes, request_id: str) -> Answer | Tail:
        """What the provider answers to a request that was admitted, or a refusal of what it asks."""
        try:
            answer = self._handler(self._worker.shelf.view, self._asked(said, body))
        except Exception as error:  # noqa: BLE001 # the provider's room ends here
            return _failed(error, request_id, of_provider=True)
        if isinstance(answer, Tail):
            return answer
        return Answer(200, 404 if answer is NOTHING else 200, answer)

    def _asked(self, said: Said, body: bytes) -> Any:
        """What the request asks, from its body, else from its query where the method is GET. Raises: RequestError."""
        if not body and said.query is not None:
            return self._function.read_query(said.query)
        return self._function.read(body if said.media is None else decoded(body, said.media))

    async def _provide(self, answer: Answer | Tail, heard: Heard, receive: Receive, reply: Reply) -> int:
        """Sends the provider's answer; its status. Raises: SnapshotError, StorageError, TimeoutError."""
        if isinstance(answer, Tail):
            prepared = await self._worker.bodies.of(answer.edition)
            segment = 0 if answer.since is None else prepared.segment_since(answer.since)
            if segment is not None:
                try:
                    await send_body(receive, reply, prepared, segment, heard.named)
                except OSError:
                    self._worker.bodies.forget(answer.edition)  # it is a cache: whoever asks next has it made again
                    raise
                return 200
            answer = Answer(200, 404, NOTHING)
        await reply.json(answer.status, answer.body)
        return answer.result

    def _refused(self, admission: Admission) -> Answer:
        if admission.status == 401:
            return Answer(401, 0, self._function.unauthorized)
        more = ((b"retry-after", b"%d" % max(1, round(admission.retry_after_s))),) if admission.retry_after_s else ()
        return Answer(admission.status, 0, refusal(admission.status), more)


def _failed(error: Exception, request_id: str, *, of_provider: bool = False) -> Answer:
    """The gateway's words for what went wrong; the log is told what the caller is not.

    503 and 504 are the provider's, 520 is what the provider should never do; 500 is the gateway's own fault.
    """
    if isinstance(error, RequestError):
        return Answer(400, 0, refusal(400, error.violations))
    if isinstance(error, MaksaError):
        _log.error("%s: %s (requestId %s)", error.slug, error, request_id)
        status = ditas_status(error)
    elif isinstance(error, TimeoutError):
        status = 504
    else:
        _log.error("a fault of maksa's own (requestId %s)", request_id, exc_info=error)
        status = 520 if of_provider else 500
    return Answer(status, 0, refusal(status))
