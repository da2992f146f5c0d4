"""The shelf's own files for another maksa: the manifest, the notices, their signatures, and each snapshot by its digest.

Rules of this file:
- the gate judges who asks as it does for TerminologiesTermByVersion: who may read every concept of a version may have its
  file, which says the same (ADR 15);
- only what the manifest of this moment lists is given, and what signs it; whatever else lies in the folder is not there;
- a snapshot is sent from its file, any part of it, as `file_parts` sends: a slow caller holds next to nothing of the worker's memory.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
from pathlib import Path
from time import perf_counter, time
from typing import BinaryIO

from msgspec import Struct

from maksa.model.errors import MaksaError, SnapshotError
from maksa.snapshot import manifest, notices, signing
from maksa.snapshot.format import SUFFIX
from maksa.snapshot.shelf import Edition
from maksa.web.asgi import HUNG_UP, Header, HungUpError, Receive, Reply, Scope, Send, body_of
from maksa.web.file_parts import FilePart, Part, send_parts
from maksa.web.gateway.gate import Admission, Gate
from maksa.web.heard import Heard, heard_from
from maksa.web.journal import Entry
from maksa.web.prepared.negotiation import has_it
from maksa.web.ranges import Span, wanted
from maksa.web.worker import Worker
from maksa.wire.ditas.functions import TERMINOLOGIES_TERM_BY_VERSION
from maksa.wire.faults import ditas_status

PREFIX = "/shelf/"

_GRANT = TERMINOLOGIES_TERM_BY_VERSION.name
_IMMUTABLE = b"private, max-age=31536000, immutable"
_DOCUMENTS = (manifest.NAME, notices.NAME)
_log = logging.getLogger("maksa.web")


class _File(Struct, frozen=True):
    """What is to be sent: the bytes of a document, or a snapshot where it lies."""

    etag: str
    media: bytes
    caching: bytes
    content: bytes = b""
    edition: Edition | None = None


class ShelfFiles:
    """The ASGI callable of every path under `PREFIX`."""

    def __init__(self, gate: Gate, worker: Worker) -> None:
        self._gate = gate
        self._worker = worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        reply = Reply(send, self._worker.request_ids.fresh(), scope)
        heard = heard_from(scope)
        admission = None
        try:
            file = self._named(scope["path"].removeprefix(PREFIX)) if heard.method in ("GET", "HEAD") else None
            admission = await self._admitted(heard, is_there=file is not None)
            if file is None or admission.status != 200:
                await reply.refuse(admission.status, retry_after_s=admission.retry_after_s)
            else:
                await body_of(receive, heard.named, self._worker.settings.body_limit)
                await _send(file, heard, receive, reply)
        except HungUpError:
            reply.status = HUNG_UP
        except Exception as error:  # noqa: BLE001 # the outermost place: the caller is told a status, the log the rest
            await self._fail(error, reply)
        account, address = (admission.account, admission.address) if admission else ("", "")
        seconds = perf_counter() - started
        self._worker.journal.note(
            Entry(time(), reply.request_id, "shelf", account, address, reply.status, 0, seconds, reply.size)
        )

    async def _admitted(self, heard: Heard, *, is_there: bool) -> Admission:
        """The gate's word. What is not there is told to those who may ask only: who may not learns nothing of the shelf."""
        shown = self._gate.shown(heard)
        admission = self._gate.admit(_GRANT, shown)
        if admission.is_open:
            admission = await self._gate.settled(_GRANT, shown)
        if admission.status == 200 and not is_there:
            return Admission(404, admission.account, admission.address)
        return admission

    async def _fail(self, error: Exception, reply: Reply) -> None:
        status = ditas_status(error) if isinstance(error, MaksaError) else 500
        _log.error("a file of the shelf (requestId %s): %s", reply.request_id, error, exc_info=status == 500)
        if not reply.status:  # nothing was sent yet
            await reply.refuse(status)

    def _named(self, name: str) -> _File | None:
        """The file of this *name*, None where there is none. Raises: SnapshotError."""
        shelf = self._worker.shelf
        if name in _DOCUMENTS or signing.NAME.fullmatch(name):
            return _document(shelf.folder / name)
        digest = name.removesuffix(SUFFIX) if name.endswith(SUFFIX) else ""
        edition = shelf.view.by_digest.get(digest)
        if edition is None and digest and shelf.refresh():  # the caller may know a newer manifest than this view
            edition = shelf.view.by_digest.get(digest)
        if edition is None:
            return None
        edition.check()
        return _File(f'"{edition.version.digest}"', b"application/vnd.sqlite3", _IMMUTABLE, edition=edition)


def _document(path: Path) -> _File | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SnapshotError(path=str(path), reason=error.strerror or str(error)) from error
    return _File(f'"{hashlib.sha256(content).hexdigest()}"', b"application/json", b"private, no-cache", content)


async def _send(file: _File, heard: Heard, receive: Receive, reply: Reply) -> None:
    shared: list[Header] = [(b"etag", file.etag.encode()), (b"cache-control", file.caching)]
    if has_it(_text(heard, b"if-none-match"), file.etag):
        await reply.begin(304, shared)
        await reply.send({"type": "http.response.body", "body": b""})
        return
    with _opened(file) as content:
        size = content.seek(0, os.SEEK_END)
        span = wanted(_text(heard, b"range"), _text(heard, b"if-range"), file.etag, size)
        status, headers = _head(span, size)
        span = Span(0, size) if span is None else span  # an empty one is a 416's
        headers += [(b"content-type", file.media), (b"content-length", b"%d" % len(span)), (b"accept-ranges", b"bytes")]
        await reply.begin(status, headers + shared)
        part = _part(content, span)
        await send_parts(receive, reply, [] if heard.method == "HEAD" else [part])


def _text(heard: Heard, name: bytes) -> str:
    return heard.named.get(name, b"").decode("latin-1")


def _opened(file: _File) -> BinaryIO:
    """The bytes of *file*. Raises: SnapshotError."""
    if file.edition is None:
        return io.BytesIO(file.content)
    try:
        return file.edition.path.open("rb")
    except OSError as error:
        raise SnapshotError(path=str(file.edition.path), reason=str(error)) from error


def _part(content: BinaryIO, span: Span) -> Part:
    if isinstance(content, io.BytesIO):
        return content.getvalue()[span.start : span.stop]
    return FilePart(content, span.start, len(span))


def _head(span: Span | None, size: int) -> tuple[int, list[Header]]:
    if span is None:
        return 200, []
    if span.start == span.stop:
        return 416, [(b"content-range", b"bytes */%d" % size)]
    return 206, [(b"content-range", b"bytes %d-%d/%d" % (span.start, span.stop - 1, size))]
