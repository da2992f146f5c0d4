"""The columns of the Food and Drug Organization's workbooks, and which of them say something of which code.

Source: the workbooks that came with letters 110/40 and 110/100 (eRX and IRC of drugs and natural products) as republished; README.md.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from maksa.loaders.headed import Roles

ROLES: Roles = {
    "IRC": ("IRC", "IRC code", "کد IRC", "کد ثبت ایران"),
    "eRX": ("eRX", "eRX code", "کد eRX"),
    "generic_code": ("generic code", "generic id", "کد ژنریک"),
    "title": ("official title", "eRX title", "عنوان رسمی", "عنوان eRX", "title", "value", "عنوان"),
    "product": ("product name", "product title", "IRC title", "عنوان IRC", "نام فرآورده", "نام محصول"),
    "brand": ("brand", "brand name", "trade name", "نام تجاری", "نام برند", "برند"),
    "generic": ("generic name", "generic title", "generic", "نام ژنریک", "عنوان ژنریک", "ژنریک"),
    "strength": ("strength", "dose", "قدرت", "دوز"),
    "form": ("dosage form", "form", "شکل دارویی", "شکل"),
    "route": ("route", "route of administration", "راه مصرف"),
    "gtin": ("GTIN", "GTIN code", "کد GTIN"),
}


class Level(NamedTuple):
    """One of the three codes of a drug. `displays` are columns, the best first; `facts` those that hold for every row of the code.

    A code that is `repeated` stands in the row of each product that has it.
    """

    code: str
    displays: tuple[str, ...]
    facts: tuple[str, ...]
    repeated: bool


LEVELS = {
    "irc": Level(
        "IRC",
        ("product", "brand", "title"),
        ("eRX", "generic_code", "title", "brand", "generic", "strength", "form", "route", "gtin"),
        repeated=False,
    ),
    "erx": Level("eRX", ("title", "generic"), ("generic_code", "generic", "strength", "form", "route"), repeated=True),
    "generic": Level("generic_code", ("generic",), ("form", "route"), repeated=True),
}
"""By what a terminology's id has in it: IRC, eRX, genericCode."""


class Pair(NamedTuple):
    """A correspondence that rows imply: each of one code names one of the other."""

    map_id: str
    source: str  # columns
    target: str
    source_id: str  # terminologies
    target_id: str
    title: str


PAIRS = (
    Pair("IRC-eRX", "IRC", "eRX", "IRC", "eRX", "IRC به eRX"),
    Pair("eRX-genericCode", "eRX", "generic_code", "eRX", "genericCode", "eRX به کد ژنریک"),
)


def accepts(roles: Collection[str]) -> bool:
    """Whether a sheet with these columns is of the form: one of the codes with a name, or two of the codes."""
    found = set(roles)
    codes = found & {level.code for level in LEVELS.values()}
    return len(codes) > 1 or bool(found & {"IRC", "eRX"} and found & {"title", "product", "brand"})
