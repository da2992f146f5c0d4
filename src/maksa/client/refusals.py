"""What a refusal means: which error of the tree says it, and so whose fault it is.

Each error carries `function`, `status`, `message`, `request_id`, `violations` and, where the other end named one,
`retry_after_s`. Nothing that was sent is in it.
Source: contract, sections 1 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from maksa.client.retrying import retry_after_s
from maksa.client.steps import Answer, Arrival
from maksa.model.errors import (
    AccessError,
    AccessRefusedError,
    RefusedError,
    RemoteError,
    RequestRefusedError,
    ServiceFaultError,
    TooFastError,
    TransportError,
    UnreadableAnswerError,
)
from maksa.wire.ditas.replies import Reply, read_reply
from maksa.wire.ditas.statuses import MESSAGES
from maksa.wire.members import shown
from maksa.wire.oauth import PATH, Tokens, read_tokens

T = TypeVar("T")

_KINDS: dict[int, type[RefusedError]] = {
    400: RequestRefusedError,
    401: AccessRefusedError,
    403: AccessRefusedError,
    404: RequestRefusedError,
    405: RequestRefusedError,
    410: RequestRefusedError,
    429: AccessRefusedError,
}
"""Whose fault a status is. Any other is the service's own."""


def refusal_of(function: str, answer: Answer) -> RefusedError:
    """The error for an *answer* that is none of 200's."""
    try:
        reply = read_reply(answer.body)
    except UnreadableAnswerError:
        reply = Reply(answer.status, _words(answer))
    return _made(function, answer, reply.status, reply.message, violations=reply.violations)


def reply_of(function: str, answer: Answer, read: Callable[[Reply], T]) -> T:
    """What *read* makes of an *answer* under HTTP's 200. Raises: RefusedError, TransportError, UnreadableAnswerError."""
    try:
        reply = read_reply(answer.body)
        check(function, answer, reply)
        return read(reply)
    except UnreadableAnswerError as error:
        raise unread(function, answer, error, answer.body) from error


def unread(function: str, answer: Answer | Arrival, error: UnreadableAnswerError, body: bytes) -> RemoteError:
    """The error for a *body* under 200 that cannot be read: cut on its way, or no answer of a gateway at all."""
    facts = {"function": function, "request_id": answer.request_id}
    if not body.strip():
        return TransportError(place=function, reason="the answer is empty", **facts)
    if body.lstrip().startswith(b"{") and "truncated" in str(error):
        return TransportError(place=function, reason="the answer ended before its end", **facts)
    return UnreadableAnswerError(reason=f"{error.facts['reason']}; its kind is {_kind(answer)}", **facts)


def check(function: str, answer: Answer | Arrival, reply: Reply) -> None:
    """Lets a *reply* pass that the gateway and the provider both gave; 404 of the provider is a reply. Raises: RefusedError."""
    if reply.status != 200:
        raise _made(function, answer, reply.status, reply.message, violations=reply.violations)
    if reply.service_status not in _PROVIDER_ANSWERED:
        raise _made(function, answer, reply.service_status, "the provider's status, inside the gateway's 200")


_PROVIDER_ANSWERED = (None, 200, 404)


def tokens_of(answer: Answer) -> Tokens:
    """The tokens that an *answer* of the token endpoint gives.

    Raises: BadClientError, BadGrantError, with `request_id`; RefusedError, TransportError, UnreadableAnswerError.
    Source: RFC 6749, section 5.2.
    """
    try:
        return read_tokens(answer.body)
    except AccessError as error:
        raise type(error)(status=answer.status, request_id=answer.request_id) from None
    except UnreadableAnswerError as error:
        if answer.status == 200:
            raise unread(PATH, answer, error, answer.body) from None  # what was read of it may be a token
        raise refusal_of(PATH, answer) from None
    except RemoteError as error:
        raise _made(PATH, answer, answer.status, str(error)) from None


def _made(
    function: str, answer: Answer | Arrival, status: int, message: str, violations: tuple[tuple[str, str], ...] = ()
) -> RefusedError:
    after = retry_after_s(answer.headers.get("Retry-After"), answer.headers.get("Date"))
    kind = TooFastError if status == 429 and after is not None else _KINDS.get(status, _kind_of_unknown(status))
    said = message or MESSAGES.get(status, "without a word")  # the flat 401 has an empty one
    return kind(
        function=function, status=status, message=said, request_id=answer.request_id, retry_after_s=after,
        violations=violations,
    )  # fmt: skip


def _kind_of_unknown(status: int) -> type[RefusedError]:
    """Who is to blame for a status that is none of the gateway's: a redirection is an address that is called wrongly."""
    return RequestRefusedError if 300 <= status < 400 else ServiceFaultError


def _words(answer: Answer) -> str:
    """What to say of a body that is not the gateway's: where it leads or what kind it is, never itself."""
    if 300 <= answer.status < 400 and "Location" in answer.headers:
        return f"it is at {shown(answer.headers['Location'].partition('?')[0])}; no credentials are sent on"
    return f"not in the gateway's words but as {_kind(answer)}, as a proxy between would"


def _kind(answer: Answer | Arrival) -> str:
    return answer.headers.get("Content-Type", "").partition(";")[0].strip() or "nothing that says what it is"
