"""Codes as people type them, and as lists write them: E119 is E11.9, 29512 is 2951-2, ت۴۵ on the Persian keyboard is J45."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maksa.model.digits import latin_digits
from maksa.model.keyboard import other_keyboard

_LONGEST = 12  # letters and digits
_PLAIN = re.compile(r"[A-Z]{0,4}[0-9][A-Z0-9]*", re.ASCII)

_APART = re.compile(r"[A-Z]{1,4} [0-9.]+", re.ASCII)


def codes_of(text: str) -> Iterator[str]:
    """What *text* may be for a code, each once, the likeliest first; nothing for what is no code: two words, no digit."""
    yield from dict.fromkeys(code for typed in _typed(text) for code in _written(typed))


def _typed(text: str) -> Iterator[str]:
    given = latin_digits(text.strip()).translate({ord("٫"): ".", ord("،"): "."})
    for each in (given, given if given.isascii() else other_keyboard(given)):
        if each and each.isascii():
            yield each.upper()


def _written(typed: str) -> Iterator[str]:
    if " " in typed and not _APART.fullmatch(typed):
        return
    plain = re.sub(r"[-./_, ]", "", typed)
    if not _PLAIN.fullmatch(plain) or not 3 <= len(plain) <= _LONGEST:
        return
    yield plain
    if plain[0].isalpha():
        yield f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain
        yield from (f"{plain[:at]}.{plain[at:]}" for at in range(1, len(plain)))
    else:
        yield f"{plain[:-1]}-{plain[-1]}"
