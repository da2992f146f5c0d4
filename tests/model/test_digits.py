"""Digits in the three sets that people type."""

from maksa.model.digits import latin_digits, persian_digits


def test_digits_of_any_keyboard_are_latin():
    """Persian and Arabic ones look alike and are other characters; what is no digit stays."""
    assert latin_digits("۱۴۰۰/٠٥/06 کد") == "1400/05/06 کد"


def test_prose_has_persian_digits():
    """Only Latin ones are turned."""
    assert persian_digits("1400/05/06 13:00") == "۱۴۰۰/۰۵/۰۶ ۱۳:۰۰"
