"""A coded text as it is found in a file: its parts, its place, and where each part lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from msgspec import Struct

from maksa.model.concept import CodedText
from maksa.model.quoting import Shown
from maksa.model.reasons import Reason


class Place(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where something stands in a file; what a form has not is 0 or "".

    `row` counts from 1 and includes the header, as a spreadsheet shows it. `line` counts from 1. `path` is a JSON pointer, or
    the way to an XML element: /Message/Diagnosis[2]/Code.
    """

    sheet: str = ""
    row: int = 0
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        parts = (
            f"sheet {Shown(self.sheet)!r}" if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"line {self.line}" if self.line else "",
            self.path,
        )
        return ", ".join(filter(None, parts)) or "the whole document"


class Span(NamedTuple):
    """The bytes of a file from *start* up to *end*."""

    start: int
    end: int


Spans = tuple[Span | None, Span | None, Span | None]
"""Where terminology, code and display lie; None for a part that is not there."""

NOWHERE: Spans = (None, None, None)


NOT_TEXT = "code-not-text"
"""The damage of a code that stands as a number or a truth value where only a string is a code."""


class Found(Struct, frozen=True, gc=False):
    """A coded text of a file. `display` is None where such texts have none in this file.

    `damage` is the slug of what a spreadsheet, or the writer of a message, has made of the code. `spans` are known where a corrected
    file is wanted; where they take time to find, `spans` is what finds them.
    """

    terminology_id: str
    code: str
    display: str | None
    place: Place
    damage: str = ""
    spans: Spans | Callable[[], Spans] = NOWHERE


class Unreadable(Struct, frozen=True, gc=False):
    """A record that cannot be read; those after it can."""

    place: Place
    reason: Reason


class Note(NamedTuple):
    """What is worth saying about a whole file."""

    english: str
    persian: str


class Source(Protocol):
    """An opened file of coded texts."""

    @property
    def form(self) -> str:
        """The name of its form: csv, workbook, json, json-lines, xml."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is worth saying about the whole file; known when it has been read."""
        ...

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """Its coded texts in order. Raises: FileUnreadableError where the rest cannot be read."""
        ...

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """The bytes that stand for *text* in the place of *original*, which lies at *span*; None where nothing can."""
        ...


PARTS = ("terminology_id", "code", "display")


def parts_of(text: CodedText) -> tuple[str, str, str]:
    """The three parts in the order of `Spans`."""
    return text.terminology_id, text.code, text.display
