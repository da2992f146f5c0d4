"""The OpenAPI document as people read it: each path with what it takes and what it answers, each shape with its members.

The document is English, and so is the reference as JSON; the Persian page has its sentences from `guide/reference.fa.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from maksa.web.openapi import document
from maksa.wire.ditas.functions import BASES

_SHAPES = "#/components/schemas/"


class Member(Struct, frozen=True):
    """A member of a shape, or a parameter. `kind` is in JSON Schema's words; `shape` names what it is made of, "" if nothing."""

    name: str
    kind: str
    shape: str
    is_required: bool
    says: str


class Shape(Struct, frozen=True):
    """A shape of a body or an answer."""

    name: str
    says: str
    members: tuple[Member, ...]


class Answer(Struct, frozen=True):
    """What an operation may answer."""

    status: str
    says: str
    shape: str


class Operation(Struct, frozen=True):
    """A method of a path. `takes` are its parameters; `body` names the shape of its body, `form` has a form's fields."""

    method: str
    says: str
    takes: tuple[Member, ...]
    body: str
    media: str
    form: tuple[Member, ...]
    answers: tuple[Answer, ...]
    needs: tuple[str, ...]


class Place(Struct, frozen=True):
    """A path, and what may be done there; all its operations answer alike. `name` is a function's, else the path."""

    name: str
    path: str
    operations: tuple[Operation, ...]


class Reference(Struct, frozen=True):
    """The whole document. The paths of the guide's curl samples answer the same as the others and are left out."""

    version: str
    places: tuple[Place, ...]
    shapes: tuple[Shape, ...]


@cache
def reference() -> Reference:
    """The reference, of the document that this version serves."""
    whole = msgspec.json.decode(document())
    places = tuple(
        _place(path, methods, whole["security"])
        for path, methods in whole["paths"].items()
        if not any(each.get("operationId", "").endswith("OfTheSamples") for each in methods.values())
    )
    shapes = whole["components"]["schemas"]
    return Reference(whole["info"]["version"], places, tuple(_shape(name, shapes[name]) for name in sorted(shapes)))


@cache
def sentences(language: str) -> Mapping[str, str]:
    """What the sentences of the reference are in *language*, by the English sentence; empty for English."""
    if language == "en":
        return {}
    content = files(__package__).joinpath("guide", f"reference.{language}.toml").read_text("utf-8")
    return tomllib.loads(content)


def _place(path: str, methods: dict[str, Any], security: list[dict[str, Any]]) -> Place:
    operations = (_operation(method, given, security) for method, given in methods.items())
    return Place(path.removeprefix(f"{BASES[0]}/"), path, tuple(operations))


def _operation(method: str, given: dict[str, Any], security: list[dict[str, Any]]) -> Operation:
    takes = given.get("parameters", [])
    content: dict[str, Any] = given.get("requestBody", {}).get("content", {})
    media, schema = next(((media, body.get("schema", {})) for media, body in content.items()), ("", {}))
    return Operation(
        method=method.upper(),
        says=_sentence(given, "summary"),
        takes=tuple(_member(each["name"], _schema_of(each), bool(each.get("required"))) for each in takes),
        body=_shape_of(schema),
        media=media,
        form=_members(schema),
        answers=tuple(_answer(status, answer) for status, answer in given["responses"].items()),
        needs=tuple(name for each in given.get("security", security) for name in each),
    )


def _schema_of(parameter: dict[str, Any]) -> dict[str, Any]:
    """What a parameter holds, be it a text or JSON text."""
    found: dict[str, Any] = parameter.get("schema") or next(iter(parameter["content"].values()))["schema"]
    return {"description": parameter.get("description", ""), **found}


def _answer(status: str, given: dict[str, Any]) -> Answer:
    content: dict[str, Any] = given.get("content", {})
    schema: dict[str, Any] = next((each.get("schema", {}) for each in content.values()), {})
    return Answer(status, _sentence(given), _shape_of(schema))


def _shape(name: str, given: dict[str, Any]) -> Shape:
    return Shape(name, _sentence(given), _members(given))


def _members(given: dict[str, Any]) -> tuple[Member, ...]:
    required = given.get("required", ())
    return tuple(_member(name, member, name in required) for name, member in given.get("properties", {}).items())


def _member(name: str, given: dict[str, Any], is_required: bool) -> Member:
    return Member(name, _kind(given), _shape_of(given), is_required, _sentence(given))


def _sentence(given: dict[str, Any], name: str = "description") -> str:
    return " ".join(str(given.get(name, "")).split())


def _kind(given: dict[str, Any]) -> str:
    """The kind in a few words: "string", "integer or null", "array of CodedTextRow", "password or refresh_token"."""
    if "$ref" in given:
        return _shape_of(given)
    if "anyOf" in given:
        return " or ".join(_kind(each) for each in given["anyOf"])
    if "enum" in given:
        return " or ".join(map(str, given["enum"]))
    if given.get("type") == "array":
        return f"array of {_kind(given.get('items', {}))}"
    return str(given.get("type", "any"))


def _shape_of(given: dict[str, Any]) -> str:
    """The name of the shape that a schema refers to, itself or through its items; "" where it refers to none."""
    inner = given.get("items", {}) if given.get("type") == "array" else given
    return str(inner.get("$ref", "")).removeprefix(_SHAPES)
