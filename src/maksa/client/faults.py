"""What httpx2 says of a line, in the tree's words. The place is the host and port that was called, never the whole address."""

from __future__ import annotations

import ssl

import httpx2

from maksa.model.errors import RemoteError, TimedOutError, TransportError, UnreadableAnswerError


def remote_error_of(error: httpx2.RequestError, url: httpx2.URL) -> RemoteError:
    """The error of the tree that says *error*.

    Of a TransportError, `is_final` says that asking again is no use, `is_unanswered` that the other end was there, and ended
    the connection or said nothing.
    """
    place = url.netloc.decode("ascii")
    said = "the request has what no header can carry" if _is_ours(error) else str(error) or type(error).__name__
    if isinstance(error, httpx2.TimeoutException):
        reason = _SILENCES.get(type(error), "no answer in time")
        is_silent = isinstance(error, httpx2.ReadTimeout)
        return TimedOutError(place=place, reason=reason, is_final=False, is_unanswered=is_silent)
    if isinstance(error, httpx2.DecodingError):
        return UnreadableAnswerError(
            reason=f"its content coding is damaged: {said}", function=url.path.rpartition("/")[2]
        )
    is_unanswered = isinstance(error, httpx2.ReadError | httpx2.WriteError | httpx2.RemoteProtocolError)
    return TransportError(place=place, reason=said, is_final=_is_final(error), is_unanswered=is_unanswered)


def told_cause(error: httpx2.RequestError) -> httpx2.RequestError | None:
    """*error*, to be raised from; None where it repeats a header, which may be the token's."""
    return None if _is_ours(error) else error


def _is_ours(error: httpx2.RequestError) -> bool:
    return isinstance(error, httpx2.LocalProtocolError)


_SILENCES: dict[type[httpx2.TimeoutException], str] = {
    httpx2.ConnectTimeout: "no connection in time",
    httpx2.ReadTimeout: "no answer in time",
    httpx2.WriteTimeout: "the request could not be sent in time",
    httpx2.PoolTimeout: "no connection was free in time",
}


def _is_final(error: httpx2.RequestError) -> bool:
    """Whether trying again cannot help: a certificate that is not trusted, an address that no transport knows."""
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
        return True
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
