"""A draft changed in a few of its concepts: the rest stays, and the whole edit is done or nothing of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.concept import Concept, Designation
from maksa.model.errors import UnknownDraftError

WORK = Concept("2", "تلفن محل کار", "fa")
PAGER = Concept("10", "Pager", "en")
HOME = Concept("1", "تلفن منزل", "fa")


def edited(catalog, changes):
    with catalog.edit("contacttype", "1") as edit:
        edit.named(changes.keys())
        return edit.put(changes)


def listed(catalog):
    return [concept for _, concept in sorted(catalog.draft_concepts(catalog.draft("ContactType", "1")))]


def test_changed_codes_keep_their_place_and_new_ones_come_last(catalog, write):
    """A retired code is gone; what was not named is as it was."""
    write()
    home = Concept("1", "تلفن خانه", "fa", designations=(Designation("en", "home"),), parents=("2",))
    fax = Concept("3", "نمابر", "fa")
    draft = edited(catalog, {"1": home, "10": None, "3": fax})

    assert listed(catalog) == [WORK, home, fax]
    assert (draft.concepts, draft.has_parents, draft.in_code_order) == (3, True, False)
    assert catalog.draft("ContactType", "1") == draft


def test_a_long_draft_is_edited_wherever_its_concepts_lie(catalog, write):
    """One changed here and there, a few hundred in a row gone, and what is added after that the last."""
    concepts = [Concept(f"{number:04}", "x", "en") for number in range(1000)]
    write(concepts=concepts)
    changes = {"0000": Concept("0000", "first", "en"), "0511": Concept("0511", "inner", "en"), "0999": None}
    gone = dict.fromkeys(f"{number:04}" for number in range(250, 511))
    draft = edited(catalog, changes | gone | {"new": Concept("new", "n", "en"), "also": Concept("also", "a", "en")})

    expected = {concept.code: concept.display for concept in concepts} | {"0000": "first", "0511": "inner"}
    for code in ("0999", *gone):
        del expected[code]
    assert [(each.code, each.display) for each in listed(catalog)] == [*expected.items(), ("new", "n"), ("also", "a")]
    assert draft.concepts == len(expected) + 2
    assert edited(catalog, {"also": None, "last": Concept("last", "l", "en")}).concepts == draft.concepts
    assert [each.code for each in listed(catalog)][-2:] == ["new", "last"]


def test_an_edit_that_fails_leaves_the_draft_as_it_was(catalog, write):
    """Whatever was put before the failure."""
    write()
    with pytest.raises(AttributeError):
        edited(catalog, {"1": None, "10": "no concept"})

    assert listed(catalog) == [WORK, PAGER, HOME]


def test_what_is_asked_for_is_found(catalog, write):
    """The concepts that are there, and who is below whom."""
    write(concepts=[HOME, Concept("11", "خصوصی", "fa", parents=("1",)), Concept("12", "مشترک", "fa", parents=("1",))])
    with catalog.edit("ContactType", "1") as edit:
        assert edit.named({"1", "99"}) == {"1": HOME}
        assert edit.children({"1", "11"}) == {"1": ["11", "12"]}


def test_a_draft_that_is_not_there_cannot_be_edited(catalog):
    """And no terminology comes of the attempt."""
    with pytest.raises(UnknownDraftError), catalog.edit("ContactType", "1"):
        pass

    assert catalog.terminologies() == []


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["1", "2", "3", "10"]), st.sampled_from([None, "a", "b"]), min_size=1),
        min_size=1,
        max_size=3,
    )
)
def test_edits_are_those_of_a_dictionary(catalog, write, edits):
    """One after another, by code: the codes keep the order in which they came."""
    write()
    expected = {"2": "تلفن محل کار", "10": "Pager", "1": "تلفن منزل"}
    for changes in edits:
        draft = edited(catalog, {code: Concept(code, text, "en") if text else None for code, text in changes.items()})
        for code, text in changes.items():
            if text:
                expected[code] = text
            else:
                expected.pop(code, None)

        assert [(each.code, each.display) for each in listed(catalog)] == list(expected.items())
        assert draft.concepts == len(expected)
        streamed = [concept.code for _, concept in catalog.draft_concepts(draft)]
        assert streamed == sorted(expected)
