"""Which column of a table is what: named by its header or number, or recognised by its header."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from maksa.check.reading.found import Note
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.folding import HALF_SPACES, folded

HEADER_WITHIN = 20  # rows

# The headers of each part, the best names first; names of one line are equally good.
_HEADERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "terminology": (
        ("terminology", "terminology_id", "terminology_idField", "ترمینولوژی", "شناسه ترمینولوژی", "عنوان ترمینولوژی"),
        ("system", "code system", "coding system", "code type", "سیستم کدگذاری", "کدینگ", "نوع کدینگ", "نوع کد"),
        ("list", "code list", "لیست", "فهرست"),
    ),
    "code": (
        ("code", "coded_string", "coded_stringField", "code_string", "کد", "کد مفهوم"),
        ("concept_code", "code value", "eRX", "IRC", "ICD10", "کد eRX", "کد IRC", "کد دارو", "کد خدمت", "کد تشخیص"),
        ("ICD code", "ICD10 code", "drug code", "service code", "کد ICD", "کد ICD10", "کد بیماری", "کد آزمایش"),
    ),
    "display": (
        ("value", "valueField", "display", "مقدار"),
        ("title", "name", "عنوان", "نام"),
        ("description", "term", "text", "label", "شرح", "معنی", "توضیح"),
        (
            "drug name", "service name", "diagnosis", "نام دارو", "عنوان دارو", "شرح دارو", "نام خدمت", "عنوان خدمت", "شرح خدمت",
            "تشخیص", "نام تشخیص", "شرح تشخیص", "نام بیماری", "عنوان بیماری", "نام آزمایش",
        ),
    ),
}  # fmt: skip

_OWN_IDS = {
    "erx": "eRX", "irc": "IRC", "icd10": "ICD10", "کدerx": "eRX", "کدirc": "IRC", "کدicd10": "ICD10", "icd10code": "ICD10",
}  # fmt: skip
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
    is_without_displays: bool = False  # as was said


def planned(rows: Sequence[Sequence[str]], choice: Columns, file: str) -> Plan:
    """The plan of the table that begins with *rows*. Raises: ColumnMissingError, ColumnAmbiguousError."""
    best: ColumnMissingError | ColumnAmbiguousError | None = None
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            plan = _of_header(row, number, choice, file)
            if not choice.code and _is_data(plan, row):
                raise ColumnMissingError(file=file, role="code", columns=list(plan.header))
            return plan
        except (ColumnMissingError, ColumnAmbiguousError) as error:
            best = best or error
    by_number = _by_number(rows, choice, file)
    if by_number is not None:
        return by_number
    raise best or ColumnMissingError(file=file, role="code", columns=[])


def told(plan: Plan) -> tuple[Note, ...]:
    """Which columns were taken for what; and that there is none of displays, where nobody has said so."""
    parts = {"terminology": plan.terminology, "code": plan.code, "display": plan.display}
    taken = {part: plan.header[place] for part, place in parts.items() if place is not None and plan.header_row}
    named = ", ".join(f"{part} from {column!r}" for part, column in taken.items())
    named_fa = "، ".join(f"{_IN_PERSIAN[part]} از «{column}»" for part, column in taken.items())
    notes = [Note(f"columns: {named}", f"ستون‌ها: {named_fa}")] if taken else []
    if plan.display is None and not plan.is_without_displays:
        notes.append(_NO_DISPLAYS)
    return tuple(notes)


_IN_PERSIAN = {"terminology": "ترمینولوژی", "code": "کد", "display": "مقدار"}
_NO_DISPLAYS = Note(
    "DISPLAYS WERE NOT JUDGED: no column of them was recognised; name it (--display), or say that there is none (--display -)",
    "مقدارها بررسی نشدند: ستونی برای آن‌ها شناخته نشد؛ سرستون را «مقدار» بگذارید یا نام آن را بگویید.",
)


def _of_header(row: Sequence[str], number: int, choice: Columns, file: str) -> Plan:
    header = tuple(cell.strip() for cell in row)
    plain = [_plain(cell) for cell in header]
    code = _place("code", plain, choice.code, header, file)
    if code is None:
        role = f"code ({choice.code!r})" if choice.code else "code"
        raise ColumnMissingError(file=file, role=role, columns=list(header))
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
        is_without_displays=choice.display == NO_DISPLAY,
    )


def _is_data(plan: Plan, row: Sequence[str]) -> bool:
    """Whether the *row* that *plan* takes for a header is one of data: a terminology's id stands in it, and a code beside it,
    which has digits or is short and in capitals as no header is. Beside a header of displays it is a header.
    """
    is_id = plan.display is None and _plain(row[plan.code]) in _OWN_IDS
    others = (cell.strip() for place, cell in enumerate(row) if place != plan.code)
    return is_id and any(any(map(str.isdigit, cell)) or (len(cell) <= 3 and cell.isupper()) for cell in others)


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


def _by_number(rows: Sequence[Sequence[str]], choice: Columns, file: str) -> Plan | None:
    """The plan of a table whose columns are named by numbers, with a header or without; None where the code's is not.

    Raises: ColumnMissingError for a number that rows have not.
    """
    numbers = {part: _number(getattr(choice, part)) for part in ("terminology", "code", "display")}
    code = numbers["code"]
    if code is None:
        return None
    width = min((len(row) for row in rows if any(row)), default=0)
    for part, number in numbers.items():
        if number is not None and number >= width:
            raise ColumnMissingError(file=file, role=f"{part} ({number + 1})", columns=list(rows[0]))
    terminology = numbers["terminology"]
    first = next((at for at, row in enumerate(rows, 1) if any(map(str.strip, row))), 1)
    has_header = any(
        _is_header(part, rows[first - 1][number]) for part, number in numbers.items() if number is not None
    )
    return Plan(
        header=tuple(cell.strip() for cell in rows[first - 1]) if has_header else (),
        header_row=first if has_header else 0,
        terminology=terminology,
        code=code,
        display=numbers["display"],
        fixed=choice.terminology.strip() if terminology is None else "",
        is_without_displays=choice.display == NO_DISPLAY,
    )


def _is_header(part: str, cell: str) -> bool:
    """Whether *cell* is a known header of *part*; a terminology's id, which heads codes too, is none here."""
    plain = _plain(cell)
    return plain not in _OWN_IDS and any(plain == _plain(name) for names in _HEADERS[part] for name in names)


def _number(chosen: str) -> int | None:
    return int(chosen) - 1 if chosen.isascii() and chosen.isdecimal() and 0 < int(chosen) < 20_000 else None


def _plain(header: str) -> str:
    """A header as it is compared: no case, no blanks, no marks."""
    return "".join(folded("".join(letter for letter in header if letter not in HALF_SPACES)).replace("_", "").split())
