"""Pairs: lists whose codes are the same and whose language differs are searched as one and answered as two."""

from __future__ import annotations

import pytest

from maksa.model.answers import Found, UnknownCode
from maksa.model.concept import Concept
from maksa.service.lookup import display_of
from maksa.service.search import search
from maksa.snapshot.shelf import Shelf

ENGLISH = [Concept("A00", "Cholera", "en"), Concept("A01", "Typhoid fever", "en"), Concept("A02", "Salmonella", "en")]
PERSIAN = [Concept("A00", "وبا", "fa"), Concept("A01", "حصبه", "fa"), Concept("A99", "تب ناشناخته", "fa")]


@pytest.fixture
def pair(make, tmp_path):
    """Writes the two lists and asks a search over them: (id, pair, code, display, matched) of each answer, in order."""
    make(ENGLISH, "ICD10", "2019")
    make(PERSIAN, "ICD10-FA", "2019")

    def ask(text, terminology_id=None, **more):
        answer = search(Shelf.open(tmp_path).view, text, terminology_id, **more)
        return [(each.terminology_id, each.pair, each.code, each.display, each.matched) for each in answer.value]

    return ask


def test_a_persian_wording_finds_in_the_english_list(pair):
    """The answer is ICD10's own, beside the wording that found it."""
    assert pair("وبا", "icd10") == [("ICD10", "ICD10-FA", "A00", "Cholera", "وبا")]


def test_an_english_wording_finds_in_the_persian_list(pair):
    """And the other way round."""
    assert pair("typhoid", "ICD10-FA") == [("ICD10-FA", "ICD10", "A01", "حصبه", "Typhoid fever")]


def test_over_all_lists_a_concept_of_a_pair_comes_once(pair):
    """From the list whose wording was found, with both ids told; its own display is there."""
    assert pair("وبا") == [("ICD10-FA", "ICD10", "A00", "وبا", "وبا")]
    assert pair("cholera") == [("ICD10", "ICD10-FA", "A00", "Cholera", "Cholera")]


def test_a_code_of_both_comes_once(pair):
    """A code is a wording of both lists."""
    assert pair("A00") == [("ICD10", "ICD10-FA", "A00", "Cholera", "A00")]
    assert pair("A0", "ICD10-FA") == [
        ("ICD10-FA", "ICD10", "A00", "وبا", "A00"),
        ("ICD10-FA", "ICD10", "A01", "حصبه", "A01"),
    ]


def test_a_code_that_one_alone_has_is_told_of_it_alone(pair):
    """No answer of the other names it, and no pair is told."""
    assert pair("salmonella") == [("ICD10", "", "A02", "Salmonella", "Salmonella")]
    assert pair("salmonella", "ICD10-FA") == []
    assert pair("ناشناخته", "ICD10") == []


def test_a_concept_of_a_pair_takes_one_of_the_places(pair):
    """The limit counts concepts, not the lists that have them."""
    assert [code for _, _, code, *_ in pair("A0", limit=3)] == ["A00", "A01", "A02"]


def test_the_same_label_of_the_other_is_searched(pair, make):
    """A version is found by the wordings of the same version; where the other has none of the label, by its last."""
    make([Concept("A00", "کلرا", "fa")], "ICD10-FA", "2021")

    assert pair("وبا", "ICD10", label="2019") == [("ICD10", "ICD10-FA", "A00", "Cholera", "وبا")]
    make(ENGLISH, "ICD10", "2020")
    assert pair("کلرا", "ICD10", label="2020") == [("ICD10", "ICD10-FA", "A00", "Cholera", "کلرا")]


def test_lists_that_are_no_pair_stay_two(make, tmp_path):
    """The same code in lists that nobody calls a pair is two concepts; an unknown id is as welcome."""
    make(ENGLISH, "ICD10", "2019")
    make(ENGLISH, "Mine-FA", "1")
    matches = search(Shelf.open(tmp_path).view, "cholera").value

    assert [(each.terminology_id, each.pair) for each in matches] == [("ICD10", ""), ("Mine-FA", "")]


def test_a_damaged_translation_spoils_no_search(make, tmp_path):
    """The other of a pair is a help; the list that was asked answers alone."""
    make(ENGLISH, "ICD10", "2019")
    make(PERSIAN, "ICD10-FA", "2019").path.write_bytes(b"x" * 100)
    matches = search(Shelf.open(tmp_path).view, "cholera", "ICD10").value

    assert [(each.code, each.pair) for each in matches] == [("A00", "")]


def test_a_pair_is_answered_as_two(pair, make, tmp_path):
    """A lookup asks the list that was named, and no other."""
    view = Shelf.open(tmp_path).view

    assert display_of(view, "ICD10", "A00") == Found("Cholera")
    assert display_of(view, "ICD10-FA", "A00") == Found("وبا")
    assert isinstance(display_of(view, "ICD10-FA", "A02"), UnknownCode)
