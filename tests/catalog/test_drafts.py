"""Drafts: written whole or not at all, replaced until published, told back as they were loaded."""

import datetime as dt

import pytest

from maksa.catalog import Catalog
from maksa.model.concept import Concept, Designation, Property
from maksa.model.errors import IdSpellingError, UnknownDraftError
from tests.catalog.conftest import report

RICH = Concept(
    "4110121001",
    "تهران",
    "fa",
    designations=(Designation("en", "Tehran"), Designation("fa", "طهران", "synonym")),
    properties=(Property("population", "8693706", "integer"),),
    parents=("41101",),
    status="inactive",
)


def test_a_draft_is_told_as_it_was_loaded(catalog, write):
    """Its number, where it came from, and what the load counted."""
    counted = report("lists/ContactType.csv")
    counted.read, counted.refused, counted.skipped = 5, 1, 1
    draft = write("ContactType", "10000", title="نوع تماس", report=counted)

    assert (draft.number, draft.terminology_id, draft.label, draft.title) == (1, "ContactType", "10000", "نوع تماس")
    assert (draft.source, draft.rows_read, draft.rows_refused, draft.rows_skipped) == ("lists/ContactType.csv", 5, 1, 1)
    assert draft.concepts == 3
    assert catalog.drafts() == [draft]
    assert catalog.draft("CONTACTTYPE", " 10000 ") == draft


def test_times_are_whole_seconds_of_utc(url):
    """The clock is the caller's to give."""
    noon = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)
    with Catalog.open(url, clock=lambda: noon) as catalog:
        catalog.write_draft("ContactType", "1", (), published=(), report=report())

        assert catalog.drafts()[0].loaded_at == noon
        assert catalog.terminologies()[0].created_at == noon


def test_counts_are_read_when_the_concepts_have_ended(write):
    """A load counts while it streams: what the report says before is not what it says after."""
    counting = report()

    def concepts():
        for code in ("1", "2"):
            counting.read += 1
            yield Concept(code, "تلفن", "fa")

    assert write(concepts=concepts(), report=counting).rows_read == 2


@pytest.mark.parametrize("count", [255, 256, 257, 5_001])
def test_long_drafts_are_written_to_the_last_row(catalog, write, count):
    """Whatever the number of concepts that lie in the database together, and in whatever order they come."""
    concepts = [Concept(f"{number:05}", f"مفهوم {number}", "fa") for number in range(count)]
    draft, backwards = write(concepts=concepts), write(label="2", concepts=concepts[::-1])

    assert (draft.in_code_order, backwards.in_code_order) == (True, False)
    assert list(catalog.draft_concepts(draft)) == list(enumerate(concepts, 1))
    assert list(catalog.draft_concepts(backwards)) == list(enumerate(concepts[::-1], 1))[::-1]


def test_one_code_out_of_order_is_seen_wherever_it_stands(catalog, write):
    """Between two concepts that lie together, and between the last of some and the first of the next."""
    for place in (1, 256, 300):
        concepts = [Concept(f"{number:05}", "x", "en") for number in range(400)]
        concepts[place - 1 : place + 1] = concepts[place - 1 : place + 1][::-1]
        draft = write(concepts=concepts)

        assert not draft.in_code_order
        assert [concept.code for _, concept in catalog.draft_concepts(draft)] == [
            f"{number:05}" for number in range(400)
        ]


def test_concepts_come_back_by_code_with_their_places(catalog, write):
    """By the bytes of the code ("1", "10", "2"), whatever the order of the file; its order is kept as position."""
    draft = write()

    assert [(position, concept.code) for position, concept in catalog.draft_concepts(draft)] == [
        (3, "1"),
        (2, "10"),
        (1, "2"),
    ]
    assert not draft.in_code_order


@pytest.mark.parametrize(
    "codes",
    [("A", "a", "É", "é", "آ", "ی", "\uffff", "\U00010000"), ("", "-1", "0", "00", "1", "1 ", "1-", "1.0"), ()],
)
def test_code_order_is_that_of_bytes_whoever_sorts(catalog, write, codes):
    """A list that came sorted is not sorted again, so the database and Python must mean the same by it."""
    assert list(codes) == sorted(codes, key=str.encode)
    sorted_already = write(label="sorted", concepts=[Concept(code, "x", "en") for code in codes])
    reversed_ = write(label="reversed", concepts=[Concept(code, "x", "en") for code in reversed(codes)])

    assert sorted_already.in_code_order
    assert [concept.code for _, concept in catalog.draft_concepts(sorted_already)] == list(codes)
    assert [concept.code for _, concept in catalog.draft_concepts(reversed_)] == list(codes)


def test_a_rich_concept_comes_back_whole(catalog, write):
    """Designations in their order, properties with their kinds, parents, a status."""
    draft = write("countryDivisions", concepts=[RICH])

    assert draft.has_parents
    assert list(catalog.draft_concepts(draft)) == [(1, RICH)]


