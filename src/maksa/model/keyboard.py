"""What was meant by who typed with the other keyboard switched on: Persian (ISIRI 9147) for English, or the reverse."""

from __future__ import annotations

import re

_KEYS = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvbnm,",
        "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو",
        strict=True,
    )
)
_PERSIAN = str.maketrans(_KEYS | {"H": "آ", "C": "ژ", "\\": "پ", "`": "پ"})
_LATIN = str.maketrans({persian: latin for latin, persian in _KEYS.items()} | {"آ": "h", "ژ": "c", "ي": "d", "ك": ";"})


_NO_WORD = re.compile(r"[;'\[\]\\`]|,(?! |$)")
"""Keys that stand for Persian letters (ک, گ, ج, چ, و) and in no English word: whoever wrote them meant Persian."""


def other_keyboard(text: str) -> str:
    """*text* as the same keys of the other keyboard write it: "hsjhldk,tk" is استامینوفن, "شزثف" is acet.

    "" for Persian letters that would make no English words: کووید is not ";,,dn".
    """
    if text.isascii():
        return "".join(letter if letter in "HC" else letter.lower() for letter in text).translate(_PERSIAN)
    swapped = text.translate(_LATIN)
    return "" if _NO_WORD.search(swapped) else swapped
