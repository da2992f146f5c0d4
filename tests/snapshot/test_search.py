"""Search inside a snapshot: each word a prefix, short and preferred first, any keyboard."""

import random

import pytest

from maksa.model.concept import Concept, Designation
from maksa.model.folding import folded

LIST = [
    Concept("1", "تلفن منزل", "fa", designations=(Designation("en", "home phone"),)),
    Concept("2", "تلفن همراه محل کار", "fa", designations=(Designation("en", "work mobile"),)),
    Concept("3", "گزارش می‌شود", "fa"),
    Concept("4", "ACETAMINOPHEN 325 mg TABLET ORAL", "en"),
    Concept("5", "ACETAMINOPHEN / CODEINE 300 mg / 10 mg TABLET ORAL", "en"),
    Concept("6", "ACETYLCYSTEINE 600 mg", "en"),
]


def codes(snapshot, text, limit=20):
    return [match.code for match in snapshot.search(text, limit)]


def test_each_word_is_a_prefix_in_any_order(make):
    """Half a name is enough, and the order of words does not matter."""
    snapshot = make(LIST)

    assert codes(snapshot, "tab acet") == ["4", "5"]
    assert codes(snapshot, "همرا تلف") == ["2"]


def test_short_wordings_come_first(make):
    """The plain drug stands before its combination."""
    assert codes(make(LIST), "acet") == ["6", "4", "5"]


def test_words_longer_than_the_index_are_told_apart(make):
    """«acetaminophen» and «acetaminophex» share the eight letters that the index knows."""
    snapshot = make(LIST)

    assert codes(snapshot, "acetaminophen") == ["4", "5"]
    assert codes(snapshot, "acetaminophex") == []


def test_a_rare_long_word_is_found_behind_many_that_begin_like_it(make):
    """Hundreds of shorter wordings share its first eight letters; half-spaced and joined it is found too."""
    many = [Concept(f"{number:03}", f"gastroenterology {number}") for number in range(400)]
    snapshot = make(
        [*many, Concept("X", "chronic gastroenteroptosis of long standing"), Concept("Y", "گاستروانتروپتوز‌ها")]
    )

    assert codes(snapshot, "gastroenterop") == ["X"]
    assert codes(snapshot, "standing gastroenteropto") == ["X"]
    assert codes(snapshot, "gastro enteroptosis") == ["X"]
    assert codes(snapshot, "گاستروانتروپتوزها") == codes(snapshot, "گاستروانتروپتوز‌ها") == ["Y"]
    assert codes(snapshot, "gastroenterologist") == []
    assert len(codes(snapshot, "gastroenterology", 300)) == 300


@pytest.mark.parametrize("typed", ["می‌شود", "می شود", "میشود", "مي‌شود", "مِی‌شود"])
def test_every_keyboard_finds_the_half_space(make, typed):
    """With its half-space, a blank, nothing, Arabic letters or diacritics: the same concept."""
    assert codes(make(LIST), typed) == ["3"]


def test_what_was_written_together_is_found_typed_apart(make):
    """Nothing has both words, so neighbours are tried as one."""
    snapshot = make([Concept("1", "میشود", "fa")])

    assert codes(snapshot, "می شود") == ["1"]


def test_a_designation_is_found_and_shown(make):
    """The match tells the wording that was found and its language beside the display."""
    (match,) = make(LIST).search("home", 5)

    assert (match.code, match.display, match.matched, match.language) == ("1", "تلفن منزل", "home phone", "en")


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", '"', "*", "a OR", 'x" OR "y', "NEAR(", "\x00", "(" * 500, "a " * 500]
)
def test_a_query_is_never_a_syntax_error(make, text):
    """What people type is words, whatever the index's own language thinks of it."""
    assert isinstance(make(LIST).search(text, 5), list)


def test_the_index_finds_what_reading_everything_finds(make):
    """The same concepts in the same order as a slow, clear search: random texts, random queries."""
    chance = random.Random(7)
    vocabulary = ["حاد", "مزمن", "قلب", "قلبی", "درد", "acute", "chronic", "cardiomyopathy", "cardiomyopathies", "pain"]
    concepts = [Concept(f"{n:03}", " ".join(chance.choices(vocabulary, k=chance.randint(1, 4)))) for n in range(300)]
    snapshot = make(concepts)
    for _ in range(60):
        query = " ".join(
            word[: chance.randint(1, len(word))] for word in chance.choices(vocabulary, k=chance.randint(1, 3))
        )

        assert codes(snapshot, query, 300) == slow_search(concepts, query), query


def slow_search(concepts, query):
    """Every concept whose words have every word of the query as a prefix, by length, folded text and code."""
    found = [
        concept
        for concept in concepts
        if all(
            any(word.startswith(asked) for word in folded(concept.display).split()) for asked in folded(query).split()
        )
    ]
    return [
        concept.code for concept in sorted(found, key=lambda each: (len(each.display), folded(each.display), each.code))
    ]
