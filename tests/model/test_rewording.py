"""The words of a display that are others than they were: marked whole, nothing lost, nothing added."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.rewording import rewording

texts = st.text(alphabet="ab یک‌َ12.,/  mgـ", max_size=40)


def shown(before: str, after: str) -> str:
    """The pieces in one line: -gone- +come+."""
    signs = {"kept": "", "gone": "-", "come": "+"}
    return "".join(f"{signs[each.mark]}{each.text}{signs[each.mark]}" for each in rewording(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("تلفن منزل", "تلفن خانه", "تلفن -منزل-+خانه+"),
        ("ACETAMINOPHEN 325 mg TABLET", "ACETAMINOPHEN 500 mg TABLET", "ACETAMINOPHEN -325-+500+ mg TABLET"),
        ("2.5 mg", "2.6 mg", "-2.5-+2.6+ mg"),
        ("2.5mg", "2.6mg", "-2.5mg-+2.6mg+"),
        ("دین", "دین رسمی", "دین+ رسمی+"),
        ("یک دو سه", "چهار پنج شش", "-یک دو سه-+چهار پنج شش+"),
        ("a b c d e", "a x c y e", "a -b-+x+ c -d-+y+ e"),
        ("الف", "الف", "الف"),
        ("", "نو", "+نو+"),
        ("کهنه", "", "-کهنه-"),
        ("", "", ""),
    ],
)
def test_words_are_marked_whole(before, after, expected):
    """What stayed is plain; what changed side by side is one change, not a row of small ones."""
    assert shown(before, after) == expected


def test_another_keyboards_letter_marks_its_word():
    """ي for ی is a change that the eye can miss: the word is marked."""
    assert shown("علي اکبر", "علی اکبر") == "-علي-+علی+ اکبر"


def test_a_half_space_is_part_of_its_word():
    """Alone it cannot be seen, so the words on both sides of it are marked with it."""
    assert shown("می\u200cشود گفت", "می شود گفت") == "-می\u200cشود-+می شود+ گفت"


def test_a_diacritic_is_part_of_its_word():
    """Likewise."""
    assert shown("مُهر زد", "مهر زد") == "-مُهر-+مهر+ زد"


@given(before=texts, after=texts)
def test_the_pieces_are_both_texts_to_the_letter(before, after):
    """Whatever the texts are; and no two neighbours have the same mark."""
    pieces = rewording(before, after)

    assert "".join(each.text for each in pieces if each.mark != "come") == before
    assert "".join(each.text for each in pieces if each.mark != "gone") == after
    assert all(one.mark != other.mark for one, other in pairwise(pieces))
    assert all(each.text for each in pieces)


def test_long_texts_are_held_against_each_other_in_no_time():
    """Past a bound the middle is one change: a paragraph of a million words must not stop a page."""
    before, after = "a " * 100_000 + "x", "b " * 100_000 + "x"
    pieces = rewording(before, after)

    assert [each.mark for each in pieces] == ["gone", "come", "kept"]
