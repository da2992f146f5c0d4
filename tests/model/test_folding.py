"""What search forgives and what validation forgives."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.folding import alternatives, folded, language_of, same_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("كتاب", "کتاب"),  # Arabic kaf
        ("علي", "علی"),  # Arabic yeh
        ("موسى", "موسی"),  # alef maksura
        ("خانة", "خانه"),  # teh marbuta
        ("خانۀ", "خانه"),
        ("مسؤول", "مسوول"),
        ("مسئول", "مسیول"),
        ("آب", "اب"),
        ("قُرصِ", "قرص"),  # diacritics
        ("قـرص", "قرص"),  # tatweel
        ("۴۰۰", "400"),
        ("٤٠٠", "400"),
        ("IBUPROFEN", "ibuprofen"),
        ("Café", "cafe"),
        ("ﻗﺮﺹ", "قرص"),  # presentation forms
    ],
)
def test_another_keyboard_folds_to_the_same_word(typed, meant):
    """However a word is typed, search compares one form of it."""
    assert folded(typed) == folded(meant)


def test_half_spaced_word_stands_joined_and_in_parts():
    """«می‌شود» is found whether typed joined, apart or with its half-space."""
    assert folded("می‌شود") == "میشود می شود"
    assert alternatives("می‌شود") == [["میشود"], ["می", "شود"]]


def test_punctuation_parts_words():
    """A slash or a hyphen ends a word."""
    assert folded("ACETAMINOPHEN 100 mg/1mL, DROPS") == "acetaminophen 100 mg 1ml drops"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    """Folded text is its own folding."""
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_long_texts_fold_as_short_ones(text):
    """What is remembered of short texts is what a text too long to be remembered comes to."""
    one = folded(text)
    many = folded(f"{text} " * 5_000)

    assert many == " ".join([one] * 5_000 if one else [])


@given(st.text())
def test_every_word_of_a_query_is_a_word_of_its_own_text(text):
    """What somebody copies from a display finds that display."""
    words = set(folded(text).split())

    assert any(set(choice) <= words for choice in alternatives(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("كلي", "کلی"), ("تلفن  منزل ", "تلفن منزل"), ("e\u0301", "é")],
)
def test_same_text_on_another_keyboard(one, other):
    """Letters of another keyboard, runs of blanks and composition do not make another text. [contract §2]"""
    assert same_text(one, other)
    assert not same_text(one, other, exact=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Cholera", "cholera"), ("می‌شود", "می شود"), ("قُرص", "قرص"), ("۱", "1"), ("ة", "ه")],
)
def test_another_text_stays_another_text(one, other):
    """Case, half-space, diacritics and digits are told apart by validation. [contract §2]"""
    assert not same_text(one, other)


def test_language_of_a_text():
    """A text with a letter of the Arabic script is taken for Persian, any other for English."""
    assert language_of("تلفن منزل") == "fa"
    assert language_of("ACETAMINOPHEN 100 mg") == "en"
    assert language_of("Ménière") == "en"


MARKS = 250_000  # acute accents and as many from below, in the wrong order: a megabyte of UTF-8


def test_a_megabyte_of_marks_on_one_letter_is_compared_in_no_time():
    """Sorting them as they stand would take half an hour. It would be one request. [contract §2, ValidateCts]"""
    heap = "a" + "\u0301" * MARKS + "\u0316" * MARKS

    assert not same_text("اسلام", heap)
    assert same_text(heap + " ", heap)
    assert folded(heap) == "a"


def test_a_megabyte_of_words_with_half_spaces_is_folded_in_no_time():
    """One chunk without a blank: its parts are looked for among its words."""
    words = [f"w{number}" for number in range(100_000)]

    assert folded("می‌شود-" + "-".join(words)).split() == ["میشود", *words, "می", "شود"]


def test_a_few_marks_on_a_letter_are_put_in_order_in_long_texts_too():
    """The same text, however it was typed."""
    assert same_text("x" * 300 + "a\u0301\u0316", "x" * 300 + "a\u0316\u0301")


@pytest.mark.parametrize("letter", ["ᾂ", "ǖ", "각", "é", "آ"])
def test_a_long_text_of_letters_in_their_parts_is_the_same_text(letter):
    """Up to four parts make one letter; blanks between do not count."""
    whole = f"{letter} " * 200

    assert same_text(whole, unicodedata.normalize("NFD", whole).replace(" ", " \t " * 100))


def test_a_long_text_is_another_than_a_short_one():
    assert not same_text("سلام", "سلام " * 200_000)
