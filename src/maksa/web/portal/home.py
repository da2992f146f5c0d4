"""The first page: one box to search all lists, and what is there."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from maksa.model.terminology import Version
from maksa.service.listing import Summary, summaries
from maksa.web.portal.asking import Ask

_LARGEST, _LATEST = 8, 6


class Home(Struct, frozen=True):
    """How many there are, the terminologies with the most concepts, the versions published last."""

    terminologies: int
    concepts: int
    largest: tuple[Summary, ...]
    latest: tuple[Version, ...]


class All(Struct, frozen=True):
    """Every terminology, in order of definition."""

    terminologies: tuple[Summary, ...]


async def show(ask: Ask) -> Response:
    """The first page."""
    every = summaries(ask.view)
    largest = sorted(every, key=lambda each: -each.last.concepts)[:_LARGEST]
    published = [edition.version for terminology in ask.view.terminologies for edition in terminology.editions]
    latest = sorted(published, key=lambda version: (version.published_at, version.row), reverse=True)[:_LATEST]
    concepts = sum(each.last.concepts for each in every)
    titles = {each.id: each.titled(ask.language) for each in every}
    return ask.answer("home.html", Home(len(every), concepts, tuple(largest), tuple(latest)), titles=titles)


async def show_all(ask: Ask) -> Response:
    """The list of terminologies."""
    return ask.answer("terminologies.html", All(summaries(ask.view)))
