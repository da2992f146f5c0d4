"""A terminology: what it is, its versions with their notices, how it grew, its tree where it has one, its list."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct
from starlette.responses import Response

from maksa.model.answers import Found, Unknown
from maksa.model.terminology import Imprint, Version
from maksa.model.tree import Above, Branch
from maksa.service.listing import Listed, Summary, summary_of
from maksa.service.portrait import has_tree
from maksa.service.tree import tree
from maksa.service.versions import versions
from maksa.snapshot.shelf import View
from maksa.web.portal.asking import Ask
from maksa.web.portal.chart import Chart, charted
from maksa.web.portal.download import choices
from maksa.web.portal.faults import not_found
from maksa.web.portal.listing import Filtered, fragment, page_of_list, ways_of
from maksa.web.portal.naming import moved, terminology_of
from maksa.web.portal.numbers import whole_number

_BRANCHES = 100  # of one place in a tree, on a page


class TerminologyShown(Struct, frozen=True):
    """The terminology, every version of it, oldest first, and the page of its last version's list that was asked for."""

    terminology: Summary
    versions: tuple[Version, ...]
    imprint: Imprint
    has_tree: bool
    list: Listed | Filtered


class TreeShown(Struct, frozen=True):
    """A place in the hierarchy of the last version: what is above it from the top down, a page of what is directly below it.

    `page` counts from 1; `more` says whether another follows.
    """

    terminology: Summary
    code: str
    display: str
    ancestors: tuple[Above, ...]
    branches: tuple[Branch, ...]
    page: int
    more: bool


async def show(ask: Ask) -> Response:
    """The page of a terminology."""
    found = terminology_of(ask)
    if isinstance(found, Response):
        return found
    here = ask.address.terminology(found.id)
    elsewhere = moved(ask, here)
    if elsewhere:
        return elsewhere
    shown = await page_of_list(ask, found.id, found.last.version.label)
    if ask.wants_fragment:
        return fragment(ask, shown, here)
    summary, published = facts_of(ask.view, found.id)
    page = TerminologyShown(summary, published, found.last.snapshot.imprint, has_tree(ask.view, found.id), shown)
    chart: Chart | None = charted(published, ask.t) if len(published) > 1 else None
    return ask.answer(
        "terminology.html", page, chart=chart, files=choices(ask, summary.last), listed=shown,
        ways=ways_of(shown, here),
    )  # fmt: skip


def facts_of(view: View, terminology_id: str) -> tuple[Summary, tuple[Version, ...]]:
    """What a terminology of the shelf is, and its versions, oldest first."""
    summary, published = summary_of(view, terminology_id), versions(view, terminology_id)
    assert isinstance(summary, Found), "it is on the shelf"
    assert isinstance(published, Found), "it is on the shelf"
    return summary.value, published.value


async def show_tree(ask: Ask) -> Response:
    """A place in the hierarchy, the tops where the query names no code."""
    found = terminology_of(ask)
    if isinstance(found, Response):
        return found
    elsewhere = moved(ask, ask.address.terminology(found.id, "tree"))
    if elsewhere:
        return elsewhere
    if not has_tree(ask.view, found.id):
        return not_found(ask)
    page = whole_number(ask.query.get("page", ""), least=1)
    answer = await ask.in_thread(_place, ask.view, found.id, ask.query.get("code", ""), page)
    if not isinstance(answer, TreeShown):
        return not_found(ask, answer)
    return ask.fragment("branches.html", shown=answer) if ask.wants_fragment else ask.answer("tree.html", answer)


def _place(view: View, terminology_id: str, code: str, page: int) -> TreeShown | Unknown:
    answer = tree(view, terminology_id, code)
    if not isinstance(answer, Found):
        return answer
    place = answer.value
    first = (page - 1) * _BRANCHES
    branches = tuple(islice(place.branches, first, first + _BRANCHES + 1))
    summary, _ = facts_of(view, terminology_id)
    more = len(branches) > _BRANCHES
    return TreeShown(summary, place.code, place.display, place.ancestors, branches[:_BRANCHES], page, more)
