"""The first page: one box to search all lists, and what is there."""

from __future__ import annotations

from starlette.responses import Response

from maksa.web.portal.asking import Ask


async def show(ask: Ask) -> Response:
    """The first page."""
    return ask.answer("home.html", {"terminologies": [each.id for each in ask.view.terminologies]})
