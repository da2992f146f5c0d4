"""A version's list, a page at a time, and the lists that the shelf has, for people who look through them."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.registry import KnownTerminology, known
from maksa.model.terminology import Version
from maksa.service.editions import edition_of
from maksa.snapshot.listing import Line, lines_after, lines_before
from maksa.snapshot.shelf import Edition, Terminology, View


class Row(Struct, frozen=True, gc=False):
    """A concept in a list. `other` is a wording of it in another language, "" where it has none."""

    code: str
    display: str
    language: str
    status: str = "active"
    other: str = ""
    other_language: str = ""


class Listed(Struct, frozen=True):
    """A page of a version's list, by code. `before` and `after` are the codes to ask the next pages with, "" at an end."""

    version: Version
    rows: tuple[Row, ...]
    before: str = ""
    after: str = ""


class Summary(Struct, frozen=True):
    """What a terminology is: its id as it was defined, its title, what the registry knows of it, its last version."""

    id: str
    title: str
    last: Version
    versions: int
    defined_at: dt.datetime
    known: KnownTerminology | None = None

    def titled(self, language: str) -> str:
        """Its title in *language*, "fa" or "en", where the registry knows one; else as it was published, else its id."""
        in_registry = (self.known.title_fa if language == "fa" else self.known.title_en) if self.known else ""
        return in_registry or self.title or self.id


def listed(
    view: View, terminology_id: str, label: str | None = None, *, after: str = "", before: str = "", limit: int = 50
) -> Found[Listed] | UnknownTerminology | UnknownVersion:
    """*limit* concepts of a version past the code *after*; where *before* is given, those before that code.

    Neither needs to be a code of the version. Raises: SnapshotError.
    """
    edition = edition_of(view, terminology_id, label)
    if not isinstance(edition, Edition):
        return edition
    if before:
        lines = lines_before(edition.snapshot, before, limit + 1)
        is_first, is_last = len(lines) <= limit, False
        lines = lines[-limit:]
    else:
        lines = lines_after(edition.snapshot, after, limit + 1)
        is_first, is_last = not after, len(lines) <= limit
        lines = lines[:limit]
    return Found(_page(edition.version, lines, is_first=is_first, is_last=is_last))


def _page(version: Version, lines: list[Line], *, is_first: bool, is_last: bool) -> Listed:
    first, last = (lines[0][0], lines[-1][0]) if lines else ("", "")
    return Listed(version, tuple(Row(*line) for line in lines), "" if is_first else first, "" if is_last else last)


def summaries(view: View) -> tuple[Summary, ...]:
    """Every terminology of the shelf, in order of definition."""
    return tuple(map(_summary, view.terminologies))


def summary_of(view: View, terminology_id: str) -> Found[Summary] | UnknownTerminology:
    """What the terminology of this id is."""
    terminology = view.terminology(terminology_id)
    return Found(_summary(terminology)) if terminology else UnknownTerminology(terminology_id)


def _summary(each: Terminology) -> Summary:
    return Summary(each.id, each.title, each.last.version, len(each.editions), each.defined_at, known(each.id))
