"""A difference as the cells of a line: in a terminal, in a pipe, in a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from maksa.model.concept import Designation, Property
from maksa.model.difference import Difference, Facts

COLUMNS = ("KIND", "CODE", "DISPLAY", "BEFORE", "AFTER")


def row_of(difference: Difference) -> tuple[str, str, str, str, str]:
    """The cells of a difference, under `COLUMNS`."""
    before, after = text_of(difference.before), text_of(difference.after)
    return difference.kind, difference.code, difference.display, before, after


def text_of(facts: Facts) -> str:
    """What one of two versions says, in one cell."""
    return " | ".join(_texts(facts))


def _texts(facts: Facts) -> Iterator[str]:
    for fact in facts:
        if isinstance(fact, Property):
            yield f"{fact.name} = {fact.value}"
        elif isinstance(fact, Designation):
            yield f"{fact.value} ({fact.language}, {fact.use})"
        else:
            yield fact
