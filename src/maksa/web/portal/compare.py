"""Two versions side by side: what was added, retired and relabelled, the changed words marked; as a page and as a file.

Its addresses:

    /compare                                       which lists can be compared
    /eRX/versions/1000/compare/10000               the comparison; ?kind=retired&page=2
    /eRX/versions/1000/compare/10000?as=csv        all of it as a file
    /eRX/compare?from=1000&to=10000                the same, for labels with a slash and for the form
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import get_args

from msgspec import Struct
from starlette.responses import Response

from maksa.export import FORMATS, differences_of
from maksa.model.answers import Found
from maksa.model.difference import Difference, Kind
from maksa.model.errors import SnapshotError
from maksa.model.rewording import Piece, rewording
from maksa.model.terminology import Version
from maksa.service.compare import compare
from maksa.service.comparing import ComparedPage, Comparisons
from maksa.service.listing import Summary, summaries, summary_of
from maksa.snapshot.shelf import Terminology, View
from maksa.web.portal.addresses import Addresses
from maksa.web.portal.asking import Ask
from maksa.web.portal.faults import not_found, refused
from maksa.web.portal.naming import moved, terminology_of
from maksa.web.portal.numbers import whole_number
from maksa.web.portal.sending import is_handed_out, sent

FILES = ("csv", "xlsx", "json")
"""The forms that the page offers, as `export.FORMATS` names them."""

_AT_ONCE = 2  # comparisons that may be looked for at the same time: the threads are everybody's
_WARMED = 100_000  # concepts: a tenth of a second, at the start
_comparisons = Comparisons()
_turns = asyncio.Semaphore(_AT_ONCE)


class Shown(Struct, frozen=True):
    """The page as JSON."""

    terminology: str
    earlier: str
    later: str
    counts: dict[Kind, int]
    kind: Kind
    page: int
    pages: int
    differences: tuple[Difference, ...]


class Pair(Struct, frozen=True):
    """A list that can be compared: its last two versions, and where they are."""

    terminology: str
    title: str
    versions: int
    earlier: str
    later: str
    path: str


def warm(view: View) -> None:
    """Looks for what sets the last two versions of each list apart, before the first reader asks; of large lists he waits."""
    for each in view.terminologies:
        if len(each.editions) > 1 and each.last.version.concepts <= _WARMED:
            with suppress(SnapshotError):
                _comparisons.page(view, each.id, _label(each, -2), _label(each, -1))


async def lists(ask: Ask) -> Response:
    """The lists that have two versions or more, each with the way to its last two."""
    pairs = [_pair(ask, each) for each in summaries(ask.view) if each.versions > 1]
    return ask.answer("compare_lists.html", {"lists": pairs})


def _pair(ask: Ask, summary: Summary) -> Pair:
    terminology = ask.view.terminology(summary.id)
    assert terminology is not None, "it was summed up from the same view"
    earlier, later = _label(terminology, -2), _label(terminology, -1)
    path = address_of(ask.address, summary.id, earlier, later)
    return Pair(summary.id, summary.titled(ask.language), summary.versions, earlier, later, path)


async def chosen(ask: Ask) -> Response:
    """The way to the comparison that the form asks for; that of the last two versions where it says nothing."""
    terminology = terminology_of(ask)
    if isinstance(terminology, Response):
        return terminology
    before = _label(terminology, -2) if len(terminology.editions) > 1 else _label(terminology, -1)
    earlier, later = ask.query.get("from") or before, ask.query.get("to") or _label(terminology, -1)
    right = address_of(ask.address, terminology.id, earlier, later)
    if _is_plain(earlier) and _is_plain(later):
        return ask.redirect(right, status=303)
    return await _compared(ask, terminology, earlier, later)


async def show(ask: Ask) -> Response:
    """A page of one kind of difference."""
    terminology = terminology_of(ask)
    if isinstance(terminology, Response):
        return terminology
    earlier, later = ask.named["earlier"], ask.named["later"]
    elsewhere = moved(ask, address_of(ask.address, terminology.id, earlier, later))
    return elsewhere or await _compared(ask, terminology, earlier, later)


def address_of(address: Addresses, terminology_id: str, earlier: str, later: str, **query: object) -> str:
    """Where two versions are compared."""
    if _is_plain(earlier) and _is_plain(later):
        return address.terminology(terminology_id, "versions", earlier, "compare", later, **query)
    return address.terminology(terminology_id, "compare", **{"from": earlier, "to": later}, **query)


async def _compared(ask: Ask, terminology: Terminology, earlier: str, later: str) -> Response:
    form = FORMATS.get(ask.query.get("as", "")) if ask.query.get("as") in FILES else None
    if form is not None:
        if not is_handed_out(ask, terminology.id):
            return refused(ask, 403)
        whole = compare(ask.view, terminology.id, earlier, later)
        return sent(ask, differences_of(whole.value), form) if isinstance(whole, Found) else not_found(ask, whole)
    kind = next((each for each in get_args(Kind) if each == ask.query.get("kind")), None)
    number = whole_number(ask.query.get("page", ""), least=1)
    async with _turns:
        answer = await ask.in_thread(_comparisons.page, ask.view, terminology.id, earlier, later, kind, number)
    if not isinstance(answer, Found):
        return not_found(ask, answer)
    return _page(ask, terminology, answer.value)


def _page(ask: Ask, terminology: Terminology, found: ComparedPage) -> Response:
    earlier, later = found.earlier.label, found.later.label

    def at(**query: object) -> str:
        return address_of(ask.address, terminology.id, earlier, later, **query)

    summary = summary_of(ask.view, terminology.id)
    shown = Shown(
        terminology.id, earlier, later, found.counts, found.kind, found.number, found.pages, found.differences
    )
    return ask.answer(
        "compare.html",
        shown,
        at=at,
        found=found,
        name=summary.value.titled(ask.language) if isinstance(summary, Found) else terminology.id,
        versions=[edition.version for edition in reversed(terminology.editions)],
        turned=address_of(ask.address, terminology.id, later, earlier),
        rows=[(each, _pieces(each)) for each in found.differences],
        files=FILES if is_handed_out(ask, terminology.id) else (),
        is_backwards=_is_after(found.earlier, found.later),
    )


def _pieces(difference: Difference) -> tuple[Piece, ...]:
    """A relabelled display with its changed words marked; empty for every other kind."""
    if difference.kind != "relabelled":
        return ()
    return rewording(str(difference.before[0]), str(difference.after[0]))


def _is_after(earlier: Version, later: Version) -> bool:
    return earlier.row > later.row


def _label(terminology: Terminology, place: int) -> str:
    return terminology.editions[place].version.label


def _is_plain(label: str) -> bool:
    """Whether a label can stand as one segment of a path."""
    return "/" not in label and label.strip(".") != ""
