"""The verbs that the wire stands on: what is there is Found, what is not says which part of the question names nothing."""

import datetime as dt

from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import CodedText, Concept, Designation
from maksa.service.lookup import display_of, lookup
from maksa.service.search import search
from maksa.service.since import concepts_since, terminologies_since
from maksa.service.validate import validate_code
from maksa.service.versions import versions
from maksa.snapshot.reader import moment
from maksa.snapshot.shelf import Shelf

PHONES = [Concept("1", "تلفن منزل", designations=(Designation("en", "home phone"),)), Concept("2", "تلفن محل کار")]


def test_a_code_is_found_in_the_last_version(make, tmp_path):
    """Where no version is named, the last published one answers. [contract §4]"""
    make(PHONES, label="1")
    make([Concept("1", "تلفن خانه")], label="2")
    view = Shelf.open(tmp_path).view

    assert display_of(view, "contacttype", "1") == Found("تلفن خانه")
    assert display_of(view, "ContactType", "1", "1") == Found("تلفن منزل")


def test_what_is_unknown_is_told_apart(make, tmp_path):
    """Terminology, version, code: each its own answer, with the id as it was defined."""
    make(PHONES)
    view = Shelf.open(tmp_path).view

    assert display_of(view, "Nothing", "1") == UnknownTerminology("Nothing")
    assert display_of(view, "CONTACTTYPE", "1", "9") == UnknownVersion("ContactType", "9")
    assert display_of(view, "CONTACTTYPE", "9") == UnknownCode("ContactType", "1", "9")


def test_lookup_tells_all(make, tmp_path):
    """Designations come with the display."""
    make(PHONES)
    answer = lookup(Shelf.open(tmp_path).view, "ContactType", " 1 ")

    assert isinstance(answer, Found)
    assert answer.value.designations == (Designation("en", "home phone"),)


def test_validation_of_an_unknown_code_is_false(make, tmp_path):
    """The terminology is known, the text is not true. [contract §2]"""
    make(PHONES)
    view = Shelf.open(tmp_path).view

    assert validate_code(view, CodedText("ContactType", "9", "x")) == Found(False)
    assert validate_code(view, CodedText("Nothing", "1", "x")) == UnknownTerminology("Nothing")
    assert validate_code(view, CodedText("ContactType", "1", " تلفن  منزل")) == Found(True)
    assert validate_code(view, CodedText("ContactType", "1", " تلفن  منزل"), exact=True) == Found(False)


def test_concepts_since_a_date(make, tmp_path):
    """At or after it, in the wire's order; none is an empty answer, not an unknown one."""
    make(PHONES, changed={"1": 200, "2": 100})
    view = Shelf.open(tmp_path).view

    assert [row[0] for row in concepts_since(view, "ContactType", None).value] == ["2", "1"]
    assert [row[0] for row in concepts_since(view, "ContactType", moment(150)).value] == ["1"]
    assert list(concepts_since(view, "ContactType", moment(300)).value) == []


def test_terminologies_in_order_of_definition(make, tmp_path):
    """Published on one day, the earlier publication first."""
    for terminology_id in ("ICD10", "ADA", "eRX"):
        make(PHONES, terminology_id=terminology_id)
    view = Shelf.open(tmp_path).view

    assert terminologies_since(view, moment(0)) == ["ICD10", "ADA", "eRX"]
    assert terminologies_since(view, dt.datetime(2111, 1, 1, tzinfo=dt.UTC)) == []


def test_versions_in_order_of_publication(make, tmp_path):
    """The last of them is the last."""
    make(PHONES, label="1000")
    make(PHONES, label="10000")

    answer = versions(Shelf.open(tmp_path).view, "contactTYPE")
    assert [version.label for version in answer.value] == ["1000", "10000"]


def test_search_puts_the_code_itself_first(make, tmp_path):
    """Then wordings, then longer codes that begin so."""
    make([Concept("40", "فشار"), Concept("400", "قلب"), Concept("7", "قرص 40 mg")])
    answer = search(Shelf.open(tmp_path).view, "40")

    assert [match.code for match in answer.value] == ["40", "7", "400"]


def test_search_over_all_terminologies_merges_by_length(make, tmp_path):
    """Short wordings first, wherever they are."""
    make([Concept("1", "تلفن منزل پدری")], terminology_id="A")
    make([Concept("1", "تلفن")], terminology_id="B")
    make([Concept("1", "تلفن منزل")], terminology_id="C")
    answer = search(Shelf.open(tmp_path).view, "تلفن", limit=2)

    assert [match.terminology_id for match in answer.value] == ["B", "C"]


def test_search_goes_on_without_a_damaged_file(make, tmp_path):
    """A damaged file spoils its own version only."""
    make(PHONES, terminology_id="A")
    make(PHONES, terminology_id="B").path.write_bytes(b"x" * 100)
    answer = search(Shelf.open(tmp_path).view, "منزل")

    assert [match.terminology_id for match in answer.value] == ["A"]
