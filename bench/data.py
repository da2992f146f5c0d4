"""A terminology of any size, the same each time: Persian and English, with half-spaces, digits and drug strengths.

    concepts(350_000)                  350,000 concepts, 1,000,000 descriptions (a display and designations)
    write_csv(path, 350_000)           the same as a table of six columns, 65 MB
    python -m bench.data FILE [SIZE]   that table, to look at

Concept n is the same in every size, so a small terminology is the beginning of a large one.
"""

from __future__ import annotations

import csv
import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.words import vocabulary
from maksa.model.concept import Concept, Designation, Property

FULL = 350_000  # concepts
COLUMNS = ("code", "value", "value_en", "parent", "group", "remarks")
_CHUNK = 1_000  # concepts that one seed makes
_LENGTHS = (range(1, 9), (3, 14, 24, 22, 16, 11, 6, 4))  # words of a description, and how many of a hundred have them
_STRENGTHS = (5, 10, 20, 25, 40, 50, 75, 100, 125, 200, 250, 325, 400, 500, 850, 1000)
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_FANOUT = 12  # children of a concept: five levels above most of 350,000
_WITHOUT_SYNONYM = 7  # every seventh concept has no synonym: 1,000,000 descriptions of 350,000


def concepts(size: int, *, revised_share: float = 0.0, with_parents: bool = False) -> Iterator[Concept]:
    """The first *size* concepts, by code. *revised_share*: of them, evenly spread, whose display a later version changed."""
    for number, (fa, en, synonym, remarks) in enumerate(itertools.islice(_wordings(), size)):
        others = (Designation("en", en), Designation("fa", synonym))
        yield Concept(
            code_of(number),
            fa + " بازنگری" if _is_revised(number, revised_share) else fa,
            "fa",
            others if number % _WITHOUT_SYNONYM else others[:1],
            (Property("group", group_of(number)), Property("remarks", remarks)),
            (parent_of(number),) if with_parents and number else (),
        )


def rows(size: int, *, revised_share: float = 0.0, with_parents: bool = False) -> Iterator[tuple[str, ...]]:
    """The same concepts as rows of `COLUMNS`, without their synonyms."""
    for concept in concepts(size, revised_share=revised_share, with_parents=with_parents):
        english = concept.designations[0].value
        group, remarks = (fact.value for fact in concept.properties)
        yield concept.code, concept.display, english, "".join(concept.parents), group, remarks


def write_csv(path: Path, size: int, *, revised_share: float = 0.0, with_parents: bool = False) -> Path:
    """*path*, where the rows are now, under a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(size, revised_share=revised_share, with_parents=with_parents))
    return path


def code_of(number: int) -> str:
    """The code of concept *number*; codes rise with numbers."""
    return f"{10_000_000 + number * 17}"


def parent_of(number: int) -> str:
    """The code of the concept above *number*, which is not 0."""
    return code_of((number - 1) // _FANOUT)


def group_of(number: int) -> str:
    """The name of the group of concept *number*: one of four hundred."""
    return f"G{number * 7 % 400:03}"


def _is_revised(number: int, share: float) -> bool:
    return int(number * share) != int((number + 1) * share)


def _wordings() -> Iterator[tuple[str, str, str, str]]:
    """(Persian, English, Persian synonym, English remarks) of each concept."""
    for chunk in itertools.count():
        chance = random.Random(f"maksa/{chunk}")
        columns = [_descriptions(chance, language) for language in ("fa", "en", "fa", "en")]
        yield from zip(*columns, strict=True)


def _descriptions(chance: random.Random, language: str) -> list[str]:
    words, frequencies = vocabulary(language)
    lengths = chance.choices(*_LENGTHS, k=_CHUNK)
    drawn = iter(chance.choices(words, cum_weights=frequencies, k=sum(lengths)))
    texts = [" ".join(itertools.islice(drawn, length)) for length in lengths]
    return [text + end if end else text for text, end in zip(texts, _ends(chance, language), strict=True)]


def _ends(chance: random.Random, language: str) -> list[str]:
    """What follows the words: nothing mostly; a strength, a strength in a volume, or a number after some."""
    strengths = chance.choices(_STRENGTHS, k=_CHUNK)
    kinds = chance.choices((0, 1, 2, 3), (60, 22, 8, 10), k=_CHUNK)
    return [_end(kind, strength, language) for kind, strength in zip(kinds, strengths, strict=True)]


def _end(kind: int, strength: int, language: str) -> str:
    if kind == 0:
        return ""
    if language == "en":
        return (f" {strength} mg", f" {strength} mg/5 mL", f" type {strength % 7 + 1}")[kind - 1]
    shown = str(strength).translate(_PERSIAN_DIGITS)
    return (f" {shown} میلی\u200cگرم", f" {strength} میلی گرم در ۵ میلی\u200cلیتر", f" نوع {shown[0]}")[kind - 1]


def main() -> None:
    path, size = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else FULL
    write_csv(path, size)
    print(f"{path}: {size:,} rows, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
