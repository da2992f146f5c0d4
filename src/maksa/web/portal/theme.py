"""The switch of appearance, for readers without a script: with one it never comes here."""

from __future__ import annotations

from starlette.responses import Response

from maksa.pages import responses
from maksa.web.portal.asking import Ask

_LIMIT = 8192  # bytes


async def choose(ask: Ask) -> Response:
    """Remembers the choice in a cookie, and goes back."""
    form = await ask.form(_LIMIT)
    return responses.themed(str(form.get("to", "")), str(form.get("back", "/")))
