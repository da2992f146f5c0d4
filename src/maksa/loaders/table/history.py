"""A file compared with the last published version of its terminology, while it streams and at its end."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cached_property
from itertools import islice
from typing import Protocol

from maksa.loaders.gathering import VALUE_LIMIT, Gathering

EXAMPLES = 5  # codes in a message


class Previous(Protocol):
    """The last published version, as a load needs it: a snapshot, or a dict in a wrapper."""

    def display(self, code: str) -> str | None:
        """The display of *code*, None where the version has no such code."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Every code of the version, in any order."""
        ...


class Comparison:
    """Findings of a file against *previous*: displays that changed, leading zeros that were lost, codes that are gone."""

    def __init__(self, previous: Previous, gathering: Gathering, code_column: str, display_column: str) -> None:
        self._display = previous.display
        self._previous = previous
        self._add = gathering.add
        self._code_column = code_column
        self._display_column = display_column

    def concept(self, code: str, display: str, row: int) -> None:
        """Compares one concept that is kept."""
        former = self._display(code)
        if former is None:
            self._unknown(code, row)
        elif former != display:
            column = self._display_column
            self._add("display-changed", row=row, column=column, value=display, code=code, former=former[:VALUE_LIMIT])

    def _unknown(self, code: str, row: int) -> None:
        if not (code.isascii() and code.isdigit()):
            return
        for padded in (code.zfill(length) for length in self._zeroed_lengths if length > len(code)):
            if self._display(padded) is not None:
                self._add("leading-zeros", row=row, column=self._code_column, value=code, padded=padded)
                return

    @cached_property
    def _zeroed_lengths(self) -> list[int]:
        """How long the numeric codes with leading zeros are; empty for most lists, and then no code is padded."""
        return sorted({len(code) for code in self._previous if code.startswith("0") and code.isdigit()})

    def finish(self, kept: Container[str]) -> None:
        """Says how many codes of the last version are not among those *kept*."""
        gone = (code for code in self._previous if code not in kept)
        examples = list(islice(gone, EXAMPLES))
        count = len(examples) + sum(1 for _ in gone)
        if count:
            shown = ", ".join(examples) + (", …" if count > EXAMPLES else "")
            self._add("retired", column=self._code_column, value=examples[0], count=count, examples=shown)
