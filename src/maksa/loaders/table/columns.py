"""Which column is what: named by the operator, or recognised by its header.

Rules of this file:
- headers compare without regard to case, blanks, punctuation, half-spaces and Arabic or Persian letters;
- of several columns for one role the better name wins and the rest are properties; two equally good are an error;
- every column that plays no role is a property under its own header, so that nothing of a file is lost.
Source: headers as seen in the lists of README.md, and the field names of the guide's classes (contract, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache

from maksa.loaders.reasons import column_ambiguous, column_missing
from maksa.model.errors import ColumnMissingError
from maksa.model.folding import HALF_SPACES, folded

ITSELF = "\0"
"""Stands for a column headed by the asked terminology's own id: "IRC" heads the codes of IRC."""

# Each role's headers, the best names first; names of one line are equally good.
ROLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "code": (
        ("code", "coded_string", "coded_stringField", "code_string", "concept_code", "کد", "کد مفهوم"),
        (ITSELF,),
        ("eRX", "IRC", "کد eRX", "کد IRC", "LOINC_NUM", "ICD10 code", "code value"),
    ),
    "display": (
        ("value", "valueField", "display", "مقدار"),
        ("title", "name", "عنوان", "نام"),
        ("description", "term", "text", "label", "شرح", "معنی", "توضیح"),
    ),
    "display_en": (
        ("value_en", "display_en", "مقدار انگلیسی"),
        ("title_en", "name_en", "english title", "english name", "عنوان انگلیسی", "نام انگلیسی", "عنوان لاتین", "نام لاتین"),
        ("en", "english", "description_en", "شرح انگلیسی", "انگلیسی", "لاتین"),
    ),
    "display_fa": (
        ("value_fa", "display_fa", "مقدار فارسی"),
        ("title_fa", "name_fa", "persian title", "persian name", "farsi name", "عنوان فارسی", "نام فارسی"),
        ("fa", "persian", "farsi", "description_fa", "شرح فارسی", "فارسی"),
    ),
    "parent": (("parent", "parent_code", "کد والد", "والد", "کد پدر", "کد سرشاخه", "سرشاخه"),),
    "status": (("status", "وضعیت"),),
    "terminology": (("terminology", "terminology_id", "terminology_idField", "ترمینولوژی", "شناسه ترمینولوژی"),),
}  # fmt: skip

_ITSELF_RANK = ROLES["code"].index((ITSELF,))

SHOWN = 30  # headers in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """The headers an operator names; None leaves the role to recognition."""

    code: str | None = None
    display: str | None = None
    display_en: str | None = None
    display_fa: str | None = None
    parent: str | None = None
    status: str | None = None
    terminology: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cell of a row is what. `columns` are the headers, each unlike the others; `roles` maps to positions from 0.

    `display` is the cell of the display and `others` the further wordings, as (language, position); a file without a
    column of its own for the display has its Persian for it, else its English.
    """

    columns: tuple[str, ...]
    roles: dict[str, int]

    @property
    def code(self) -> int:
        return self.roles["code"]

    @property
    def display(self) -> int:
        roles = self.roles
        return next(roles[role] for role in ("display", "display_fa", "display_en") if role in roles)

    @property
    def others(self) -> tuple[tuple[str, int], ...]:
        pairs = (("fa", self.roles.get("display_fa")), ("en", self.roles.get("display_en")))
        return tuple((language, at) for language, at in pairs if at is not None and at != self.display)

    @property
    def properties(self) -> tuple[tuple[str, int], ...]:
        """(header, position) of each column that plays no role; of the status too, for the file's own words."""
        taken = {at for role, at in self.roles.items() if role != "status"}
        return tuple((name, at) for at, name in enumerate(self.columns) if at not in taken)

    @property
    def recognised(self) -> dict[str, str]:
        return {role: self.columns[at] for role, at in self.roles.items()}


@dataclass(frozen=True, slots=True)
class Guess:
    """A row read as a header: the candidate positions of each role, and how good a header it makes."""

    cells: tuple[str, ...]
    candidates: dict[str, list[int]]
    row: int  # from 1

    @property
    def score(self) -> tuple[int, int]:
        """(0 to 2: has it codes and displays, how many cells are not blank); the greater is the better header."""
        has_display = any(self.candidates.get(role) for role in ("display", "display_en", "display_fa"))
        return bool(self.candidates.get("code")) + has_display, sum(map(bool, self.cells))

    @property
    def is_header(self) -> bool:
        return self.score[0] == 2


