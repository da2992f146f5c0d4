"""Reading a body that is not spelled as the guide spells it, or is wrong: every fault is found and named.

Rules of this file:
- names match by `folded_name`; where a field comes under several, the guide's own spelling wins, then the first with a value;
- null is absent; unknown members are ignored; of a member that comes twice the last counts;
- faults are gathered, each with its field as the guide spells it and the value that it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import Struct, structs

from maksa.model.errors import (
    MalformedParameterError,
    ManyRequestErrors,
    MissingParameterError,
    NotJsonError,
    RequestError,
)
from maksa.wire.dates import FromDate, since_of
from maksa.wire.ditas.bodies import Filled
from maksa.wire.members import folded_name, shown

B = TypeVar("B")

_BOM = b"\xef\xbb\xbf"


def read_patiently(kind: type[B], body: bytes) -> B:
    """The body as a *kind*, its texts trimmed. Raises: NotJsonError, or the fault or faults of its fields."""
    return assembled(kind, members_of(body))


def members_of(body: bytes) -> dict[str, object]:
    """The members of the object that *body* is, a byte order mark before it forgiven. Raises: NotJsonError."""
    try:
        value = msgspec.json.decode(body.removeprefix(_BOM))
    except RecursionError:
        raise _not_json("is nested too deeply") from None
    except ValueError as error:  # DecodeError and UnicodeDecodeError alike
        why = str(error).removeprefix("JSON is malformed: ")
        raise _not_json(f"is not JSON: {why}" if body else "is empty") from error
    if not isinstance(value, dict):
        raise _not_json(f"is {shown(value)}, not a JSON object")
    return value


def assembled(kind: type[B], members: Mapping[str, object]) -> B:
    """The *kind* that *members* make. Raises: MissingParameterError, MalformedParameterError, ManyRequestErrors."""
    faults: list[RequestError] = []
    made = _made(kind, members, "", faults)
    if made is None:
        raise faults[0] if len(faults) == 1 else ManyRequestErrors(errors=faults)
    return made


_FIELDS: dict[type[Any], tuple[structs.FieldInfo, ...]] = {}


def fields_of(kind: type[Any]) -> tuple[structs.FieldInfo, ...]:
    """The fields of *kind*, found out once: msgspec evaluates the annotations at each call."""
    if kind not in _FIELDS:
        _FIELDS[kind] = structs.fields(kind)
    return _FIELDS[kind]


def _made(kind: type[B], members: Mapping[str, object], place: str, faults: list[RequestError]) -> B | None:
    """The *kind* at *place*, or None and its faults added to *faults*."""
    before = len(faults)
    named = _by_folded_name(members)
    values = {}
    for field in fields_of(kind):
        value = members.get(field.encode_name)
        if value is None:
            value = named.get(folded_name(field.encode_name))
        values[field.name] = _value(field, value, place + field.encode_name, faults)
    if len(faults) > before:
        return None
    made = kind(**values)
    if isinstance(made, FromDate):
        _check_date(made, faults)
    return made if len(faults) == before else None


def _by_folded_name(members: Mapping[str, object]) -> dict[str, object]:
    named: dict[str, object] = {}
    for name, value in members.items():
        if value is not None:
            named.setdefault(folded_name(name), value)
    return named


def _value(field: structs.FieldInfo, value: object, place: str, faults: list[RequestError]) -> Any:
    if value is None:
        if field.required:
            faults.append(MissingParameterError(field=place, message="is missing"))
        return None
    if isinstance(field.type, type) and issubclass(field.type, Struct):
        if isinstance(value, dict):
            return _made(field.type, value, place + ".", faults)
        faults.append(_malformed(place, f"is {shown(value)}, not an object"))
        return None
    return _scalar(field.type, value, place, faults)


def _scalar(kind: object, value: object, place: str, faults: list[RequestError]) -> object:
    """A text (trimmed where it must be filled) or a whole number, which in JSON true and 1.0 are not."""
    wanted = int if int in (kind, *get_args(kind)) else str
    if type(value) is not wanted:
        faults.append(_malformed(place, f"is {shown(value)}, not a {_WORDS[wanted]}"))
        return None
    if kind == Filled:
        value = str(value).strip()
        if not value:
            faults.append(_malformed(place, "is empty"))
    return value


_WORDS: dict[type, str] = {int: "whole number", str: "text"}


def _check_date(date: FromDate, faults: list[RequestError]) -> None:
    try:
        since_of(date)
    except ManyRequestErrors as error:
        faults.extend(error.errors)
    except RequestError as error:
        faults.append(error)


def _malformed(field: str, message: str) -> RequestError:
    return MalformedParameterError(field=field, message=message)


def _not_json(message: str) -> RequestError:
    return NotJsonError(field="body", message=message)
