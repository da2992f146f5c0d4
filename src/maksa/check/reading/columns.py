"""Which column of a table is what: named by its header or number, or recognised by its header."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.folding import HALF_SPACES, folded

HEADER_WITHIN = 20  # rows

# The headers of each part, the best names first; names of one line are equally good.
_HEADERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "terminology": (
        ("terminology", "terminology_id", "terminology_idField", "ترمینولوژی", "شناسه ترمینولوژی", "عنوان ترمینولوژی"),
        ("system", "code system", "coding system", "سیستم کدگذاری", "کدینگ", "نوع کدینگ"),
    ),
    "code": (
        ("code", "coded_string", "coded_stringField", "code_string", "کد", "کد مفهوم"),
        ("concept_code", "code value", "eRX", "IRC", "ICD10", "کد eRX", "کد IRC", "کد دارو", "کد خدمت", "کد تشخیص"),
    ),
    "display": (
        ("value", "valueField", "display", "مقدار"),
        ("title", "name", "عنوان", "نام"),
        ("description", "term", "text", "label", "شرح", "معنی", "توضیح"),
    ),
}  # fmt: skip

_OWN_IDS = {"erx": "eRX", "irc": "IRC", "icd10": "ICD10", "کدerx": "eRX", "کدirc": "IRC"}
"""Headers of codes that name their terminology: such a table needs no column for it."""


class Columns(Struct, frozen=True, kw_only=True):
    """What an operator says of a table: a header, or the number of a column from 1; "" leaves it to recognition.

    `terminology` that is no header is the id of the terminology that all rows are of. `display` "-" is that none is judged.
    """

    terminology: str = ""
    code: str = ""
    display: str = ""


NO_DISPLAY = "-"


class Plan(Struct, frozen=True, kw_only=True):
    """Which cell of a row is what, from 0. `terminology` is None where `fixed` names the one of all rows.

    `header_row` counts from 1; 0 is a table that has none.
    """

    header: tuple[str, ...]
    header_row: int
    terminology: int | None
    code: int
    display: int | None
    fixed: str = ""


def planned(rows: Sequence[Sequence[str]], choice: Columns, file: str) -> Plan:
    """The plan of the table that begins with *rows*. Raises: ColumnMissingError, ColumnAmbiguousError."""
    best: ColumnMissingError | ColumnAmbiguousError | None = None
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            plan = _of_header(row, number, choice, file)
            if not choice.code and _is_data(plan, rows[number:]):
                raise ColumnMissingError(file=file, role="code", columns=list(plan.header))
            return plan
        except (ColumnMissingError, ColumnAmbiguousError) as error:
            best = best or error
    by_number = _by_number(rows, choice)
    if by_number is not None:
        return by_number
    raise best or ColumnMissingError(file=file, role="code", columns=[])


def _of_header(row: Sequence[str], number: int, choice: Columns, file: str) -> Plan:
    header = tuple(cell.strip() for cell in row)
    plain = [_plain(cell) for cell in header]
    code = _place("code", plain, choice.code, header, file)
    if code is None:
        raise ColumnMissingError(file=file, role="code", columns=list(header))
    terminology = _place("terminology", plain, choice.terminology, header, file)
    fixed = choice.terminology.strip() or _OWN_IDS.get(plain[code], "")
    if terminology is None and not fixed:
        raise ColumnMissingError(file=file, role="terminology", columns=list(header))
    display = None if choice.display == NO_DISPLAY else _place("display", plain, choice.display, header, file)
    if display is None and choice.display not in ("", NO_DISPLAY):
        raise ColumnMissingError(file=file, role=f"display ({choice.display!r})", columns=list(header))
    return Plan(
        header=header,
        header_row=number,
        terminology=terminology,
        code=code,
        display=display,
        fixed="" if terminology is not None else fixed,
    )


def _is_data(plan: Plan, below: Sequence[Sequence[str]]) -> bool:
    """Whether the row that *plan* takes for a header is one of data: a terminology's id stands in it, and in the next one if
    there is one. Where a header of displays stands beside it, it is a header, with rows or without.
    """
    following = next((row for row in below if any(cell.strip() for cell in row)), plan.header)
    ids = (len(row) > plan.code and _plain(row[plan.code]) in _OWN_IDS for row in (plan.header, following))
    return plan.display is None and all(ids)


def _place(part: str, plain: list[str], chosen: str, header: Sequence[str], file: str) -> int | None:
    """The column of *part*: the chosen one, else the one with the best header; None where there is none."""
    if chosen:
        return plain.index(_plain(chosen)) if _plain(chosen) in plain else None
    for names in _HEADERS[part]:
        known = {_plain(name) for name in names}
        found = [place for place, name in enumerate(plain) if name in known]
        if len(found) > 1:
            raise ColumnAmbiguousError(file=file, role=part, candidates=[header[place] for place in found])
        if found:
            return found[0]
    return None


def _by_number(rows: Sequence[Sequence[str]], choice: Columns) -> Plan | None:
    """The plan of a table without a header, whose columns are named by numbers; None where the code's is not."""
    numbers = {part: _number(getattr(choice, part)) for part in ("terminology", "code", "display")}
    code = numbers["code"]
    if code is None:
        return None
    width = min((len(row) for row in rows if any(row)), default=0)
    if any(number is not None and number >= width for number in numbers.values()):
        return None
    terminology = numbers["terminology"]
    return Plan(
        header=(),
        header_row=0,
        terminology=terminology,
        code=code,
        display=numbers["display"],
        fixed=choice.terminology.strip() if terminology is None else "",
    )


def _number(chosen: str) -> int | None:
    return int(chosen) - 1 if chosen.isascii() and chosen.isdecimal() and 0 < int(chosen) < 20_000 else None


def _plain(header: str) -> str:
    """A header as it is compared: no case, no blanks, no marks."""
    return "".join(folded("".join(letter for letter in header if letter not in HALF_SPACES)).replace("_", "").split())
