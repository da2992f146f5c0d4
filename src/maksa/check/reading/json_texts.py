"""Coded texts inside one JSON value, at any depth: what the members of its objects make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from maksa.check.reading.found import NOT_TEXT, Found, Place, Span
from maksa.check.reading.json_scan import DEPTH_LIMIT, NotJsonAtError, Token
from maksa.check.reading.reasons import reason
from maksa.check.reading.shapes import hoist, is_coded_text, parts_in, role_of, wants_display

_decode = json.JSONDecoder(strict=False).decode
_NAMES: dict[bytes, str] = {}
_NAMES_KEPT = 4_096  # messages repeat their names


class Member(NamedTuple):
    """A scalar member of an object: its JSON, and where that lies."""

    raw: bytes
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text of a string; of another scalar, as it is written. Raises: NotJsonAtError."""
        return _text(self.raw, self.start) if self.raw[:1] == b'"' else self.raw.decode("ascii")

    @property
    def is_there(self) -> bool:
        """A null member is an absent one (contract, section 2)."""
        return self.raw != b"null"


class _Frame:
    """An object or array that is open. `key` is its own name in its parent, `name` or `index` where it is read now."""

    __slots__ = ("index", "is_object", "key", "members", "name", "role")

    def __init__(self, key: str | int, role: int | None, *, is_object: bool) -> None:
        self.key = key
        self.role = role
        self.is_object = is_object
        self.members: dict[int, Member] = {}
        self.name = ""
        self.index = 0


def coded_texts(stream: Iterable[Token], line: int = 0) -> Iterator[Found]:
    """The coded texts of the JSON values in *stream*, in the order in which they end. Raises: NotJsonAtError."""
    stack: list[_Frame] = []
    expects = "value"  # or key, colon, end (of a member: a comma or a bracket)
    end = 0
    for kind, raw, start, end in stream:
        if expects == "colon":
            _expect(kind == ":", start, raw)
            expects = "value"
        elif kind == '"' and expects in ("key", "key or close"):
            stack[-1].name = _name(raw, start)
            expects = "colon"
        elif kind in "}]" and expects in ("end", "key or close", "value or close"):
            _expect(bool(stack) and stack[-1].is_object == (kind == "}"), start, raw)
            closed = stack.pop()
            if closed.is_object:
                yield from _closed(stack, closed, line)
            expects = "end" if stack else "value"
        elif kind == "," and expects == "end":
            expects = "key" if stack[-1].is_object else "value"
            stack[-1].index += 1
        else:
            _expect(expects in ("value", "value or close") and kind not in ":,}]", start, raw)
            expects = _begun(stack, (kind, raw, start, end))
    if stack:
        raise NotJsonAtError(end, reason("json-open", count=len(stack)))


def _begun(stack: list[_Frame], token: Token) -> str:
    """Takes a scalar, or opens an object or an array; what is expected next."""
    kind, raw, start, end = token
    top = stack[-1] if stack else None
    role = role_of(top.name) if top and top.is_object else None
    if kind not in "{[":
        if top is not None and role is not None:
            top.members[role] = Member(raw, start, end)
        return "end" if stack else "value"
    if len(stack) == DEPTH_LIMIT:
        raise NotJsonAtError(start, reason("json-deep", limit=DEPTH_LIMIT))
    key: str | int = "" if top is None else top.name if top.is_object else top.index
    stack.append(_Frame(key, role, is_object=kind == "{"))
    return "key or close" if kind == "{" else "value or close"


def _closed(stack: list[_Frame], closed: _Frame, line: int) -> Iterator[Found]:
    """The coded text that an object is, when it ends; none where it was a part of the one around it."""
    members = {role: member for role, member in closed.members.items() if member.is_there}
    if stack and stack[-1].is_object and hoist(stack[-1].members, closed.role, members):
        return
    above = stack[-1] if stack else None
    in_coding = above is not None and not above.is_object and above.key == "coding"
    if is_coded_text(members, in_coding=in_coding):
        yield _found(members, closed.members, Place(line=line, path=_pointer(stack, closed)))


def _found(members: dict[int, Member], given: dict[int, Member], place: Place) -> Found:
    terminology, code, display = parts_in(members)
    text = display.text if display else "" if wants_display(given) else None
    first, second, third = (Span(part.start, part.end) if part else None for part in parts_in(given))
    damage = NOT_TEXT if code and code.raw[:1] != b'"' else ""
    return Found(
        terminology.text if terminology else "", code.text if code else "", text, place, damage, (first, second, third)
    )


def _pointer(stack: list[_Frame], closed: _Frame) -> str:
    """The JSON pointer (RFC 6901) of an object; "" for the whole document."""
    keys = [str(frame.key).replace("~", "~0").replace("/", "~1") for frame in (*stack, closed)[1:]]
    return "".join(f"/{key}" for key in keys)


def _expect(is_right: bool, start: int, raw: bytes) -> None:  # the one thing it is about
    if not is_right:
        raise NotJsonAtError(start, reason("json-unexpected", shown=raw[:20].decode(errors="replace")))


def _text(raw: bytes, start: int) -> str:
    try:
        return str(_decode(raw.decode())) if b"\\" in raw else raw[1:-1].decode()
    except ValueError as error:
        raise NotJsonAtError(start, reason("json-text", str(error))) from error


def _name(raw: bytes, start: int) -> str:
    name = _NAMES.get(raw)
    if name is None:
        name = _text(raw, start)
        if len(_NAMES) < _NAMES_KEPT and len(raw) < 100:
            _NAMES[raw] = name
    return name
