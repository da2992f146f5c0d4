"""The generated terminology is the same each time, and what lists are: Zipf, both languages, half-spaces, digits."""

from __future__ import annotations

import csv
from collections import Counter

from bench import data
from bench.keyboards import VARIANTS
from bench.words import HALF_SPACE, vocabulary
from maksa.model.folding import folded, language_of


def test_a_small_terminology_is_the_beginning_of_a_large_one():
    """So figures of two sizes can be compared."""
    assert list(data.concepts(30)) == list(data.concepts(2_500))[:30]


def test_codes_are_unique_and_rise():
    """As publishers sort them."""
    codes = [concept.code for concept in data.concepts(5_000)]

    assert codes == sorted(set(codes))


def test_the_full_size_has_a_million_descriptions():
    """Counted on a period of seven concepts, of which one has no synonym."""
    period = list(data.concepts(7))
    descriptions = sum(1 + len(concept.designations) for concept in period)

    assert descriptions * data.FULL // 7 == 1_000_000


def test_words_come_as_in_life():
    """A few very often, most seldom; half-spaces, digits of two scripts, both languages."""
    concepts = list(data.concepts(3_000))
    displays = [concept.display for concept in concepts]
    counts = Counter(word for display in displays for word in display.split())
    joined = " ".join(displays)

    assert counts.most_common(1)[0][1] > 300
    assert sum(1 for count in counts.values() if count == 1) > len(counts) / 3
    assert HALF_SPACE in joined
    assert any(digit in joined for digit in "۰۱۲۳۴۵۶۷۸۹")
    assert {language_of(concept.designations[0].value) for concept in concepts} == {"en"}


def test_a_later_version_revises_the_share_that_was_asked():
    """A tenth of the displays, the rest as they were."""
    first, second = list(data.concepts(1_000)), list(data.concepts(1_000, revised_share=0.1))

    assert sum(one.display != other.display for one, other in zip(first, second, strict=True)) == 100


def test_the_table_has_six_columns_and_every_concept(tmp_path):
    """What `maksa load` reads; parents name codes before their own."""
    path = data.write_csv(tmp_path / "load.csv", 50, with_parents=True)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)

    assert header == list(data.COLUMNS)
    assert [row[0] for row in rows] == [concept.code for concept in data.concepts(50)]
    assert all(row[3] < row[0] for row in rows)


def test_the_words_of_a_language_are_many_and_different():
    """Twenty thousand or nearly, each once."""
    for language in ("fa", "en"):
        words, _ = vocabulary(language)
        assert len(words) == len(set(words)) > 19_000


def test_another_keyboard_types_the_same_words():
    """Each variant folds to what it stands for, half-spaces aside."""
    text = "آزمایش کلیه می‌شود ۲۵"
    meant = folded(text.replace(HALF_SPACE, " "))

    for name, typed in VARIANTS.items():
        assert folded(typed(text).replace(HALF_SPACE, " ")) == meant or "left out" in name, name
