"""Why something cannot be read, in English and Persian: how a room's table of sentences becomes a reason.

Rules of this file:
- `{detail}` is what a library or the system said, in its own English; a Persian sentence leaves it to whoever shows it beside;
- in Persian a text of the outside stands between guillemets, which its sentence writes, and a number in Persian digits;
- a reason may be a part of another one, in each language by its own words; what a file writes is never taken for a sentence.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from maksa.model.digits import persian_digits
from maksa.model.quoting import Shown


class Reason(NamedTuple):
    """Why something cannot be read. `detail` is a foreign word for it, a part of the English sentence; "" where there is none."""

    english: str
    persian: str
    detail: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """The same as an error carries it: `reason` is what its message says."""
        return {"reason": self.english, "reason_fa": self.persian, "detail": self.detail}


Fact: TypeAlias = "str | int | Reason | tuple[str | Reason, ...] | list[str]"
"""What fills a sentence. Several texts are read with commas between them; a list is written as Python writes it in English."""


class Reasons(dict[str, tuple[str, str]]):
    """A room's sentences by slug: (English, Persian)."""

    def of(self, slug: str, detail: str = "", /, **facts: Fact) -> Reason:
        """The reason of *slug*, its sentences made with *facts*; its detail is that of a reason among them, if none is given."""
        english, persian = self[slug]
        detail = detail or next((fact.detail for fact in facts.values() if isinstance(fact, Reason)), "")
        return Reason(
            english.format(detail=detail, **{name: _in_english(fact) for name, fact in facts.items()}),
            persian.format(**{name: _in_persian(fact) for name, fact in facts.items()}),
            detail,
        )


class ReasonedError(ValueError):
    """A text that cannot be read as what it should be, and `why`."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.english)
        self.why = why


COMMON = {
    "system": ("{detail}", "سیستم آن را باز نمی‌کند"),
    "empty": ("it is empty", "فایل خالی است"),
    "workbook-locked": ("it is locked with a password", "کارپوشه گذرواژه دارد؛ بی گذرواژه ذخیره‌اش کنید"),
    "workbook-damaged": ("it is a damaged workbook: {detail}", "کارپوشه آسیب دیده است"),
    "text-after-quote": ("{detail}", "پس از گیومهٔ بسته، به جای جداکنندهٔ خانه‌ها نویسهٔ دیگری آمده است"),
    "no-cells": ("{detail}", "این ردیف به خانه‌ها بخش نمی‌شود"),
}
"""Of every room that reads files."""


class _Number(int):
    """A number as Persian writes it: ۱٬۲۳۴ where its sentence asks for thousands apart."""

    def __format__(self, spec: str) -> str:
        return persian_digits(int.__format__(self, spec)).replace(",", "٬")


def _in_english(fact: Fact) -> object:
    if isinstance(fact, Reason):
        return fact.english
    return ", ".join(str(_in_english(each)) for each in fact) if isinstance(fact, tuple) else fact


def _in_persian(fact: Fact) -> object:
    if isinstance(fact, Reason):
        return fact.persian
    if isinstance(fact, tuple | list):
        return "، ".join(each.persian if isinstance(each, Reason) else f"«{_in_persian(each)}»" for each in fact)
    return _Number(fact) if isinstance(fact, int) else repr(Shown(fact))[1:-1]
