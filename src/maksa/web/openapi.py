"""/openapi.json: the whole wire in OpenAPI 3.1, made from the very structs that read and write it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from apispec import APISpec

from maksa import __version__
from maksa.web import openapi_check, openapi_shelf
from maksa.wire import oauth
from maksa.wire.checks import VerdictRow
from maksa.wire.ditas.envelope import Envelope, FlatRefusal, Refusal
from maksa.wire.ditas.functions import BASES, FUNCTIONS, Function
from maksa.wire.ditas.statuses import MESSAGES

_REF = "#/components/schemas/{name}"
_WHEN = {
    400: "Not JSON, a field missing or of the wrong kind, a date that does not exist, a body over the limit.",
    401: "No bearer token, or an unknown, expired or revoked one.",
    403: "The caller's address is blocked, or none of those that the account names.",
    404: "No such path, or a method that it does not take.",
    410: "Plain HTTP where only HTTPS is answered.",
    429: "Over the rate, too many failed logins, or a pid that is missing, unknown or not granted this function.",
    500: "A fault of the gateway.",
    503: "A fault of the provider: a snapshot that is damaged or missing.",
    504: "The provider was too slow.",
    520: "Anything else.",
}
_SUMMARIES = {
    "Terminology": "The value of a code in the last version.",
    "SearchTerminology": "The concepts of the last version created or changed at or after a date.",
    "ValidateCts": "Whether a coded text is true.",
    "CtsTerminologies": "The terminologies defined at or after a date.",
    "TerminologyValueByVersion": "The value of a code in a version.",
    "TerminologiesTermByVersion": "Every concept of a version.",
    "TerminologyVersions": "The versions of a terminology.",
}
_LISTS_OF_CONCEPTS = ("SearchTerminology", "TerminologiesTermByVersion")


@cache
def document() -> bytes:
    """The OpenAPI document as JSON."""
    spec = APISpec(
        title="maksa",
        version=__version__,
        openapi_version="3.1.0",
        info={"description": "The functions of MAKSA behind the gateway DITAS.", "license": {"name": "Apache-2.0"}},
        security=[{"token": [], "pid": []}],
    )
    spec.components.security_scheme("client", {"type": "http", "scheme": "basic"})
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("pid", {"type": "apiKey", "in": "header", "name": "pid"})
    kinds, schemas = _schemas()
    for name, schema in schemas.items():
        spec.components.schema(name, _without_blanks(schema))
    for function in FUNCTIONS.values():
        for base in BASES:
            parameters = _parameters(schemas[function.body.__name__])
            spec.path(f"{base}/{function.name}", operations=_operations(function, kinds, base, parameters))
    spec.path("/oauth/token", operations=_token_operation(kinds))
    for path, operation in openapi_shelf.paths().items():
        spec.path(path, operations={"get": operation})
    check = openapi_check.operation(kinds[Envelope[list[VerdictRow]]], schemas["CodedTextRow"])
    spec.path("/check", operations={"post": check})
    for path, operation in _PLAIN.items():
        spec.path(path, operations={"get": {"security": [], **operation}})
    return msgspec.json.encode(spec.to_dict())


def _schemas() -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """({type: reference}, {name: schema}) of every struct on the wire."""
    types: list[Any] = [Refusal, FlatRefusal, oauth.Tokens, oauth.Fault, Envelope[list[VerdictRow]]]
    for function in FUNCTIONS.values():
        types += [function.body, Envelope[function.data]]  # type: ignore[name-defined]
    unique = list(dict.fromkeys(types))
    references, components = _plainly_named(*msgspec.json.schema_components(unique, ref_template=_REF))
    return dict(zip(unique, references, strict=True)), components


def _plainly_named(
    references: tuple[dict[str, Any], ...], components: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The same, without the modules of our own in names: who makes classes of the document has to live with them."""
    names = {name: re.sub("_+", "_", re.sub(r"[a-z.]+\.", "", name)).strip("_") for name in components}
    text = msgspec.json.encode((references, components)).decode()
    for name, plain in names.items():
        text = text.replace(f'/{name}"', f'/{plain}"')
    renamed, components = msgspec.json.decode(text)
    return renamed, {names[name]: {**schema, "title": names[name]} for name, schema in components.items()}


