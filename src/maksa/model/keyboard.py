"""What was meant by who typed with the other keyboard switched on: Persian (ISIRI 9147) for English, or the reverse."""

from __future__ import annotations

_KEYS = dict(
    zip(
        "qwertyuiop[]asdfghjkl;'zxcvbnm,",
        "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو",
        strict=True,
    )
)
_PERSIAN = str.maketrans(_KEYS | {"H": "آ", "C": "ژ", "\\": "پ", "`": "پ"})
_LATIN = str.maketrans({persian: latin for latin, persian in _KEYS.items()} | {"آ": "h", "ژ": "c", "ي": "d", "ك": ";"})


def other_keyboard(text: str) -> str:
    """*text* as the same keys of the other keyboard write it: "hsjhldk,tk" is استامینوفن, "شزثف" is acet."""
    if text.isascii():
        return "".join(letter if letter in "HC" else letter.lower() for letter in text).translate(_PERSIAN)
    return text.translate(_LATIN)
