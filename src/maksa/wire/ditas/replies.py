"""Answers read back, for clients: either shape of a 401, strings encoded twice or once, data missing or null.

Rules of this file:
- nothing found is None or an empty list, as it is for the service;
- numbers that come as text are taken as numbers: other gateways write them so;
- what is no answer of a gateway at all (a proxy's page, half a body) is an UnreadableAnswerError.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Raw, Struct

from maksa.model.concept import CodedText
from maksa.model.errors import UnreadableAnswerError
from maksa.model.shapes import json_decoder
from maksa.wire.ditas.envelope import CodedTextRow, VersionRow
from maksa.wire.members import BOM

T = TypeVar("T")


class Reply(Struct, frozen=True):
    """An answer, taken out of its envelope.

    `status` and `message` are the gateway's, `service_status` the provider's (None where the gateway refused). `data` is
    `result.data` as JSON, None where there is none. `violations` are (field, message).
    """

    status: int
    message: str = ""
    service_status: int | None = None
    data: bytes | None = None
    violations: tuple[tuple[str, str], ...] = ()


class _Status(Struct, rename="camel"):
    status_code: int
    message: str | None = None


class _Result(Struct):
    data: Raw = Raw()
    status: _Status | None = None


class _Envelope(Struct):
    """Both shapes at once: the envelope, and the flat one with `code` and `msg`, whose `status` is a number."""

    status: _Status | int | None = None
    result: _Result | None = None
    code: int | None = None
    msg: str | None = None
    violations: list[Any] | None = None


_envelope_of = json_decoder(_Envelope, strict=False)


def read_reply(body: bytes) -> Reply:
    """The answer in *body*, whatever HTTP status it came under. Raises: UnreadableAnswerError."""
    try:
        envelope = _envelope_of(body.removeprefix(BOM))
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswerError(reason=str(error)) from error
    violations = tuple(_violation(each) for each in envelope.violations or ())
    if isinstance(envelope.status, _Status):
        return _enveloped(envelope.status, envelope.result, violations)
    if envelope.code is not None:
        return Reply(envelope.code, envelope.msg or "", violations=violations)
    raise UnreadableAnswerError(reason="it has no status")


def value_of(reply: Reply) -> str | None:
    """The display that Terminology or TerminologyValueByVersion found, else None. Raises: UnreadableAnswerError."""
    if reply.data is None:
        return None
    text = _data(reply.data, str)
    try:
        return json_decoder(str)(text)
    except (ValueError, RecursionError):
        return text  # encoded once only


def truth_of(reply: Reply) -> bool | None:
    """ValidateCts' judgement; None where the terminology is unknown. Raises: UnreadableAnswerError."""
    return None if reply.data is None else _data_once_or_twice(reply.data, bool)


def ids_of(reply: Reply) -> list[str]:
    """The ids that CtsTerminologies lists, in order of definition. Raises: UnreadableAnswerError."""
    return [] if reply.data is None else _data_once_or_twice(reply.data, list[str])


def coded_texts_of(reply: Reply) -> list[CodedText]:
    """The coded texts of SearchTerminology or TerminologiesTermByVersion, in its order. Raises: UnreadableAnswerError."""
    rows = [] if reply.data is None else _data_once_or_twice(reply.data, list[CodedTextRow])
    return [CodedText(row.terminology_id, row.code, row.display) for row in rows]


def version_rows_of(reply: Reply) -> list[VersionRow]:
    """The rows of TerminologyVersions, in order of publication. Raises: UnreadableAnswerError."""
    return [] if reply.data is None else _data_once_or_twice(reply.data, list[VersionRow])


def _enveloped(status: _Status, result: _Result | None, violations: tuple[tuple[str, str], ...]) -> Reply:
    result = result or _Result()
    service = result.status.status_code if result.status is not None else None
    data = bytes(result.data)
    is_nothing = service == 404 or data in _NOTHING  # whatever words stand beside a 404
    return Reply(status.status_code, status.message or "", service, None if is_nothing else data, violations)


_NOTHING = frozenset({b"", b"null", b'""', b'"null"'})
"""How gateways spell that there is no data: the last is null encoded once more, as they encode all data."""


def _violation(given: Any) -> tuple[str, str]:
    if isinstance(given, dict):
        return str(given.get("field") or ""), str(given.get("message") or "")
    return "", str(given)


def _data_once_or_twice(data: bytes, kind: type[T]) -> T:
    return _data(_data(data, str).encode() if data.startswith(b'"') else data, kind)


def _data(data: bytes, kind: type[T]) -> T:
    try:
        return json_decoder(kind, strict=False)(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswerError(reason=f"result.data: {error}") from error
