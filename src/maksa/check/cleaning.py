"""What cannot be seen in the parts of a coded text: control characters, marks of direction, blanks at the ends."""

from __future__ import annotations

import re
import unicodedata

from maksa.model.folding import HALF_SPACES

_ZERO_WIDTH = re.compile(f"[{HALF_SPACES}]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffd]"
)
_ENDS = "\u200c\u200d\u00ad"
_SHOWN = 5  # characters that a finding names


def unseen_in(part: str, *, is_display: bool) -> str:
    """The characters of *part* that cannot be seen and should not be there, named; "" where there are none.

    Half-spaces and soft hyphens are at home in a display, and not at its ends.
    """
    if part.isascii() and part.isprintable():
        return ""
    found = _UNSEEN.findall(part)
    if not is_display:
        found += _ZERO_WIDTH.findall(part)
    elif part.strip() != part.strip().strip(_ENDS):
        found += [letter for letter in (part.strip()[:1], part.strip()[-1:]) if letter in _ENDS]
    return ", ".join(map(_point, list(dict.fromkeys(found))[:_SHOWN]))


def cleaned(part: str, *, is_display: bool) -> str:
    """*part* without them, its ends trimmed; of a display, runs of blanks as one."""
    if not (part.isascii() and part.isprintable()):
        part = _UNSEEN.sub("", part)
        part = part.strip().strip(_ENDS) if is_display else _ZERO_WIDTH.sub("", part)
    return " ".join(part.split()) if is_display else part.strip()


def has_blanks(part: str, *, is_display: bool) -> bool:
    """Whether blanks stand around *part*, or several in a row within a display."""
    return part != (" ".join(part.split()) if is_display else part.strip())


def _point(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()
