"""How two texts are alike: by their letters alone, by their numbers, or nearly."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from maksa.model.folding import HALF_SPACES, folded

_HALF_SPACE = re.compile(f"[{HALF_SPACES}]+")
_BETWEEN_NUMBERS = re.compile(r" (?<=\d )(?=\d)")  # a pattern that begins by looking back is tried at every letter
_DIGITS = re.compile(r"\d+")
_REMEMBERED = 4096  # letters of a text whose words are kept
_LONGEST = 500  # characters that are compared by likeness


def letters_of(text: str) -> str:
    """The letters and digits of *text* as search folds them: half-space, blank or nothing between two words is the same.

    Two numbers stay apart: 2.5 mg is not 25 mg.
    """
    if text.isascii():
        return joined(folded(text))
    bare = _bare if len(text) < _REMEMBERED else _bare.__wrapped__
    return joined(" ".join(filter(None, map(bare, text.split()))))


@lru_cache(maxsize=1 << 14)  # as `folded` remembers words: with half-spaces they are other words
def _bare(chunk: str) -> str:
    return folded(_HALF_SPACE.sub("", chunk))


def joined(words: str) -> str:
    """The same, of *words* that are folded already."""
    return _BETWEEN_NUMBERS.sub(".", words).replace(" ", "")


def same_letters(one: str, other: str) -> bool:
    """Whether two texts differ in case, half-spaces, blanks, diacritics, digits' script or punctuation only; 1.5 is not 15."""
    return letters_of(one) == letters_of(other) != ""


def likeness(one: str, other: str) -> float:
    """How like two texts are, of 100: words in any order, and forgiving what search forgives."""
    plain, other_plain = folded(one[:_LONGEST]), folded(other[:_LONGEST])
    return fuzz.token_sort_ratio(plain, other_plain) if plain and other_plain else 0.0


def same_numbers(one: str, other: str) -> bool:
    """Whether two texts have the same numbers in the same order: 250 mg is not nearly 500 mg."""
    return _DIGITS.findall(folded(one)) == _DIGITS.findall(folded(other))
