"""The fields of a function as parameters of a query string: for stacks that cannot send a body with GET.

Members of an object come in any of four ways: by themselves (`valueField=`), dotted (`DoCodedText.valueField=`), in
brackets (`FromDate[yearField]=`), or the whole object as JSON (`FromDate={"yearField":1400}`). A date may be text:
`FromDate=1402/07/25`. Digits are numbers where a number is wanted.
Source: contract, section 2: every function also answers GET with the same fields as query parameters.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from msgspec import Struct

from maksa.model.errors import MalformedParameterError, NotJsonError
from maksa.wire.dates import FromDate
from maksa.wire.ditas.patience import assembled, fields_of, members_of
from maksa.wire.forms import form_pairs
from maksa.wire.members import folded_name

B = TypeVar("B")

_PATH = re.compile(r"(?P<outer>[^.\[\]]+)(?:\.(?P<dotted>[^.\[\]]+)|\[(?P<bracketed>[^.\[\]]+)\])?")
_NUMBER = re.compile(r"-?\d{1,100}")  # a longer one stays text, and is refused as such


def read_query(kind: type[B], query: bytes) -> B:
    """The body that the parameters in *query* make. Raises: RequestError, as for a body; the last of a repeated one counts."""
    members: dict[str, object] = {}
    objects = _objects_of(kind)
    for name, value in form_pairs(query):
        _place(name, value, members, objects)
    return assembled(kind, members)


class _Object:
    """A field of the body that is itself an object, and the members it takes."""

    def __init__(self, name: str, kind: type[Struct]) -> None:
        self.name = name
        self.is_date = issubclass(kind, FromDate)
        self.members = {folded_name(field.encode_name) for field in fields_of(kind)}

    def member(self, name: str, value: str) -> object:
        """The value of a member: a number in a date, absent where it is empty there."""
        if not self.is_date or folded_name(name) == "isostring":
            return value
        if _NUMBER.fullmatch(value):
            return int(value)
        return value or None

    def whole(self, value: str) -> object:
        """The object from one parameter. Raises: MalformedParameterError where it is JSON and does not read."""
        if value.lstrip().startswith("{"):
            try:
                return members_of(value.encode())
            except NotJsonError as error:
                raise MalformedParameterError(field=self.name, message=error.message) from error
        return {"iSOStringField": value} if self.is_date else value


def _objects_of(kind: type[Any]) -> dict[str, _Object]:
    """The fields of *kind* that are objects, by folded name."""
    return {
        folded_name(field.encode_name): _Object(field.encode_name, field.type)
        for field in fields_of(kind)
        if isinstance(field.type, type) and issubclass(field.type, Struct)
    }


def _place(name: str, value: str, members: dict[str, object], objects: dict[str, _Object]) -> None:
    """Puts one parameter where it belongs among *members*."""
    path = _PATH.fullmatch(name)
    if path is None:
        return
    outer, inner = path["outer"], path["dotted"] or path["bracketed"]
    holder = objects.get(folded_name(outer))
    if holder is None and inner is None:
        holder = next((each for each in objects.values() if folded_name(name) in each.members), None)
        inner = name
    if holder is None:
        members[name] = value
    elif inner is None:
        members[holder.name] = holder.whole(value)
    else:
        _add(members, holder, inner, value)


def _add(members: dict[str, object], holder: _Object, inner: str, value: str) -> None:
    """Adds one member to an object that may have come in parts, or whole before."""
    have = members.setdefault(holder.name, {})
    if isinstance(have, dict):
        have[inner] = holder.member(inner, value)
