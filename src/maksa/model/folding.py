"""How text is made comparable: `folded` for search, `same_text` for validation.

Search forgives whatever a keyboard does: case, Arabic or Persian letters, hamza, diacritics, tatweel, half-spaces, three
sets of digits. Validation forgives only what makes the same text on another keyboard (contract, section 2).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

HALF_SPACES = "\u200c\u200d\u2060\ufeff\u00ad"
"""Zero-width joiners and their like: people type them, a blank, or nothing, for the same word."""

_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ے": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه",
    "ٱ": "ا", "ء": None, "ـ": None, "ß": "ss", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe",
}  # fmt: skip


_LAST_MARK = 0x1F000  # past it Unicode has no decimal digits but styled ones, which NFKD has already made plain


def _search_table() -> dict[int, str | None]:
    """Letters, every combining mark (dropped), and every decimal digit of Unicode (its ASCII form)."""
    table: dict[int, str | None] = {ord(letter): other for letter, other in _LETTERS.items()}
    for point in range(0x80, _LAST_MARK):
        category = unicodedata.category(chr(point))
        if category in ("Mn", "Me"):
            table[point] = None
        elif category == "Nd":
            table[point] = str(unicodedata.digit(chr(point)))
    return table


_TABLE: dict[int, str | None] = {}
_WORDS = re.compile(r"[^\W_]+")
_HALF_SPACED = re.compile(f"[^\\W_]+(?:[{HALF_SPACES}]+[^\\W_]+)+")
_HALF_SPACE = re.compile(f"[{HALF_SPACES}]+")


def folded(text: str) -> str:
    """The words of *text* as search compares them, separated by single blanks.

    A word with half-spaces comes out joined, then in its parts, so that each way of typing it is found:
    "می‌شود" → "میشود می شود". Idempotent on its own output.
    """
    if text.isascii():
        return " ".join(_WORDS.findall(text.lower()))
    fold = _folded_chunk if len(text) < _REMEMBERED else _folded_chunk.__wrapped__
    return " ".join(filter(None, map(fold, text.split())))


_REMEMBERED = 4096  # letters; a list of such texts would fill the memory with words that never come again


@lru_cache(maxsize=1 << 14)  # lists repeat their words: looking one up is five times faster than folding it
def _folded_chunk(chunk: str) -> str:
    plain = _plain(chunk)
    return " ".join(_with_parts(plain) if _HALF_SPACE.search(plain) else _WORDS.findall(plain))


def alternatives(text: str) -> list[list[str]]:
    """The words of a query as a list of choices, any of which will do: [["میشود"], ["می", "شود"]] for "می‌شود".

    Empty for a query without letters or digits.
    """
    plain = text.lower() if text.isascii() else _plain(text)
    joined = _WORDS.findall(_HALF_SPACE.sub("", plain))
    split = _WORDS.findall(_HALF_SPACE.sub(" ", plain))
    return [joined] if joined == split else [joined, split]


def _plain(text: str) -> str:
    if not _TABLE:
        _TABLE.update(_search_table())
    return _normalized("NFKD", text).casefold().translate(_TABLE)


def _with_parts(plain: str) -> list[str]:
    words: list[str] = []
    for chunk in plain.split():
        joined = _WORDS.findall(_HALF_SPACE.sub("", chunk))
        words += joined
        if _HALF_SPACED.search(chunk):
            known = set(joined)
            words += [part for part in _WORDS.findall(_HALF_SPACE.sub(" ", chunk)) if part not in known]
    return words


_SHORT = 256  # letters; nothing so short takes long


def _normalized(form: Literal["NFC", "NFKD"], text: str) -> str:
    """The text in *form*; one letter with thousands of marks on it has them in heaps of thirty, parted by U+034F.

    Marks are put in their order by a sort that takes the square of their number: a megabyte of them, sent as one value,
    would stop the service for minutes. No language has more than a few on a letter.
    Source: Unicode Standard Annex 15, section 13, Stream-Safe Text Process.
    """
    if len(text) > _SHORT:
        text = _heaps().sub("\\g<0>\u034f", text)
    return unicodedata.normalize(form, text)


@cache
def _heaps() -> re.Pattern[str]:
    marks = "".join(chr(point) for point in range(0x300, _LAST_MARK) if unicodedata.combining(chr(point)))
    return re.compile(f"[{marks}]{{30}}(?=[{marks}])")


def keyboard_form(text: str) -> str:
    """The text as any keyboard would have typed it: NFC, Arabic ي ك as Persian ی ک, runs of blanks as one, ends trimmed.

    Source: contract, section 2 (ValidateCts): nothing more, not case, not the half-space, not diacritics.
    """
    return " ".join(_normalized("NFC", text).replace("ي", "ی").replace("ك", "ک").split())


def same_text(one: str, other: str, *, exact: bool = False) -> bool:
    """Whether the two are the same text typed on two keyboards; *exact* compares them as they are."""
    if one == other:
        return True
    return not exact and _may_be_same(one, other) and keyboard_form(one) == keyboard_form(other)


_LETTERS_IN_ONE = 4  # no letter of NFC is made of more (Unicode's FAQ on normalization: the expansion factor of NFD)


def _may_be_same(one: str, other: str) -> bool:
    """False where a long text has far more letters than the other: whoever sends a megabyte is not compared letter by letter."""
    if len(one) <= _SHORT and len(other) <= _SHORT:
        return True
    fewer, more = sorted(sum(map(len, text.split())) for text in (one, other))
    return more <= _LETTERS_IN_ONE * fewer


_PERSIAN = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")


def language_of(text: str) -> str:
    """The language of *text*: "fa" where it has a letter of the Arabic script, else "en"."""
    if text.isascii():
        return "en"
    return "fa" if _PERSIAN.search(text) else "en"
