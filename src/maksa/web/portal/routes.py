"""The table of the portal's pages: where each is, who shows it, and whether the header names it.

A path's words are fixed, or `{name}` for one segment, or `{name...}` for all that are left (a code with slashes). Lines are
tried in their order, those of a terminology last. A new page is a file beside this one, a template, and a line here; its first
word stands in `addresses.OWN`, or in `addresses.WITHIN` for a page of a terminology.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache

from msgspec import Struct
from starlette.responses import Response

from maksa.web.portal import (
    check,
    compare,
    concept,
    download,
    home,
    integrators,
    notices,
    search,
    state,
    terminology,
    theme,
    try_call,
    version,
)
from maksa.web.portal.addresses import LONG
from maksa.web.portal.asking import Ask


class Page(Struct, frozen=True, kw_only=True):
    """A line of the table. `name` is what the journal calls the page; `nav` the key of its wording in the header."""

    name: str
    path: str
    show: Callable[[Ask], Awaitable[Response]]
    nav: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD")


PAGES: tuple[Page, ...] = (
    Page(name="home", path="", show=home.show),
    Page(name="theme", path="theme", show=theme.choose, methods=("POST",)),
    Page(name="search", path="search", show=search.show),
    Page(name="options", path="search/options", show=search.options),
    Page(name="terminologies", path="terminologies", show=home.show_all, nav="terminologies.nav"),
    Page(name="compare", path="compare", show=compare.lists, nav="compare.nav"),
    Page(name="notices", path="notices", show=notices.show, nav="notices.nav"),
    Page(name="notices", path="notices/feed", show=notices.feed),
    Page(name="notices", path="notices/{number...}", show=notices.of_number),
    Page(name="check", path="check", show=check.show, nav="check.nav"),
    Page(name="check", path="check", show=check.take, methods=("POST",)),
    Page(name="checked", path="check/{id}", show=check.tell),
    Page(name="checked", path="check/{id}/forget", show=check.forget, methods=("POST",)),
    Page(name="checked", path="check/{id}/{file}", show=check.give),
    Page(name="integrators", path="integrators", show=integrators.show, nav="integrators.nav"),
    Page(name="reference", path="integrators/reference", show=integrators.refer),
    Page(name="integrators", path="integrators/{tongue}", show=integrators.show),
    Page(name="integrators", path="integrators/{tongue}/file", show=integrators.keep),
    Page(name="state", path="state", show=state.show),
    Page(name="try", path="try", show=try_call.show),
    Page(name="try", path="try", show=try_call.call, methods=("POST",)),
    Page(name="compare", path="{terminology}/compare", show=compare.chosen),
    Page(name="compare", path="{terminology}/versions/{earlier}/compare/{later}", show=compare.show),
    Page(name="tree", path="{terminology}/tree", show=terminology.show_tree),
    Page(name="download", path="{terminology}/download", show=download.show),
    Page(name="version", path="{terminology}/versions", show=version.show),
    Page(name="version", path="{terminology}/versions/{version...}", show=version.show),
    Page(name="concept", path="{terminology}/code", show=concept.show),
    Page(name="terminology", path="{terminology}", show=terminology.show),
    Page(name="concept", path="{terminology}/{code...}", show=concept.show),
)


@cache
def headings() -> tuple[tuple[str, str], ...]:
    """(path, key of the wording) of the pages that the header names."""
    return tuple((page.path, page.nav) for page in PAGES if page.nav)


def matched(segments: list[str], method: str) -> tuple[Page, dict[str, str]] | None:
    """The page at *segments*, the language's aside, with what its path names; None where there is none."""
    is_long = len(segments) > 1 and segments[0] == LONG
    parts = segments[1:] if is_long else segments
    for page, pattern in _patterns():
        if is_long and not page.path.startswith("{"):
            continue
        found = _named(pattern, parts)
        if found is not None and method in page.methods:
            return page, found
    return None


@cache
def _patterns() -> tuple[tuple[Page, tuple[str, ...]], ...]:
    return tuple((page, tuple(page.path.split("/")) if page.path else ()) for page in PAGES)


def _named(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    """What *segments* give the names in *pattern*; None where they do not fit it."""
    takes_rest = bool(pattern) and pattern[-1].endswith("...}")
    if len(segments) < len(pattern) if takes_rest else len(segments) != len(pattern):
        return None
    named: dict[str, str] = {}
    for place, word in enumerate(pattern):
        if word.endswith("...}"):
            named[word[1:-4]] = "/".join(segments[place:])
        elif word.startswith("{"):
            named[word[1:-1]] = segments[place]
        elif word != segments[place]:
            return None
    return named
