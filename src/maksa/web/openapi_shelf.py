"""The shelf's files in /openapi.json: what a mirror asks."""

from __future__ import annotations

from typing import Any

from maksa.wire.ditas.statuses import MESSAGES

_REFUSALS = (401, 403, 404, 410, 429, 500, 503)
_REQUEST_ID = {
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The same as in the log.",
}
_ETAG = {"required": True, "schema": {"type": "string"}, "description": "The SHA-256 of the whole, in quotes."}


def paths() -> dict[str, dict[str, Any]]:
    """The GET operation of each path, by path."""
    return {
        "/shelf/manifest.json": _operation(
            "manifest", "The manifest: every version with its digest.", "application/json"
        ),
        "/shelf/notices.json": _operation(
            "notices", "The notices that are kept apart from versions.", "application/json"
        ),
        "/shelf/{document}-{sha256}.sig": _operation(
            "signature",
            "The Ed25519 signature of the manifest, or of the notices, of this digest.",
            "application/json",
            _parameter("document", {"enum": ["manifest", "notices"]}),
            _parameter("sha256", _DIGEST),
        ),
        "/shelf/{digest}.maksa": _operation(
            "snapshot",
            "The snapshot of this digest, or the part of it that a Range header names.",
            "application/vnd.sqlite3",
            _parameter("digest", _DIGEST),
        ),
    }


_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _operation(name: str, summary: str, media: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    whole = {"description": summary, "headers": {"requestId": _REQUEST_ID, "ETag": _ETAG}}
    responses: dict[str, Any] = {
        "200": {**whole, "content": {media: {}}},
        "206": {**whole, "description": "The part that was asked for.", "content": {media: {}}},
        "304": {**whole, "description": "The caller has it already (If-None-Match)."},
        "416": {**whole, "description": "Nothing of the range that was asked for is there."},
    }
    for status in _REFUSALS:
        responses[str(status)] = {
            "description": MESSAGES[status],
            "headers": {"requestId": _REQUEST_ID},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
    return {
        "tags": ["shelf"],
        "operationId": f"shelf{name.capitalize()}",
        "summary": summary,
        "parameters": list(parameters),
        "responses": responses,
    }
