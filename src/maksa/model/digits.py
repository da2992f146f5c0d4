"""Digits of the three sets that people type: Latin, Persian (۰۱۲) and Arabic (٠١٢)."""

from __future__ import annotations

_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def latin_digits(text: str) -> str:
    """The text with its Persian and Arabic digits as Latin ones: of "۱۴۰۰", "1400"."""
    return text.translate(_TO_LATIN)


def persian_digits(text: str) -> str:
    """The text with its Latin digits as Persian ones: of "1400/05/06", "۱۴۰۰/۰۵/۰۶"."""
    return text.translate(_TO_PERSIAN)
