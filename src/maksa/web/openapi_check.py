"""`POST /check` in /openapi.json."""

from __future__ import annotations

from typing import Any

from maksa.wire.checks import TEXTS_LIMIT
from maksa.wire.ditas.statuses import MESSAGES

_STATUSES = (400, 401, 403, 410, 429, 500, 503, 504)
_REQUEST_ID = {
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The same as in the log.",
}


def operation(answer: dict[str, Any], text: dict[str, Any]) -> dict[str, Any]:
    """The operation. *answer* is the schema of what it answers, *text* that of a coded text as answers have it."""
    asked = {
        "type": "object",
        "properties": {name: {"type": ["string", "null"]} for name in text["properties"]},
        "description": "A coded text; what it lacks is a finding about it. The .NET names are read too.",
    }
    responses = {"200": _response("The verdicts, in the order of the texts.", answer)}
    for status in _STATUSES:
        responses[str(status)] = _response(MESSAGES[status], {"$ref": "#/components/schemas/Refusal"})
    return {
        "tags": ["check"],
        "operationId": "check",
        "summary": f"Up to {TEXTS_LIMIT:,} coded texts judged, with what is wrong with each.",
        "parameters": [
            _parameter("at", "Judges by the versions in force at this date: 1400/05/06."),
            _parameter("version", "Judges by the versions of this label."),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "array", "maxItems": TEXTS_LIMIT, "items": asked}}},
        },
        "responses": responses,
    }


def _parameter(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": {"type": "string"}}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "headers": {"requestId": _REQUEST_ID}, "content": content}
