"""`POST /check`: many coded texts judged in one call, with what is wrong with each.

Rules of this file:
- the gate judges who asks as it does for ValidateCts: who may have one text judged may have many;
- texts are judged in a thread of their own, one call after the other: the functions beside it go on being answered;
- a call has an allowance for costly looks, as a file has: a call full of errors is not slow either;
- a form that is sent here is a page's, and goes on to the pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, time

from maksa.check import Checker, Finding, Verdict
from maksa.model.concept import CodedText
from maksa.model.errors import MaksaError, RequestError
from maksa.web.asgi import HUNG_UP, HungUpError, Receive, Reply, Scope, Send, body_of
from maksa.web.gateway.gate import Admission, Gate
from maksa.web.heard import Heard, heard_from
from maksa.web.journal import Entry
from maksa.web.worker import Worker
from maksa.wire.charsets import decoded
from maksa.wire.checks import FindingRow, VerdictRow, read_texts, row_of, verdicts_answer
from maksa.wire.dates import read_date
from maksa.wire.ditas.functions import VALIDATE_CTS
from maksa.wire.faults import ditas_status
from maksa.wire.forms import form_pairs

PATH = "/check"

_ALLOWANCE = 2_000  # of a call, in units of a tenth of a millisecond
_FORMS = (b"multipart/", b"application/x-www-form-urlencoded")
_log = logging.getLogger("maksa.web")


class CheckEndpoint:
    """The ASGI callable of `PATH`. *pages* answers the forms."""

    def __init__(self, gate: Gate, worker: Worker, pages: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._gate = gate
        self._worker = worker
        self._pages = pages
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="check")
        self._checker = Checker(worker.shelf)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        heard = heard_from(scope)
        if heard.named.get(b"content-type", b"").lower().startswith(_FORMS):
            await self._pages(scope, receive, send)
            return
        started = perf_counter()
        reply = Reply(send, self._worker.request_ids.fresh())
        admission = None
        try:
            admission = await self._admitted(heard)
            if admission.status == 200:
                body = await body_of(receive, heard.named, self._worker.settings.body_limit)
                await reply.json(200, await self._judged(heard, body))
            else:
                await reply.refuse(admission.status, retry_after_s=admission.retry_after_s)
        except HungUpError:
            reply.status = HUNG_UP
        except Exception as error:  # noqa: BLE001 # the outermost place: the caller is told a status, the log the rest
            await _fail(error, reply)
        account, address = (admission.account, admission.address) if admission else ("", "")
        seconds = perf_counter() - started
        self._worker.journal.note(
            Entry(time(), reply.request_id, "check", account, address, reply.status, 0, seconds, reply.size)
        )

    async def _admitted(self, heard: Heard) -> Admission:
        shown = self._gate.shown(heard)
        admission = self._gate.admit(VALIDATE_CTS.name, shown)
        return await self._gate.settled(VALIDATE_CTS.name, shown) if admission.is_open else admission

    async def _judged(self, heard: Heard, body: bytes) -> bytes:
        """The answer. Raises: RequestError, SnapshotError; TimeoutError where it takes too long."""
        texts = read_texts(decoded(body, heard.named.get(b"content-type", b"application/json")))
        asked = dict(form_pairs(heard.query))
        checker = self._checker_for(asked.get("at"), asked.get("version"))
        judging = asyncio.get_running_loop().run_in_executor(self._thread, _judge, checker, texts)
        return await asyncio.wait_for(asyncio.shield(judging), self._worker.settings.provider_timeout_s)

    def _checker_for(self, at: str | None, label: str | None) -> Checker:
        """The checker of the shelf as it is now, which is kept; or one for a date or a version. Raises: RequestError."""
        view = self._worker.shelf.view
        if at or label:
            return Checker(view, at=read_date(at, field="at") if at else None, label=label or None)
        if self._checker.view is not view:
            self._checker = Checker(view)
        return self._checker

    def close(self) -> None:
        """Ends the thread; what it has begun is finished first."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _judge(checker: Checker, texts: list[CodedText]) -> bytes:
    checker.allow(_ALLOWANCE)
    return verdicts_answer([_row(checker.check(text)) for text in texts])


def _row(verdict: Verdict) -> VerdictRow:
    right = verdict.correction
    findings = tuple(map(_finding, verdict.findings))
    if right is None:
        return VerdictRow(verdict.is_valid, verdict.version, findings)
    return VerdictRow(verdict.is_valid, verdict.version, findings, row_of(right))


def _finding(finding: Finding) -> FindingRow:
    suggestions = tuple(map(row_of, finding.suggestions))
    facts = (finding.slug, finding.severity, finding.message, finding.message_fa, finding.part, finding.version)
    if finding.correction is None:
        return FindingRow(*facts, suggestions=suggestions)
    return FindingRow(*facts, row_of(finding.correction), suggestions)


async def _fail(error: Exception, reply: Reply) -> None:
    """Answers what went wrong in the gateway's words; the log is told what the caller is not."""
    if isinstance(error, RequestError):
        await reply.refuse(400, error.violations)
        return
    status = ditas_status(error) if isinstance(error, MaksaError) else 504 if isinstance(error, TimeoutError) else 500
    _log.error("coded texts were not judged (requestId %s): %s", reply.request_id, error, exc_info=status == 500)
    if not reply.status:  # nothing was sent yet
        await reply.refuse(status)
