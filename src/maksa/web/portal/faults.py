"""Pages that say no: what was asked is not there, cannot be read, or cannot be answered now."""

from __future__ import annotations

from starlette.responses import Response

from maksa.model.errors import MaksaError, RequestError
from maksa.web.portal.asking import Ask


def refused(ask: Ask, status: int, error: MaksaError | None = None) -> Response:
    """The page of a fault, with what is wrong about the request where it is *error*'s."""
    violations = (
        [f"{field}: {message}" for field, message in error.violations] if isinstance(error, RequestError) else []
    )
    shown = {"status": status, "violations": violations, "requestId": ask.request_id}
    return ask.answer("error.html", shown, status=status)