def best_guess(rows: Iterable[Sequence[str]], choice: ColumnChoice, terminology_id: str) -> Guess | None:
    """The first of *rows* that is a header, else the one most like it; None where all are blank."""
    best: Guess | None = None
    for number, cells in enumerate(rows, 1):
        if not any(map(str.strip, cells)):
            continue
        guess = guessed(cells, choice, terminology_id, row=number)
        if guess.is_header:
            return guess
        if best is None or guess.score > best.score:
            best = guess
    return best


def guessed(cells: Sequence[str], choice: ColumnChoice, terminology_id: str, *, row: int) -> Guess:
    """What the *cells* of one row would be as headers: first as the operator chose, the rest as recognised."""
    headers = tuple(_plain(cell) for cell in cells)
    chosen = {field.name: getattr(choice, field.name) for field in fields(choice)}
    candidates = {role: _named(name, headers) for role, name in chosen.items() if name is not None}
    taken = {at for found in candidates.values() for at in found}
    ranked: dict[str, dict[int, list[int]]] = {}
    for at, header in enumerate(headers):
        role, rank = _role_of(header, terminology_id)
        if role and at not in taken and chosen[role] is None:
            ranked.setdefault(role, {}).setdefault(rank, []).append(at)
    for role, by_rank in ranked.items():
        candidates[role] = by_rank[min(by_rank)]
    return Guess(headers, candidates, row)


def planned(guess: Guess, choice: ColumnChoice, file: str) -> Plan:
    """The plan of a table with this header. Raises: ColumnMissingError, ColumnAmbiguousError."""
    for role, found in guess.candidates.items():
        if not found:
            raise _missing(role, guess, file, asked=getattr(choice, role))
        if len(found) > 1:
            raise column_ambiguous(file, role, [guess.cells[at] for at in found[:SHOWN]])
    roles = {role: guess.candidates[role][0] for role in ROLES if role in guess.candidates}
    if "code" not in roles:
        raise _missing("code", guess, file)
    if not {"display", "display_en", "display_fa"} & roles.keys():
        raise _missing("display", guess, file)
    return Plan(_told_apart(guess.cells), roles)


def _missing(role: str, guess: Guess, file: str, asked: str | None = None) -> ColumnMissingError:
    shown = [cell[:60] for cell in guess.cells[:SHOWN]]
    return column_missing(file, role, shown, asked=asked, row=guess.row)


def letters_of(at: int) -> str:
    """The spreadsheet's letters of the column at position *at*: 0 is "A", 26 is "AA"."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _plain(cell: str) -> str:
    """The header in one line: blanks of any kind as one, what does not print left out, half-spaces kept."""
    return "".join(letter for letter in " ".join(cell.split()) if letter.isprintable() or letter in HALF_SPACES[:2])


def _named(name: str, headers: tuple[str, ...]) -> list[int]:
    exact = [at for at, header in enumerate(headers) if header == name.strip()]
    return exact or [at for at, header in enumerate(headers) if header and header_key(header) == header_key(name)]


def _role_of(header: str, terminology_id: str) -> tuple[str, int]:
    key = header_key(header)
    role, rank = _known_headers().get(key, ("", _ITSELF_RANK))
    if key and key == header_key(terminology_id) and role in ("", "code"):
        return "code", min(rank, _ITSELF_RANK)
    return role, rank


def header_key(header: str) -> str:
    joined = header.translate(dict.fromkeys(map(ord, HALF_SPACES)))
    return folded(joined).replace(" ", "")


@cache
def _known_headers() -> dict[str, tuple[str, int]]:
    return {
        header_key(name): (role, rank)
        for role, ranks in ROLES.items()
        for rank, names in enumerate(ranks)
        for name in names
        if name != ITSELF
    }


def _told_apart(headers: tuple[str, ...]) -> tuple[str, ...]:
    """The headers with blank ones named by their letters and repeated ones numbered: ("a", "a (2)", "column C")."""
    names: dict[str, None] = {}
    for at, header in enumerate(headers):
        name = plain = header or f"column {letters_of(at)}"
        count = 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names[name] = None
    return tuple(names)
