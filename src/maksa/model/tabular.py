"""How a concept stands in a row of a table that maksa writes and reads again: headers, several texts in a cell, formulas. Pure.

Rules of this file:
- several texts are parted by `|`; a `|` or `\\` inside one has a `\\` before it, where the column may hold several;
- a cell that a spreadsheet would take for a formula can be guarded by a `'` before it, and only such a cell is;
- the headers are public: ADR 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

CONCEPT = ("code", "display", "language", "status", "created", "changed", "parents")
"""The headers that every such table begins with."""
DESIGNATION, PROPERTY = "designation", "property"
KINDS = ("string", "code", "integer", "decimal", "boolean", "dateTime")
"""FHIR's types of a property's value."""

_ESCAPED = re.compile(r"[|\\]")
_PARTS = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_KIND = re.compile(rf"(.*) \(({'|'.join(KINDS)})\)", re.DOTALL)


class WordingColumn(NamedTuple):
    """A column of designations."""

    language: str
    use: str


class FactColumn(NamedTuple):
    """A column of a property."""

    name: str
    kind: str


def wording_header(language: str, use: str) -> str:
    """The header of designations: "designation.en.synonym"."""
    return f"{DESIGNATION}.{language}.{use}"


def fact_header(name: str, kind: str) -> str:
    """The header of a property: "property.group"; its kind is told where it is no string, or where the name reads as if it were."""
    is_plain = kind == "string" and _KIND.fullmatch(name) is None
    return f"{PROPERTY}.{name}" if is_plain else f"{PROPERTY}.{name} ({kind})"


def column_of(header: str) -> WordingColumn | FactColumn | None:
    """What the two functions above gave *header* to; None for another."""
    begin, _, rest = header.partition(".")
    if begin == DESIGNATION and "." in rest:
        language, _, use = rest.partition(".")
        return WordingColumn(language, use)
    if begin != PROPERTY or not rest:
        return None
    found = _KIND.fullmatch(rest)
    return FactColumn(found[1], found[2]) if found else FactColumn(rest, "string")


def joined(texts: Iterable[str]) -> str:
    """Several texts in one cell."""
    return "|".join(_ESCAPED.sub(r"\\\g<0>", text) for text in texts)


def parted(cell: str) -> tuple[str, ...]:
    """The texts of a cell that `joined` made; none of an empty one. The last `\\` of a cell that has one too many is dropped."""
    if not cell:
        return ()
    if "|" not in cell and "\\" not in cell:
        return (cell,)
    return tuple(re.sub(r"\\(.?)", r"\1", part, flags=re.DOTALL) for part in _pieces(cell))


def _pieces(cell: str) -> Iterable[str]:
    at = 0
    while at <= len(cell):
        found = _PARTS.match(cell, at)
        assert found is not None, "the expression matches nothing too"
        end = found.end()
        if end < len(cell) and cell[end] == "\\":  # the last of the cell, before nothing
            end += 1
        yield cell[at:end]
        at = end + 1


def guarded(cell: str) -> str:
    """The cell with a `'` before it where a spreadsheet could run it. Plain numbers, +98 or -5, are let be."""
    return f"'{cell}" if is_dangerous(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and is_dangerous(cell) else cell


def is_dangerous(cell: str) -> bool:
    """Whether the cell, any `'` before it aside, begins as formulas do and is no number."""
    bare = cell.lstrip("'")
    return _FORMULA.match(bare) is not None and _NUMBER.fullmatch(bare) is None
