"""A tiny release of invented concepts: colours, with a Persian extension, a retired colour, and maps."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from maksa.loaders.snomed import ids
from maksa.loaders.snomed.kinds import (
    ASSOCIATION,
    CONCEPT,
    DESCRIPTION,
    EXTENDED_MAP,
    LANGUAGE,
    RELATIONSHIP,
    SIMPLE,
    SIMPLE_MAP,
    VALUE,
    Kind,
)  # fmt: skip

COLOUR, BLUE, NAVY, MAUVE, SHADE_OF, WAVE, FAVOURITES, REPLACED, TO_PAINT, TO_PRINT = (
    "100000101", "100000102", "100000103", "100000104", "100000105", "100000106", "100000107", "100000108",
    "100000109", "100000110",
)  # fmt: skip
CORE, SYNONYM, ACCEPTABLE = "900000000000207008", "900000000000013009", "900000000000549004"
PRIMITIVE, INFERRED, SOME, ANY_CASE = (
    "900000000000074008",
    "900000000000011006",
    "900000000000451002",
    "900000000000448009",
)
US, GB = "900000000000509007", "900000000000508004"
FA = "100000201"  # an invented language reference set, which no table of tags knows

NAMES = {
    CONCEPT: "sct2_Concept_{}_XX_20240101.txt",
    DESCRIPTION: "sct2_Description_{}-en_XX_20240101.txt",
    RELATIONSHIP: "sct2_Relationship_{}_XX_20240101.txt",
    VALUE: "sct2_RelationshipConcreteValues_{}_XX_20240101.txt",
    LANGUAGE: "der2_cRefset_Language{}-en_XX_20240101.txt",
    SIMPLE: "der2_Refset_Simple{}_XX_20240101.txt",
    ASSOCIATION: "der2_cRefset_Association{}_XX_20240101.txt",
    SIMPLE_MAP: "der2_sRefset_SimpleMap{}_XX_20240101.txt",
    EXTENDED_MAP: "der2_iisssccRefset_ExtendedMap{}_XX_20240101.txt",
}  # fmt: skip

Rows = dict[Kind, list[list[str]]]


def concept(code: str, *, date: str = "20200101", active: str = "1", status: str = PRIMITIVE) -> list[str]:
    return [code, date, active, CORE, status]


def description(number: int, code: str, term: str, *, kind: str = SYNONYM, language: str = "en", date: str = "20200101",
                active: str = "1") -> list[str]:  # fmt: skip
    return [f"{20000000 + number}", date, active, CORE, code, language, kind, term, ANY_CASE]


def relationship(number: int, source: str, target: str, *, kind: str = ids.IS_A, date: str = "20200101", active: str = "1",
                 character: str = INFERRED) -> list[str]:  # fmt: skip
    return [f"{30000000 + number}", date, active, CORE, source, target, "0", kind, character, SOME]


def member(number: int, refset: str, component: str, *more: str, active: str = "1") -> list[str]:
    return [f"00000000-0000-4000-8000-{number:012}", "20200101", active, CORE, refset, component, *more]


def colours() -> Rows:
    """The release as it is right."""
    words = {
        COLOUR: "Colour", BLUE: "Blue colour", NAVY: "Navy blue", MAUVE: "Mauve", SHADE_OF: "Shade of", WAVE: "Wave length",
        FAVOURITES: "Favourites", REPLACED: "REPLACED BY", TO_PAINT: "Map to paints", TO_PRINT: "Map to prints",
    }  # fmt: skip
    descriptions = [description(number, code, term) for number, (code, term) in enumerate(words.items())]
    descriptions += [
        description(20, BLUE, "Blue colour (colour)", kind=ids.FULLY_SPECIFIED),
        description(21, BLUE, "Blue color"),
        description(22, BLUE, "Azure"),
        description(23, BLUE, "آبی", language="fa"),
        description(24, BLUE, "Cyan", active="0"),
    ]
    preferred = [member(number, GB, f"{20000000 + number}", ids.PREFERRED) for number in (*range(len(words)), 20)]
    preferred += [
        member(number + 50, US, f"{20000000 + number}", ids.PREFERRED) for number in range(len(words)) if number != 1
    ]
    return {
        CONCEPT: [concept(code, active="0" if code == MAUVE else "1", status=ids.FULLY_DEFINED if code == NAVY else PRIMITIVE)
                  for code in words],
        DESCRIPTION: descriptions,
        LANGUAGE: [
            *preferred,
            member(100, US, "20000021", ids.PREFERRED),
            member(101, US, "20000022", ACCEPTABLE),
            member(102, GB, "20000022", ACCEPTABLE),
            member(103, FA, "20000023", ids.PREFERRED),
        ],
        RELATIONSHIP: [
            relationship(1, BLUE, COLOUR),
            relationship(2, NAVY, BLUE),
            relationship(3, NAVY, BLUE, kind=SHADE_OF),
            relationship(4, NAVY, COLOUR, active="0"),
            relationship(5, NAVY, COLOUR, character=ids.STATED),
        ],
        VALUE: [relationship(9, NAVY, "#450", kind=WAVE)],
        SIMPLE: [member(110, FAVOURITES, BLUE)],
        ASSOCIATION: [member(111, REPLACED, MAUVE, NAVY)],
        SIMPLE_MAP: [member(112, TO_PAINT, BLUE, "P-7"), member(113, TO_PAINT, NAVY, "P-8", active="0")],
        EXTENDED_MAP: [
            member(114, TO_PRINT, NAVY, "2", "1", "TRUE", "ALWAYS X2", "X2", "447561005", ids.IS_A),
            member(115, TO_PRINT, NAVY, "1", "1", "IFA 1", "IF DARK X1", "X1", "447558009", ids.IS_A),
            member(116, TO_PRINT, NAVY, "1", "2", "OTHERWISE TRUE", "NONE", "", "447556008", ids.IS_A),
        ],
    }  # fmt: skip


def text_of(kind: Kind, rows: Iterable[list[str]], end: str = "\r\n") -> str:
    header = (*kind.header, "mapCategoryId") if kind is EXTENDED_MAP else kind.header
    return "".join("\t".join(row) + end for row in (header, *rows))


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows as the files of a release into a folder of that name, and says where."""

    def written(rows: Rows, name: str = "release", *, form: str = "Snapshot", end: str = "\r\n") -> Path:
        folder = tmp_path / name / form / "Terminology"
        folder.mkdir(parents=True)
        for kind, each in rows.items():
            (folder / NAMES[kind].format(form)).write_bytes(text_of(kind, each, end).encode())
        return tmp_path / name

    return written


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[Path], Path]:
    """The folder of a release as its zip."""

    def made(folder: Path) -> Path:
        path = tmp_path / f"{folder.name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*.txt")):
                archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
        return path

    return made
