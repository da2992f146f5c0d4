"""The branch of the tree of errors for those who call another service: the line, and what the other end says."""

from __future__ import annotations

from maksa.model.root_error import MaksaError


class RemoteError(MaksaError):
    slug = "remote"


class UnreadableAnswerError(RemoteError):
    """Whoever answered is no such service, or not in a state to be one: a proxy's page, a body that is damaged."""

    slug = "unreadable-answer"
    template = "the answer cannot be read: {reason}"

    def _said(self) -> str:
        function = self.facts.get("function")
        return (f"{function}: " if function else "") + super()._said()


class TransportError(RemoteError):
    """Nobody's fault but the line's: no connection, one that was lost, or an answer that ended before its end."""

    slug = "transport"
    template = "{place}: {reason}"


class TimedOutError(TransportError):
    slug = "timed-out"


class RefusedError(RemoteError):
    """An answer that is a no. Its kinds say whose fault it is.

    `function` is what was asked, `status` and `message` are the gateway's own, `request_id` is what to tell its operator
    ("" where it sent none), `violations` are (field, message) of a request that is refused for its fields, `retry_after_s`
    are the seconds after which it may be asked again, None where it does not say.
    """

    slug = "refused"
    template = "{function} is refused: {status} {message}"
    function: str
    status: int
    message: str
    violations: tuple[tuple[str, str], ...]
    retry_after_s: float | None

    def _said(self) -> str:
        faults = "".join(f"; {field}: {message}" for field, message in self.facts.get("violations", ()))
        after = self.facts.get("retry_after_s")
        return super()._said() + faults + (f"; Retry-After {after:.0f} s" if after else "")


class RequestRefusedError(RefusedError):
    """The caller's fault: what was asked, or where (400, 404, 410). Again it would be refused again."""

    slug = "request-refused"


class AccessRefusedError(RefusedError):
    """The caller's account: its token, its address, its pid (401, 403, 429 without a word of when)."""

    slug = "access-refused"


class TooFastError(AccessRefusedError):
    """The caller's pace: 429 with `retry_after_s`, the seconds after which it may ask again."""

    slug = "too-fast"


class ServiceFaultError(RefusedError):
    """The other end's own fault (5xx, or a status that nobody knows): later it may go."""

    slug = "service-fault"
