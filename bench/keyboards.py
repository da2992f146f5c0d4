"""The same Persian or English words as other keyboards type them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from bench.words import HALF_SPACE

_ARABIC = str.maketrans("یک", "يك")
_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MARKS = "\u064e\u0650\u064f\u0651\u0652"  # fatha, kasra, damma, shadda, sukun
_TATWEEL = "\u0640"
_SHAPES = {
    ord(unicodedata.normalize("NFKC", chr(point))): chr(point)
    for point in range(0xFEFC, 0xFE70, -1)
    if len(unicodedata.normalize("NFKC", chr(point))) == 1
}
"""Letters as old programs store them: in the shape they have alone."""


def _marked(text: str) -> str:
    """With a vowel mark after each third letter."""
    return "".join(
        letter + _MARKS[at % 5] if at % 3 == 0 and "\u0620" <= letter <= "\u06cc" else letter
        for at, letter in enumerate(text)
    )


def _stretched(text: str) -> str:
    """With a tatweel inside each word."""
    return " ".join(
        word[:2] + _TATWEEL + word[2:] if "\u0620" <= word[:1] <= "\u06cc" else word for word in text.split()
    )


VARIANTS: dict[str, Callable[[str], str]] = {
    "as it is written": str,
    "Arabic ي and ك": lambda text: text.translate(_ARABIC),
    "half-space as a blank": lambda text: text.replace(HALF_SPACE, " "),
    "half-space left out": lambda text: text.replace(HALF_SPACE, ""),
    "Latin digits": lambda text: text.translate(_LATIN_DIGITS),
    "Persian digits": lambda text: text.translate(_PERSIAN_DIGITS),
    "Arabic digits": lambda text: text.translate(_LATIN_DIGITS).translate(_ARABIC_DIGITS),
    "with vowel marks": _marked,
    "with tatweel": _stretched,
    "alef without madda": lambda text: text.replace("آ", "ا"),
    "in presentation forms": lambda text: text.translate(_SHAPES),
    "in capitals": str.upper,
}
