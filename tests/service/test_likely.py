"""What a search finds for people: as asked, else what was likely meant."""

import datetime as dt

import pytest

from maksa.model.answers import Found, UnknownTerminology
from maksa.model.concept import Concept
from maksa.service.glossary import in_english
from maksa.service.likely import find_in, find_in_each, get_ready
from maksa.service.respelling import codes_of
from maksa.service.vocabulary import Vocabularies
from tests.publish.conftest import NOON

DRUGS = {
    "60019": "ACETAMINOPHEN 325 mg TABLET ORAL", "60002": "ACETAMINOPHEN 100 mg/1mL 15 mL SOLUTION, DROPS ORAL",
    "67060": "AMOXICILLIN 500 mg TABLET ORAL", "61975": "METFORMIN HYDROCHLORIDE 500 mg TABLET ORAL",
    "62308": "CYTARABINE 100 mg INJECTION",
}  # fmt: skip
DISEASES = {"E10": "Type 1 diabetes mellitus", "D64.9": "Anaemia, unspecified", "J18.9": "Pneumonia, unspecified",
    "B01.2": "Varicella pneumonia"}  # fmt: skip
PLACES = {"23": "تهران", "10": "اصفهان", "0101": "آستارا", "1101": "ایرانشهر", "IR": "ایران، جمهوری اسلامی"}


@pytest.fixture
def view(house):
    for terminology_id, concepts in (("eRX", DRUGS), ("ICD10", DISEASES), ("places", PLACES)):
        house.release(terminology_id, "1", concepts, at=NOON)
    return house.shelf.view


def found(view, text):
    """(terminology, what it was found by, the first code) of each group."""
    return [(each.terminology_id, each.heard, each.matches[0].code) for each in find_in_each(view, text)]


@pytest.mark.parametrize("typed", ["استامینوفن", "استامين", "استام", "hsjhldk,tk", "acetominofen", "acetaminohpen"])
def test_a_drug_in_english_is_found_by_its_persian_name(view, typed):
    """By half of it too, on either keyboard, and with a letter wrong; and the answer says by what."""
    assert found(view, typed)[0] == ("eRX", "acetaminophen", "60019")


@pytest.mark.parametrize(
    ("typed", "meant", "code"),
    [
        ("قرص متفورمین ۵۰۰", "tablet metformin 500", "61975"), ("آمپول سیتارابین", "injection cytarabine", "62308"),
        ("آموکسی سیلین", "amoxicillin", "67060"),
        ("anemia", "anaemia", "D64.9"), ("دیابت", "diabetes", "E10"), ("tehran", "تهران", "23"), ("تهرن", "تهران", "23"),
    ],
)  # fmt: skip
def test_what_was_likely_meant(view, typed, meant, code):
    """Forms of drugs, words apart, the other spelling of English, places in Latin letters, a letter left out."""
    assert found(view, typed)[0][1:] == (meant, code)


def test_nothing_is_guessed_for_what_is_there(view):
    """Neither in that list nor, for a question in Latin letters, in another."""
    assert found(view, "acetaminophen") == [("eRX", "", "60019")]
    assert found(view, "تهران") == [("places", "", "23")]


@pytest.mark.parametrize(
    "typed", ["", " ", "zz", "qqqq", "ناشناخته‌ترین", "💊" * 9, "%%%%", "\u200c", "a" * 500, "الف ب پ ت ث ج چ ح خ"]
)
def test_what_is_like_nothing_finds_nothing(view, typed):
    """Whatever was typed."""
    assert found(view, typed) == []


def test_whole_words_come_before_beginnings_and_beginnings_of_wordings_before_ends(view):
    """«ایران» is not «ایرانشهر»; pneumonia, unspecified, is more to the point than varicella pneumonia."""
    assert [match.code for match in find_in_each(view, "ایران")[0].matches] == ["IR", "1101"]
    assert [match.code for match in find_in_each(view, "pneumonia")[0].matches] == ["J18.9", "B01.2"]


def test_codes_of_one_wording_come_once_over_all_lists_and_each_in_its_own(house):
    """Hundreds of products are one drug; a code that was asked for is itself, whatever else is worded so."""
    tablet, drops = "ACETAMINOPHEN TABLET 325 mg", "ACETAMINOPHEN DROPS 100 mg/1mL"
    house.release("IRC", "1", {"11": tablet, "12": drops, "13": tablet, "14": tablet}, at=NOON)
    view = house.shelf.view

    group = find_in_each(view, "acetaminophen", limit=4)[0]
    assert [(match.code, match.is_shared) for match in group.matches] == [("11", True), ("12", False)]
    assert [(match.code, match.is_shared) for match in find_in_each(view, "13")[0].matches] == [("13", False)]
    assert group.more
    assert not find_in_each(view, "drops")[0].more
    listed = find_in(view, "IRC", "acetaminophen").value.matches
    assert [(match.code, match.is_shared) for match in listed] == [(code, False) for code in ("11", "13", "14", "12")]


def test_what_is_no_longer_in_use_comes_last(house):
    """However short its wording is."""
    house.load("X", "1", [Concept("1", "cold", status="retired"), Concept("2", "common cold")])
    house.publish("X", "1", NOON)

    matches = find_in_each(house.shelf.view, "cold")[0].matches

    assert [(match.code, match.status) for match in matches] == [("2", "active"), ("1", "retired")]


