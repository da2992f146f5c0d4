"""The line to another maksa: its shelf's files, asked with the client's token.

Rules of this file:
- a token goes to the host that was named, and no further: a redirection is a refusal;
- an answer that is none (the line was lost, the service is busy) is asked for again, as often as the client's patience has it;
- a body is never held whole unless it is a document, and a document is bounded.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from time import monotonic

import httpx2
from msgspec import Struct

from maksa.client.account import Account, Patience
from maksa.client.caller import Caller
from maksa.client.faults import remote_error_of
from maksa.client.refusals import refusal_of
from maksa.client.retrying import Repetition
from maksa.client.steps import Answer, Wait
from maksa.client.sync import Driver
from maksa.client.tokens import TokenStore
from maksa.mirror.course import Course
from maksa.model.errors import RemoteError, UnreadableAnswerError

GRANT = "TerminologiesTermByVersion"
"""The function whose pid grants the shelf's files (ADR 15)."""

DOCUMENT_LIMIT = 64 * 1024 * 1024  # bytes; a manifest of a hundred thousand versions
_WITH_FILE = frozenset({200, 206})
_GOOD = _WITH_FILE | {304}


class Document(Struct, frozen=True):
    """What was answered for a document: its bytes; none of it where the caller has it already, or where there is no such one."""

    content: bytes = b""
    is_unchanged: bool = False
    is_absent: bool = False


class PacedDriver(Driver):
    """Does the client's steps, waiting as the sync does."""

    def __init__(self, http: httpx2.Client, course: Course, tokens: TokenStore | None = None) -> None:
        super().__init__(http, tokens)
        self._course = course

    def _wait(self, step: Wait) -> None:
        self._course.pause(step.seconds)


def http_for(url: str) -> httpx2.Client:
    """What asks the service at *url*; it follows no redirection."""
    return httpx2.Client(follow_redirects=False, verify=_trust() if url.startswith("https:") else False)  # no TLS


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are believed. Reading them takes longer than a sync that finds nothing new, so it is done once."""
    return httpx2.create_ssl_context()


class Line:
    """The line of one sync. Close it at its end."""

    def __init__(
        self, account: Account, course: Course, http: httpx2.Client | None = None, tokens: TokenStore | None = None
    ) -> None:
        upstream = course.upstream
        patience = Patience(rate_per_s=upstream.requests_per_s or None)
        self.course = course
        self.patience = patience
        self._base = httpx2.URL(upstream.url.rstrip("/") + "/shelf/")
        self._pid = account.pid_for(GRANT)
        self._http = http or http_for(upstream.url)
        self._caller = Caller(upstream.url, account, patience, base=None, codings="identity")
        self._driver = PacedDriver(self._http, course, tokens)

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def repetition(self) -> Repetition:
        """How often, and after which pauses, one thing is asked again."""
        return Repetition(self.patience)

    def address(self, name: str) -> str:
        """Where the file *name* of the shelf is, for messages."""
        return str(self._base.join(name))

    def document(self, name: str, known: str = "") -> Document:
        """The document *name* of the shelf, unless it is the one whose ETag is *known*. Raises: RemoteError, AccessError."""
        repetition = self.repetition()
        while True:
            try:
                return self._document(name, {"If-None-Match": known} if known else {})
            except RemoteError as error:
                self.course.pause(repetition.pause_after(error))

    def _document(self, name: str, headers: Mapping[str, str]) -> Document:
        with self.opened(name, headers, also=404) as response:
            if response.status_code != 200:
                return Document(is_unchanged=response.status_code == 304, is_absent=response.status_code == 404)
            parts = []
            size = 0
            for part in response.iter_bytes():
                size += len(part)
                if size > DOCUMENT_LIMIT:
                    raise UnreadableAnswerError(reason=f"{name} is more than {DOCUMENT_LIMIT} bytes")
                parts.append(part)
                self.course.receive(len(part))
            return Document(b"".join(parts))

    @contextmanager
    def opened(self, name: str, headers: Mapping[str, str], also: int = 200) -> Iterator[httpx2.Response]:
        """The answer to a GET of the file *name*, its body still to be read: of status 200, 206, 304 or *also*.

        Raises: RefusedError for any other, TransportError where the line is lost, then or while the body is read.
        """
        url = self._base.join(name)
        try:
            response = self._admitted(url, headers)
            try:
                if response.status_code not in _WITH_FILE:
                    response.read()  # whole, so that its connection serves the next request
                if response.status_code not in _GOOD | {also}:
                    raise refusal_of(f"shelf/{name}", Answer(response.status_code, response.headers, response.content))
                yield response
            finally:
                response.close()
        except httpx2.RequestError as error:
            raise remote_error_of(error, url) from error

    def _admitted(self, url: httpx2.URL, headers: Mapping[str, str]) -> httpx2.Response:
        """The answer, the token renewed once where it was refused."""
        until = monotonic() + self.patience.deadline_s
        token = self._driver.run(self._caller.session.token(until))
        response = self._sent(url, headers, token)
        if response.status_code == 401:
            response.read()
            token = self._driver.run(self._caller.session.token(until, refused=token))
            response = self._sent(url, headers, token)
        return response

    def _sent(self, url: httpx2.URL, headers: Mapping[str, str], token: str) -> httpx2.Response:
        self.course.ask()
        wait_s = self._caller.pace.take()
        if wait_s:
            self.course.pause(wait_s)
        shared = {"Authorization": f"Bearer {token}", "pid": self._pid, "Accept-Encoding": "identity"}
        request = self._http.build_request(
            "GET",
            url,
            headers={**shared, **headers},
            timeout=httpx2.Timeout(self.patience.read_s, connect=self.patience.connect_s),
        )
        return self._http.send(request, stream=True)
