"""Answers as bytes: compact JSON, members in the guide's order, Persian unescaped, UTF-8.

Constant bytes are joined around what varies, since this is the hot path and most of an answer never changes.
Source: contract, sections 2 and 3; guide, appendix 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from maksa.model.terminology import Version
from maksa.wire.ditas.envelope import VersionRow
from maksa.wire.ditas.statuses import MESSAGES

_encode = msgspec.json.Encoder().encode

_HEAD = b'{"result":{"data":'
_GATEWAY = b'"status":{"statusCode":200,"message":' + _encode(MESSAGES[200]) + b"}}"
_TAIL = b',"status":{"statusCode":200}},' + _GATEWAY

NOTHING = b'{"result":{"status":{"statusCode":404}},' + _GATEWAY
"""The gateway worked, the provider has nothing: a 404 inside a 200."""

TRUE = _HEAD + b'"true"' + _TAIL
FALSE = _HEAD + b'"false"' + _TAIL
"""ValidateCts' two answers: a JSON boolean inside a string."""

BODY_HEAD = _HEAD + b"["
BODY_TAIL = b"]" + _TAIL
"""What stands around a list of coded texts, commas between them. A list of none is NOTHING."""


@lru_cache(maxsize=1024)  # callers ask the same codes again and again
def value_answer(display: str) -> bytes:
    """The answer that carries *display* as JSON text inside a JSON string: `"data":"\\"اسلام\\""`."""
    return _HEAD + _encode(_encode(display).decode()) + _TAIL


def ids_answer(ids: Iterable[str]) -> bytes:
    """The answer that lists terminologies in the order given; NOTHING for none."""
    listed = list(ids)
    return _HEAD + _encode(listed) + _TAIL if listed else NOTHING


def versions_answer(versions: Sequence[Version]) -> bytes:
    """The answer that lists the versions of one terminology, given in order of publication: the last is `IsLast`."""
    last = len(versions) - 1
    rows = [
        VersionRow(each.row, each.terminology_id, each.label, each.number, index == last)
        for index, each in enumerate(versions)
    ]
    return _HEAD + _encode(rows) + _TAIL if rows else NOTHING


def coded_text_writer(terminology_id: str) -> Callable[[str, str], bytes]:
    """A function of (display, code) that writes the coded text of *terminology_id*, spelled as it was defined."""
    join, encode = b"".join, _encode  # bound once: a publication calls this for every concept
    middle = b',"terminology_idField":' + encode(terminology_id) + b',"coded_stringField":'

    def written(display: str, code: str) -> bytes:
        return join((b'{"valueField":', encode(display), middle, encode(code), b"}"))

    return written
