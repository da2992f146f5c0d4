"""The checker itself: of a date or a version, on damaged lists, with a memory and a bound; and for any input."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.check import Checker, check
from maksa.check.code_marks import CodeMarks
from maksa.check.wording import WORDINGS
from maksa.check.wordings import Wordings
from maksa.model.answers import Found
from maksa.model.concept import CodedText, Concept
from maksa.model.errors import SnapshotError
from maksa.service.validate import validate_code
from maksa.snapshot.shelf import Shelf
from tests.check.conftest import FIRST, MOMETASONE, SECOND
from tests.publish.conftest import DAY, House

OLD = "MOMETASONE 0.1 % CREAM"


def test_a_message_is_judged_by_the_version_of_its_day(view):
    """What was right when it was sent is right for its date; what came later was not there yet."""
    then = Checker(view, at=SECOND - DAY)

    assert then.judge("eRX", "60281", OLD).findings == ()
    assert then.judge("eRX", "60281", MOMETASONE).slugs == ("later-display",)
    assert then.judge("eRX", "60500", "IBUPROFEN 400 mg TABLET ORAL").slugs == ("not-yet",)
    assert then.judge("eRX", "60900", "RANITIDINE 150 mg TABLET").findings == ()


def test_before_its_first_version_a_terminology_is_not_in_force(view):
    verdict = Checker(view, at=FIRST - DAY).judge("eRX", "60281", OLD)

    assert verdict.slugs == ("not-in-force",)


def test_a_version_is_asked_by_its_label(view):
    """Lists without such a version say so."""
    asked = Checker(view, label="1000")

    assert asked.judge("eRX", "60281", OLD).findings == ()
    assert asked.judge("ContactType", "1", "تلفن منزل").slugs == ("unknown-version",)


def test_verdicts_come_in_the_order_of_the_texts(house_of_one):
    """From a shelf or a view of it, as an iterator."""
    texts = [CodedText("L", "2", "دو"), CodedText("L", "1", "دو"), CodedText("L", "1", "یک")]

    assert [each.is_valid for each in check(house_of_one.shelf, texts)] == [True, False, True]
    assert [each.given for each in check(house_of_one.shelf.view, texts)] == texts


@pytest.fixture
def house_of_one(tmp_path):
    house = House(tmp_path)
    house.release("L", "1", {"1": "یک", "2": "دو"}, FIRST)
    yield house
    house.catalog.close()


def test_a_damaged_list_is_an_error_and_spoils_no_other(house_of_one):
    """Its own texts cannot be judged; others are, without it."""
    house_of_one.release("M", "1", {"1": "x"}, FIRST)
    shelf = house_of_one.shelf
    path = shelf.view.terminology("L").last.path
    path.write_bytes(path.read_bytes()[:-4096])
    checker = Checker(Shelf.open(house_of_one.folder))

    assert checker.judge("M", "1", "x").findings == ()
    assert checker.judge("M", "1", "یک").slugs == ("wrong-display",)
    with pytest.raises(SnapshotError):
        checker.judge("L", "1", "یک")


def test_an_allowance_ends_the_costly_looks_only(view):
    """The same is found wrong, with fewer suggestions."""
    checker = Checker(view, allowance=150)
    first, second = (checker.judge("eRX", code, "IBUPROFN 400 mg TABLET ORAL") for code in ("99", "98"))

    assert (first.slugs, second.slugs) == (("near-code",), ("unknown-code",))
    assert checker.is_spent
    assert checker.judge("eRX", "60281", OLD).slugs == ("old-display",)


def test_a_repeated_text_is_judged_once(checker):
    assert checker.judge("eRX", "1", "x") is checker.judge("eRX", "1", "x")


def test_the_surest_way_of_writing_a_code_is_the_one_that_is_meant(house_of_one):
    """Its own letters with Latin digits come before other letters, whatever the display says."""
    house_of_one.release("M", "1", {"C003": "one", "c003": "another"}, FIRST)
    checker = Checker(house_of_one.shelf)

    corrections = [checker.judge("M", code, "neither").findings[0].correction for code in ("C۰۰۳", "c۰۰۳")]
    assert [each.code for each in corrections if each] == ["C003", "c003"]


def test_a_large_list_is_laid_out_after_some_searches(make):
    """The index and the sums in memory find the same codes by a text."""
    concepts = [Concept(str(n), f"مفهوم شمارهٔ {n} می‌شود") for n in range(300)]
    small, searched = Wordings(make(concepts)), Wordings(make(concepts, label="2"))
    searched._patience = 10**9

    for n in range(0, 300, 7):
        text = f"مفهوم شماره {n} می شود"
        assert small.of(text) == searched.of(text)
        assert [(each.code, each.is_display) for each in small.of(text)] == [(str(n), True)]


def test_a_code_that_is_there_is_never_told_to_be_missing(make):
    """The file is asked at first; then the bits know most of what is missing, and nothing more."""
    there = [str(n) for n in range(0, 3000, 3)]
    marks = CodeMarks(make([Concept(code, "مفهوم") for code in there]))

    assert marks.among(["no code"]) == ["no code"]
    assert marks.may_have("no code")
    assert marks.among(there) == there
    assert all(map(marks.may_have, there))
    assert len(marks.among([str(n) for n in range(3000, 6000)])) < 300


PARTS = st.one_of(
    st.sampled_from(["eRX", "ERX", "ICD10", "ContactType", "thritaEHR.Religion", "http://snomed.info/sct", "", " "]),
    st.sampled_from(["1", "60281", "A00", "A00.0", "a00", "۱", "60900", "60950", "0", "1e20"]),
    st.sampled_from(["اسلام", "Cholera", "وبا", MOMETASONE, OLD, "تلفن منزل"]),
    st.text(string.ascii_letters + string.digits + " .-/یيکك\u200c\u200f\ud800\x00'\"*()", max_size=30),
    st.text(max_size=40),
)


@given(PARTS, PARTS, st.one_of(st.none(), PARTS))
def test_any_text_gives_a_verdict(checker, terminology_id, code, display):
    """Never a crash; a correction is valid; who is valid here is valid to the service, and the other way round."""
    verdict = checker.judge(terminology_id, code, display)

    assert all(each.slug in WORDINGS and each.message and each.message_fa for each in verdict.findings)
    assert verdict.is_valid is all(each.severity == "warning" for each in verdict.findings)
    if verdict.correction is not None:
        right = verdict.correction
        again = checker.judge(right.terminology_id, right.code, right.display if display is not None else None)
        assert {each.slug for each in again.findings} <= {"inactive"}


@given(PARTS, PARTS, PARTS)
def test_it_agrees_with_the_service(view, checker, terminology_id, code, display):
    """What is no refusal here is a yes of ValidateCts. [contract §2]"""
    verdict = checker.judge(terminology_id, code, display)
    if verdict.is_valid and "://" not in terminology_id:
        assert validate_code(view, CodedText(terminology_id, code.strip(), display)) == Found(True)