@pytest.mark.parametrize(
    "concept",
    [
        Concept("1", "x", "en", status="inactive"),
        Concept("1", "x", "en", parents=("0",)),
        Concept("1", "x", "en", properties=(Property("form", "tablet"),)),
        Concept("1", "x", "en", designations=(Designation("fa", "ایکس"),)),
        Concept("1", "", "en"),
    ],
)
def test_one_thing_beside_the_display_comes_back_too(catalog, write, concept):
    """Whichever it is."""
    draft = write(concepts=[concept])

    assert list(catalog.draft_concepts(draft)) == [(1, concept)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", "fa"), ("fa", "fa"), ("ar", "ar")],
)
def test_a_blank_language_is_that_of_the_letters(catalog, write, given, kept):
    """A given one is kept, even where the letters would say another."""
    draft = write(concepts=[Concept("1", "هاتف", given)])

    assert [concept.language for _, concept in catalog.draft_concepts(draft)] == [kept]


def test_an_unpublished_label_is_replaced_under_its_number(catalog, write):
    """A mended file is loaded again; the concepts of the first are gone, its number is kept."""
    first = write(label="1")
    second = write(label="1", concepts=[Concept("9", "دورنگار", "fa")])

    assert second.number == first.number
    assert catalog.drafts() == [second]
    assert [concept.code for _, concept in catalog.draft_concepts(second)] == ["9"]


def test_a_load_that_fails_leaves_what_was_there(catalog, write):
    """The concepts raise half-way: no draft where there was none, the old one where there was."""
    kept = write(label="1")

    def broken():
        yield from [Concept(str(code), "x", "en") for code in range(20_000)]
        raise RuntimeError("the file ends here")

    for label in ("1", "2"):
        with pytest.raises(RuntimeError, match="the file ends here"):
            write(label=label, concepts=broken())

    assert catalog.drafts() == [kept]
    assert len(list(catalog.draft_concepts(kept))) == 3


def test_ctrl_c_in_the_middle_leaves_no_draft(catalog, write):
    """Not even a terminology: nobody is bound by the spelling of what never was."""

    def interrupted():
        yield Concept("1", "x", "en")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(concepts=interrupted())

    assert catalog.drafts() == []
    assert catalog.spelling("ContactType") is None


def test_the_defined_spelling_wins(catalog, write):
    """` ERX ` is the eRX that is there. [contract §2]"""
    write("eRX", "1")
    draft = write(" ERX ", "2")

    assert draft.terminology_id == "eRX"
    assert catalog.spelling("erx") == "eRX"
    assert [entry.terminology_id for entry in catalog.terminologies()] == ["eRX"]


def test_two_ids_that_differ_by_more_than_case_are_two(catalog, write):
    """ThritaEHR and thritaEHR.Religion. [contract §2]"""
    write("ThritaEHR", "1")
    write("thritaEHR.Religion", "1")

    assert {entry.terminology_id for entry in catalog.terminologies()} == {"ThritaEHR", "thritaEHR.Religion"}


@pytest.mark.parametrize(("terminology_id", "label"), [("", "1"), ("a/b", "1"), ("eRX", " "), ("eRX", "1\n2")])
def test_an_id_or_label_that_cannot_be_is_refused(catalog, write, terminology_id, label):
    """Before anything is written."""
    with pytest.raises(IdSpellingError):
        write(terminology_id, label)

    assert catalog.terminologies() == []


def test_a_blank_title_takes_the_terminology_s(catalog, write):
    """The title is given once; the next version has it without being told."""
    write("eRX", "1", title="دارو")

    assert write("eRX", "2").title == "دارو"
    assert write("eRX", "3", title="داروهای ایران").title == "داروهای ایران"
    assert [entry.title for entry in catalog.terminologies()] == ["داروهای ایران"]


def test_a_dropped_draft_is_gone_with_its_spelling(catalog, write):
    """It was loaded under a wrong id: the right one may be any other."""
    draft = write("CONTACTTYPE", "1")

    assert catalog.drop_draft("ContactType", "1") == draft
    assert catalog.drafts() == []
    assert list(catalog.draft_concepts(draft)) == []
    assert write("ContactType", "1").terminology_id == "ContactType"


def test_dropping_a_draft_leaves_the_others(catalog, write):
    """Those numbered before it and after it."""
    before, dropped, after = (write("eRX", label) for label in ("1", "2", "3"))
    catalog.drop_draft("eRX", "2")

    assert [len(list(catalog.draft_concepts(draft))) for draft in (before, dropped, after)] == [3, 0, 3]
    catalog.drop_draft("eRX", "3")
    assert len(list(catalog.draft_concepts(before))) == 3


def test_dropping_what_is_not_there_is_said(catalog, write):
    """The label is another, or the terminology is."""
    write("ContactType", "1")

    with pytest.raises(UnknownDraftError, match="ContactType labelled '2'"):
        catalog.drop_draft("ContactType", "2")
    with pytest.raises(UnknownDraftError, match="Country labelled '1'"):
        catalog.drop_draft("Country", "1")
    assert catalog.spelling("Country") is None


def test_numbers_are_never_given_twice(catalog, write):
    """Not even that of a draft which was dropped."""
    write("eRX", "1")
    catalog.drop_draft("eRX", "1")

    assert write("eRX", "1").number == 2


def test_what_was_loaded_is_there_after_closing(url):
    """A second process opens the same catalog."""
    with Catalog.open(url) as catalog:
        draft = catalog.write_draft("eRX", "1", [RICH], published=(), report=report())
    with Catalog.open(url) as catalog:
        assert catalog.drafts() == [draft]
        assert list(catalog.draft_concepts(draft)) == [(1, RICH)]