def test_a_code_that_is_no_more_is_found(house):
    """As retired: it stands in old prescriptions. What else its list has for it comes after."""
    house.release("X", "1", {"99": "withdrawn", "1": "one"}, at=NOON)
    house.release("X", "2", {"991": "another", "1": "one"}, at=NOON + dt.timedelta(days=1))

    (group,) = find_in_each(house.shelf.view, " 99 ")

    assert [(match.code, match.display, match.status) for match in group.matches] == [
        ("99", "withdrawn", "retired"),
        ("991", "another", "active"),
    ]


def test_the_same_in_one_list(view):
    """Of any version of it; a list that is not there is said."""
    answer = find_in(view, "erx", "آموکسی‌سیلین", label="1", limit=1)

    assert isinstance(answer, Found)
    assert (answer.value.heard, [match.code for match in answer.value.matches], answer.value.more) == (
        "amoxicillin",
        ["67060"],
        False,
    )
    assert find_in(view, "nothing", "x") == UnknownTerminology("nothing")


def test_lists_are_got_to_know_beforehand(view):
    """And answer the same."""
    get_ready(view)

    assert found(view, "متفورمین")[0] == ("eRX", "metformin", "61975")


def test_so_many_words_are_kept_and_no_more(house):
    """Those that were learned first make room, and are learned again when they are needed."""
    for name in ("One", "Two", "Three"):
        house.release(name, "1", {"1": f"amoxicillin {name}lich capsule"}, at=NOON)
    snapshots = [terminology.last.snapshot for terminology in house.shelf.view.terminologies]
    kept = Vocabularies(most=6)

    for _ in range(2):
        assert [len(kept.of(each).spellings) for each in snapshots] == [3, 3, 3]
        assert kept.words == 6


@pytest.mark.parametrize(
    ("typed", "code"),
    [("D649", "D64.9"), ("d64-9", "D64.9"), ("D64٫9", "D64.9"), ("ی۶۴.۹", "D64.9"), ("ث10", "E10"), ("E 10", "E10")],
)
def test_a_code_is_found_however_it_is_typed(view, typed, code):
    """Without its dot, with another mark, in Persian digits, on the Persian keyboard."""
    assert found(view, typed)[0] == ("ICD10", code, code)
    answer = find_in(view, "ICD10", typed)
    assert isinstance(answer, Found)
    assert answer.value.matches[0].code == code


def test_a_code_that_is_there_is_not_spelled_otherwise(view):
    """In small letters neither; nor is an amount, or two words. A list comes once."""
    assert [group[0] for group in found(view, "d64.9")] == [group[0] for group in found(view, "D64.9")] == ["ICD10"]
    assert [group[0] for group in found(view, "D649")] == ["ICD10"]
    assert found(view, "60019") == [("eRX", "", "60019")]
    assert [code for text in ("500 mg", "acetaminophen", "B") for code in codes_of(text)] == []


def test_everyday_persian_is_put_into_the_words_of_english_lists(house, view):
    """Diseases with their numbers, by the longest entry; beside what a Persian list has; and in one list."""
    others = {
        "A78": "Q fever",
        "J00": "Acute nasopharyngitis",
        "I10": "Essential (primary) hypertension",
        "K76.6": "Portal hypertension",
        "E11": "Type 2 diabetes mellitus",
    }
    house.release("Diseases", "1", others, at=NOON)
    house.release("Persian", "1", {"1": "فشار خون مادر"}, at=NOON)
    view = house.shelf.view

    assert [match.code for match in find_in_each(view, "فشار خون بالا")[0].matches] == ["I10", "K76.6"]
    assert found(view, "فشارِ خون") == [("Persian", "", "1"), ("Diseases", "hypertension", "I10")]
    assert ("Diseases", "acute", "J00") in found(view, "حاد")
    assert found(view, "تب") == [("Diseases", "fever", "A78")]
    assert ("Diseases", "diabetes type 2", "E11") in found(view, "دیابت نوع ۲")
    answer = find_in(view, "Diseases", "فشار خون")
    assert isinstance(answer, Found)
    assert answer.value.heard == "hypertension"
    assert in_english("فشار خون کتابخانه") == in_english("۵۰۰") == in_english("") == ""


@pytest.mark.parametrize("typed", ["کووید", "واکسن"])
def test_persian_words_are_not_taken_for_english_keys(view, typed):
    """The keys ; , and ' are in no English word."""
    assert all(heard.isalpha() for _, heard, _ in found(view, typed))


def test_special_cases_come_after_what_they_are_cases_of(house):
    """A longer code beside a shorter one, in lists whose codes tell it; a much shorter wording still comes first."""
    house.release("ICD10", "1", {
        "E23.2": "Diabetes insipidus", "E10": "Type 1 diabetes mellitus", "J45.8": "Mixed asthma", "J45": "Asthma",
        "Z82.5": "Family history of asthma",
    }, at=NOON)  # fmt: skip

    order = [
        [match.code for match in find_in_each(house.shelf.view, text)[0].matches] for text in ("diabetes", "asthma")
    ]
    assert order == [["E10", "E23.2"], ["J45", "J45.8", "Z82.5"]]
