"""Networks and rates as people type them in a form, as the accounts take them: Persian digits, marks and words among them."""

from __future__ import annotations

import re

from maksa.model.digits import latin_digits

_BETWEEN = re.compile(r"[\s,;،؛]+")
_UNSEEN = re.compile("[\u200c-\u200f\u202a-\u202e\u2066-\u2069]")  # come with what is copied from a page in Persian
_RATE = re.compile(r"(\d+)\s*(?:فراخوانی|درخواست|بار)?\s*(?:در|/)\s*(?:هر\s+)?(?:(\d+)\s*)?(\w+)")
_UNITS = {"ثانیه": "second", "دقیقه": "minute", "ساعت": "hour", "روز": "day", "ماه": "month", "سال": "year"}


def networks_of(text: str) -> list[str]:
    """The networks that *text* lists, with a comma, a semicolon (Latin or Persian) or a blank of any kind between them."""
    return [each for each in _BETWEEN.split(_plain(text)) if each]


def rate_of(text: str) -> str:
    """The rate as `Accounts` takes it: of "۵۰۰ در دقیقه", "500/minute". What is no rate comes back to be refused by it."""
    plain = _plain(text).strip()
    found = _RATE.fullmatch(plain.replace("٬", "").replace("ي", "ی"))
    unit = _UNITS.get(found[3]) if found else None
    return f"{found[1]}/{found[2] + ' ' if found[2] else ''}{unit}" if found and unit else plain


def _plain(text: str) -> str:
    return latin_digits(_UNSEEN.sub("", text))