def _without_blanks(schema: dict[str, Any]) -> dict[str, Any]:
    """*schema*, each text of it that must not be empty held to one letter that is no blank."""
    for member in schema.get("properties", {}).values():
        if member.get("minLength") == 1:
            member["pattern"] = r"\S"
    return schema


def _operations(
    function: Function[Any], kinds: dict[Any, Any], base: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    shared = {
        "tags": ["functions"],
        "summary": _SUMMARIES[function.name],
        "responses": _responses(function, kinds),
    }
    name = f"{function.name}{'' if base == BASES[0] else 'OfTheSamples'}"
    body = {"required": True, "content": {"application/json": {"schema": kinds[function.body]}}}
    return {
        "get": {**shared, "operationId": f"get{name}", "parameters": parameters},
        "post": {**shared, "operationId": f"post{name}", "requestBody": body},
    }


def _parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of a body as query parameters: texts as they are, an object as JSON text."""
    return [
        {"name": name, "in": "query", "required": True, **_written(member)}
        for name, member in schema["properties"].items()
    ]


def _written(member: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in member:
        return {"schema": member}
    return {
        "description": "JSON text; its members may be parameters of their own too, and a date be text: 1402/07/25.",
        "content": {"application/json": {"schema": member}},
    }


def _responses(function: Function[Any], kinds: dict[Any, Any]) -> dict[str, Any]:
    found = kinds[Envelope[function.data]]  # type: ignore[name-defined]
    responses = {"200": _response("Found, or a provider's 404 inside: nothing found.", found)}
    if function.name in _LISTS_OF_CONCEPTS:
        responses["304"] = {"description": "The caller has this body already (If-None-Match).", "headers": _HEADERS}
    for status, when in _WHEN.items():
        flat = status == 401 and function.flat_401
        responses[str(status)] = _response(f"{MESSAGES[status]} {when}", kinds[FlatRefusal if flat else Refusal])
    return responses


_HEADERS = {
    "requestId": {
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
        "description": "The same as in the log.",
    }
}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "headers": _HEADERS, "content": {"application/json": {"schema": schema}}}


def _token_operation(kinds: dict[Any, Any]) -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"enum": ["password", "refresh_token"]},
            "username": {"type": "string"},
            "password": {"type": "string", "format": "password"},
            "refresh_token": {"type": "string"},
        },
    }
    responses = {
        "200": _response("A token; a live one is handed out again with what is left of it.", kinds[oauth.Tokens]),
        "400": _response("RFC 6749, section 5.2; wrong credentials are `invalid_grant`.", kinds[oauth.Fault]),
        "401": _response("The client is unknown or its secret wrong: `invalid_client`.", kinds[oauth.Fault]),
        "503": _response("The accounts cannot be asked now: `temporarily_unavailable`.", kinds[oauth.Fault]),
    }
    for status in (403, 410, 429, 500):
        responses[str(status)] = _response(f"{MESSAGES[status]} {_WHEN[status]}", kinds[Refusal])
    return {
        "post": {
            "tags": ["tokens"],
            "operationId": "token",
            "summary": "A token, by password or by refresh token.",
            "security": [{"client": []}],
            "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
            "responses": responses,
        }
    }


def _plain(summary: str, media: str, **more: str) -> dict[str, Any]:
    responses = {"200": summary, **{code[1:]: text for code, text in more.items()}}
    described = {
        code: {
            "description": text,
            "headers": _HEADERS,
            "content": {media if code == "200" else "application/json": {}},
        }
        for code, text in responses.items()
    }
    return {"summary": summary, "responses": described}


_PLAIN: dict[str, dict[str, Any]] = {
    "/health/live": _plain("The process answers.", "application/json"),
    "/health/ready": _plain("Terminologies can be asked.", "application/json", s503="Not yet, or no longer."),
    "/metrics": _plain("Figures for Prometheus.", "text/plain", s404="Asked from an address that may not."),
    "/openapi.json": _plain("The document itself.", "application/json"),
}
