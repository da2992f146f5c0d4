"""One cell, looked at closely: what it may not hold, what is removed from it, what is worth saying about it."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import Protocol

HALF_SPACE = "\u200c"
LOOKALIKES = "يكىڪەھہے"
"""Arabic, Kurdish and Urdu letters that look like Persian ones: search forgives them, an exact comparison does not."""

_SUSPECTS = (*LOOKALIKES, "\ufffd")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\r\x85\u2028\u2029]+")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ODD = re.compile(f"[{LOOKALIKES}]")


class Note(Protocol):
    """Told of each finding in a cell, with the facts that its wording wants."""

    def __call__(self, slug: str, **facts: str) -> None: ...


def are_plain(rows: list[list[str]], width: int) -> bool:
    """Whether no cell of these rows needs `mended`, and each row is *width* long: all that most rows ever cost."""
    if set(map(len, rows)) != {width}:
        return False
    cells = list(chain.from_iterable(rows))
    if list(map(str.strip, cells)) != cells:
        return False
    joined = "".join(cells)
    return joined.replace(HALF_SPACE, "").isprintable() and not any(map(joined.__contains__, _SUSPECTS))


def mended(cell: str, note: Note, *, is_code: bool) -> str | None:
    """The cell as it will be kept, None where its row must be refused; *note* is told why, and of what was changed.

    A code may hold nothing that cannot be seen. Other text loses line breaks and marks of writing direction.
    """
    if not is_code:
        return _mended_text(cell, note)
    text = cell.strip(" \t\r\n\xa0")
    if _CONTROLS.search(text) or _BREAKS.search(text):
        note("control-character", characters=points(text))
        return None
    if not text.isprintable():
        note("invisible-in-code", characters=points(text))
        return None
    _note_odd(text, note)
    return _trimmed(cell, note)


def _mended_text(cell: str, note: Note) -> str | None:
    if found := _CONTROLS.findall(cell):
        note("control-character", characters=points("".join(found)))
        return None
    text = cell
    if found := _BIDI.findall(text):
        note("bidi-character", characters=points("".join(found)))
        text = _BIDI.sub("", text)
    text = _trimmed(text, note)
    if _BREAKS.search(text):
        note("line-break")
        text = _BREAKS.sub(" ", text)
    _note_odd(text, note)
    return text


def _trimmed(cell: str, note: Note) -> str:
    text = cell.strip()
    if text and text != cell:
        note("trimmed")
    return text


def _note_odd(text: str, note: Note) -> None:
    if odd := _ODD.findall(text):
        note("arabic-letters", characters=" ".join(dict.fromkeys(odd)))
    if "\ufffd" in text:
        note("lost-character")


def points(text: str) -> str:
    """The characters of *text* that do not print, each once: "U+200B ZERO WIDTH SPACE, U+0007"."""
    odd = dict.fromkeys(letter for letter in text if not letter.isprintable())
    return ", ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in odd)
