"""Terminologies, their versions, and the notices that put them in force."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from msgspec import Struct

from maksa.model.errors import IdSpellingError


class Notice(Struct, frozen=True, kw_only=True):
    """The letter (ابلاغیه) by which a version was announced.

    `number` as written ("110/128"); `date` Gregorian, shown in Jalali; `title` and `remarks` are the letter's columns.
    """

    number: str = ""
    date: dt.date | None = None
    title: str = ""
    remarks: str = ""


class Imprint(Struct, frozen=True):
    """Who issues a list, and under which licence, in the issuer's or the operator's own words; "" where nobody said it."""

    issuer: str = ""
    licence: str = ""

    @classmethod
    def of(cls, issuer: str, licence: str) -> Self:
        """The two as somebody wrote them, each in a line, without what does not print; half-spaces stay."""
        return cls(_line(issuer), _line(licence))

    def over(self, other: Imprint) -> Imprint:
        """What it says, and what *other* says where it says nothing."""
        return Imprint(self.issuer or other.issuer, self.licence or other.licence)


class Version(Struct, frozen=True, kw_only=True):
    """One published version, as the manifest lists it and as its snapshot says of itself.

    `label` is the publisher's own ("10000"): text, never computed with. `number` is unique over all terminologies
    (the wire's VersionId); `row` counts publications (the wire's id). `digest` is the SHA-256 of the snapshot's bytes
    in hexadecimal, and `size` their count; both are empty inside the snapshot itself. Of a "map", `terminology_id` is its
    own id, and `concepts` counts its entries.
    """

    terminology_id: str
    label: str
    number: int
    row: int
    published_at: dt.datetime
    title: str = ""
    concepts: int = 0
    notice: Notice = Notice()
    digest: str = ""
    size: int = 0
    kind: Literal["terminology", "map"] = "terminology"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(each for each in line if each.isprintable() or each == "\u200c")


def key_of(terminology_id: str) -> str:
    """The key under which an id is found: ids match without regard to case and surrounding blanks (contract, section 2)."""
    return terminology_id.strip().casefold()


def checked_id(given: str) -> str:
    """The id as it will be defined: trimmed, printable, at most 100 characters, no path or control characters.

    Raises: IdSpellingError.
    """
    trimmed = given.strip()
    if not trimmed:
        raise IdSpellingError(given=given, reason="it is blank")
    if len(trimmed) > 100:
        raise IdSpellingError(given=given, reason="it is longer than 100 characters")
    if not trimmed.isprintable() or any(letter in '/\\"' for letter in trimmed):
        raise IdSpellingError(given=given, reason="it has a slash, a quote or a character that does not print")
    return trimmed


def checked_label(given: str) -> str:
    """The label of a version as it will be published, by the same rules as ids, slashes allowed.

    Raises: IdSpellingError.
    """
    trimmed = given.strip()
    if not trimmed or len(trimmed) > 100 or not trimmed.isprintable():
        raise IdSpellingError(given=given, reason="a label is 1 to 100 printable characters")
    return trimmed
