"""Search over all lists: the options while one types, and the page of results for a form that was sent."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from maksa.model.answers import Found
from maksa.service.likely import find_in, find_in_each
from maksa.service.listing import Summary, summary_of
from maksa.service.search import Group
from maksa.snapshot.shelf import View
from maksa.web.portal.asking import Ask
from maksa.web.portal.faults import not_found

LONGEST = 200  # letters of a question; the box takes no more
_WHILE_TYPING, _ON_A_PAGE, _IN_ONE = 4, 6, 100  # concepts of a terminology
_GROUPS = 6  # terminologies while typing


class Results(Struct, frozen=True):
    """What was found for `q`: in each terminology that has any, the best terminology first; a group's `heard` says what it
    was found by, where that is not `q`.
    """

    q: str
    groups: tuple[Group, ...]


def asked(ask: Ask) -> str:
    """The question, as it was typed, blanks at its ends aside."""
    return ask.query.get("q", "")[:LONGEST].strip()


async def show(ask: Ask) -> Response:
    """The page of results; with `in`, of one terminology, more of them."""
    text, terminology_id = asked(ask), ask.query.get("in", "")
    if terminology_id:
        answer = await ask.in_thread(_in_one, ask.view, terminology_id, text)
        if answer is None:
            return not_found(ask)
        groups = answer
    else:
        groups = await ask.in_thread(_in_each, ask.view, text, _ON_A_PAGE)
    return ask.answer(
        "search.html", Results(text, tuple(groups)), titles=titles(ask.view, groups), within=terminology_id
    )


async def options(ask: Ask) -> Response:
    """What the box shows while one types."""
    text = asked(ask)
    groups = (await ask.in_thread(_in_each, ask.view, text, _WHILE_TYPING))[:_GROUPS]
    if ask.wants_json:
        return ask.answer("options.html", Results(text, tuple(groups)))
    return ask.fragment("options.html", groups=groups, titles=titles(ask.view, groups), q=text)


def titles(view: View, groups: list[Group]) -> dict[str, Summary]:
    """What the terminologies of *groups* are, by id."""
    found = ((group.terminology_id, summary_of(view, group.terminology_id)) for group in groups)
    return {each: answer.value for each, answer in found if isinstance(answer, Found)}


def _in_each(view: View, text: str, limit: int) -> list[Group]:
    return find_in_each(view, text, limit=limit) if text else []


def _in_one(view: View, terminology_id: str, text: str) -> list[Group] | None:
    answer = find_in(view, terminology_id, text, limit=_IN_ONE)
    if not isinstance(answer, Found):
        return None
    return [answer.value] if answer.value.matches else []
