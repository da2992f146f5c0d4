"""A release of SNOMED CT's size and shape in RF2, the same each time, of invented concepts.

    write(folder, 350_000)    350,000 concepts, 1,000,000 descriptions, 600,000 is-a relationships, a language reference set

Every concept has a fully specified name and a preferred term, most a synonym; parents are near relatives, so that a concept has
about twenty ancestors. Identifiers have a right partition but no right check digit: no real one can be met among them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO
from uuid import UUID

from bench import data
from maksa.loaders.snomed.ids import FULLY_SPECIFIED, IS_A, PREFERRED
from maksa.loaders.snomed.kinds import CONCEPT, DESCRIPTION, LANGUAGE, RELATIONSHIP, Kind

_DATE, _CORE, _SYNONYM, _ACCEPTABLE = "20240101", "900000000000207008", "900000000000013009", "900000000000549004"
_PRIMITIVE, _INSENSITIVE = "900000000000074008", "900000000000448009"
_INFERRED, _SOME, _EN_US = "900000000000011006", "900000000000451002", "900000000000509007"
_FILES = {
    CONCEPT: "Snapshot/Terminology/sct2_Concept_Snapshot_XX_20240101.txt",
    DESCRIPTION: "Snapshot/Terminology/sct2_Description_Snapshot-en_XX_20240101.txt",
    RELATIONSHIP: "Snapshot/Terminology/sct2_Relationship_Snapshot_XX_20240101.txt",
    LANGUAGE: "Snapshot/Refset/Language/der2_cRefset_LanguageSnapshot-en_XX_20240101.txt",
}
_FANOUT = 4
_NEAR = 3  # how far from the first parent others are
_PARENTS = (1, 2, 3), (45, 40, 15)  # how many a concept has, and how many of a hundred have them: 1.7 each


def write(folder: Path, size: int) -> Path:
    """*folder*, which now holds the release's files."""
    opened: dict[Kind, IO[str]] = {}
    for kind, name in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        opened[kind] = path.open("w", encoding="utf-8", newline="")
        opened[kind].write("\t".join(kind.header) + "\r\n")
    chance = random.Random("maksa/rf2")
    _write_concepts(size, chance, lambda kind, row: opened[kind].write(row))
    for file in opened.values():
        file.close()
    return folder


def _write_concepts(size: int, chance: random.Random, put: Callable[[Kind, str], object]) -> None:
    relations = count()
    for number, concept in enumerate(data.concepts(size)):
        code = _code(number)
        put(CONCEPT, f"{code}\t{_DATE}\t1\t{_CORE}\t{_PRIMITIVE}\r\n")
        preferred = concept.designations[0].value
        terms = [preferred, " ".join(reversed(preferred.split()))][: len(concept.designations)]
        _write_descriptions(number, code, terms, chance, put)
        for parent in sorted(_parents(number, chance)):
            row = f"{_code(next(relations), '2')}\t{_DATE}\t1\t{_CORE}\t{code}\t{_code(parent)}\t0\t{IS_A}"
            put(RELATIONSHIP, f"{row}\t{_INFERRED}\t{_SOME}\r\n")


def _write_descriptions(
    number: int, code: str, terms: list[str], chance: random.Random, put: Callable[[Kind, str], object]
) -> None:
    """The preferred term, its fully specified form, and a synonym where there is one: 2.86 for each concept."""
    rows = [(FULLY_SPECIFIED, f"{terms[0]} (disorder)"), *((_SYNONYM, term) for term in terms)]
    for place, (kind, term) in enumerate(rows):
        description = _code(number * 3 + place, "1")
        row = f"{description}\t{_DATE}\t1\t{_CORE}\t{code}\ten\t{kind}\t{term}\t{_INSENSITIVE}"
        put(DESCRIPTION, f"{row}\r\n")
        acceptability = PREFERRED if place < 2 else _ACCEPTABLE
        member = UUID(int=chance.getrandbits(128), version=4)
        put(LANGUAGE, f"{member}\t{_DATE}\t1\t{_CORE}\t{_EN_US}\t{description}\t{acceptability}\r\n")


def _parents(number: int, chance: random.Random) -> set[int]:
    """The numbers above *number*: none above 0."""
    if number == 0:
        return set()
    first = (number - 1) // _FANOUT
    wanted = chance.choices(*_PARENTS)[0] if first > 2 * _NEAR else 1
    found = {first}
    while len(found) < wanted:
        found.add(first - chance.randrange(1, _NEAR + 1))
    return found


def _code(number: int, partition: str = "0") -> str:
    """An identifier of the partition 0 (concept), 1 (description) or 2 (relationship)."""
    return f"{1_000_000 + number}0{partition}0"


def rows_of(folder: Path, kind: Kind) -> Iterator[list[str]]:
    """The rows of the file of *kind* under *folder*, header aside."""
    with (folder / _FILES[kind]).open(encoding="utf-8", newline="") as file:
        next(file)
        for line in file:
            yield line.rstrip("\r\n").split("\t")
