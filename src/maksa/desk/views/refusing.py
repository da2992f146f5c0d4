"""Pages that say no: what is not there, what may not be done, what cannot be done now."""

from __future__ import annotations

from starlette.responses import Response

from maksa.desk.views.asking import Ask
from maksa.model.errors import MaksaError, RequestError


def refused(ask: Ask, status: int, error: MaksaError | None = None) -> Response:
    """The page of a fault, with what is wrong about the request where it is *error*'s."""
    if status == 403 and not ask.origin.is_refused:
        return ask.answer("denied.html", status=status)
    violations = [f"{field}: {text}" for field, text in error.violations] if isinstance(error, RequestError) else []
    return ask.answer("error.html", {"status": status, "violations": violations}, status=status)


def cannot(ask: Ask, error: MaksaError, status: int = 409) -> Response:
    """The page of an act that was refused: what was asked, and why not."""
    return ask.answer("cannot.html", ask.told(error), status=status)
