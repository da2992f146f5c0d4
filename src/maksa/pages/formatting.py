"""How facts are shown to people: digits, numbers, sizes, dates by the calendar of the language, and text of either direction.

Rules of this file:
- prose has the digits of its language; codes, labels and notices' numbers keep their own, and stand left to right;
- Persian dates are Jalali by the clock of Tehran, English ones Gregorian by the same clock; the machine's form is beside;
- text from a list says its language, so that a screen reader speaks it and the browser turns it the right way.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from markupsafe import Markup, escape

from maksa.model.digits import persian_digits
from maksa.model.folding import language_of
from maksa.pages.wording import Language, Wording
from maksa.wire.dates import TEHRAN, jalali

_FACTORS = (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10))
_DIRECTIONS = {"fa": "rtl", "en": "ltr"}


_CODE, _CODE_END = Markup('<code class="code" dir="ltr" translate="no">'), Markup("</code>")
_CLOSED = Markup("</bdi>")
_QUOTE = Markup("<bdi>{}</bdi>")
_QUOTED = re.compile("(?<=«)([^«»]+)(?=»)")


@lru_cache(maxsize=256)
def _opened(language: str) -> Markup:
    """What stands before a text in *language*. A page has hundreds of them: to add markup costs a third of a format."""
    return Markup('<bdi lang="{}" dir="{}">').format(language, _DIRECTIONS.get(language[:2], "auto"))


class Formats:
    """The filters of one language's templates."""

    def __init__(self, wording: Wording) -> None:
        self._t = wording
        self._language: Language = wording.language

    def digits(self, text: object) -> str:
        """The text with the digits of the language: "۱۲" for 12 in Persian."""
        return persian_digits(str(text)) if self._language == "fa" else str(text)

    def number(self, value: float) -> str:
        """A number with its thousands apart: "۱۲٬۵۹۷", "12,597"."""
        written = f"{value:,}"
        return persian_digits(written).replace(",", "٬").replace(".", "٫") if self._language == "fa" else written

    def size(self, count: int) -> Markup:
        """A number of bytes in the unit that suits it: "۳٫۲ مگابایت"."""
        for unit, factor in _FACTORS:
            if count >= factor:
                tenths = round(10 * count / factor)
                return self._t(f"unit.{unit}", n=self.number(tenths / 10 if tenths % 10 else tenths // 10))
        return self._t("unit.bytes", n=self.number(count))

    def day(self, moment: dt.date | None) -> Markup:
        """The day of *moment*, as a `time` element; empty for None. An aware moment is of Tehran's day."""
        if moment is None:
            return Markup("")
        date = moment.astimezone(TEHRAN).date() if isinstance(moment, dt.datetime) else moment
        return Markup('<time datetime="{}">{}</time>').format(date.isoformat(), self._day_of(date))

    def moment(self, moment: dt.datetime) -> Markup:
        """Day and time of *moment*, as a `time` element."""
        local = moment.astimezone(TEHRAN)
        text = f"{self._day_of(local.date())}{self._t.text('date.comma')} {self.digits(f'{local:%H:%M}')}"
        return Markup('<time datetime="{}">{}</time>').format(moment.astimezone(dt.UTC).isoformat(), text)

    def _day_of(self, date: dt.date) -> str:
        if self._language == "fa":
            year, _, rest = jalali(date).partition("/")
            month, _, day = rest.partition("/")
            if not day:  # past the calendar's end
                return persian_digits(year)
            return persian_digits(f"{int(day)} {self._t.text(f'date.jalali{int(month)}')} {int(year)}")
        return f"{date.day} {self._t.text(f'date.gregorian{date.month}')} {date.year}"

    def wording(self, text: str, language: str = "") -> Markup:
        """Text of a list as an element that knows its language and direction; *language* is guessed where it is empty."""
        spoken = language or language_of(text)
        return _opened(spoken) + escape(text) + _CLOSED

    def sentence(self, text: str) -> Markup:
        """A sentence of ours about texts of lists, as `wording`: what it quotes in «…» stands by itself, so that the code
        A00.- does not read as -.A00 among Persian words.
        """
        parts = _QUOTED.split(text)  # each second one is a quote
        said = (_QUOTE.format(part) if at % 2 else escape(part) for at, part in enumerate(parts))
        return _opened(self._language) + Markup().join(said) + _CLOSED

    def code(self, code: object) -> Markup:
        """A code, a label or an id: left to right, in its own digits, not for translators."""
        return _CODE + escape(code) + _CODE_END

    def filters(self) -> dict[str, object]:
        """Every filter by its name in templates."""
        names = ("digits", "number", "size", "day", "moment", "wording", "sentence", "code")
        return {name: getattr(self, name) for name in names}
