"""A version's list on a page: a filter over it, a page of it, the ways to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec import Struct
from starlette.responses import Response

from maksa.model.answers import Found
from maksa.model.concept import Match
from maksa.service.likely import find_in
from maksa.service.listing import Listed, listed
from maksa.snapshot.shelf import View
from maksa.web.portal.asking import Ask
from maksa.web.portal.search import asked

ROWS, _FILTERED = 25, 100


class Filtered(Struct, frozen=True):
    """What of a list a filter leaves, best first: at most a hundred; `more` says whether there are others, `heard` what was
    likely meant by `q`, where that is what was found.
    """

    q: str
    matches: tuple[Match, ...]
    more: bool
    heard: str = ""


async def page_of_list(ask: Ask, terminology_id: str, label: str) -> Listed | Filtered:
    """The page of the list that the query asks for: `q` filters; `after` and `before` turn pages. Raises: SnapshotError."""
    text = asked(ask)
    if text:
        return await ask.in_thread(_filtered, ask.view, terminology_id, label, text)
    return _page(ask.view, terminology_id, label, ask.query.get("after", ""), ask.query.get("before", ""))


def _page(view: View, terminology_id: str, label: str, after: str, before: str) -> Listed:
    answer = listed(view, terminology_id, label, after=after, before=before, limit=ROWS)
    assert isinstance(answer, Found), "the version was found before its list is asked for"
    return answer.value


def _filtered(view: View, terminology_id: str, label: str, text: str) -> Filtered:
    answer = find_in(view, terminology_id, text, limit=_FILTERED, label=label)
    assert isinstance(answer, Found), "the version was found before its list is searched"
    return Filtered(text, answer.value.matches, answer.value.more, answer.value.heard)


class Ways(Struct, frozen=True):
    """The addresses of a list: its own, and of the pages before and after the one that is shown, "" at an end."""

    here: str
    earlier: str = ""
    later: str = ""


def ways_of(shown: Listed | Filtered, here: str) -> Ways:
    """The ways from the page of the list that is *shown*; *here* is the address of its first."""
    if isinstance(shown, Filtered):
        return Ways(here)
    return Ways(here, _turned(here, "before", shown.before), _turned(here, "after", shown.after))


def _turned(here: str, side: str, code: str) -> str:
    return f"{here}{'&' if '?' in here else '?'}{urlencode({side: code})}#list" if code else ""


def fragment(ask: Ask, shown: Listed | Filtered, here: str, **values: object) -> Response:
    """The list alone, for htmx."""
    return ask.fragment("list.html", listed=shown, ways=ways_of(shown, here), **values)
