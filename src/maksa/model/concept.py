"""A concept: a code and what it means, with all that hangs on it.

Records of this room are frozen msgspec structs: made in a tenth of a microsecond, which a load of a million rows feels,
and written as JSON without a second description (ADR 2).
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct


class Designation(Struct, frozen=True, gc=False):
    """Another wording of a concept. `language` is BCP 47 ("fa", "en"); `use` is "synonym", "fully-specified", …"""

    language: str
    value: str
    use: str = "synonym"


class Property(Struct, frozen=True, gc=False):
    """A named fact about a concept. `kind` is FHIR's type of it: string, code, integer, decimal, boolean, dateTime."""

    name: str
    value: str
    kind: str = "string"


class Concept(Struct, frozen=True, gc=False):
    """A code of one version of one terminology.

    `language` is that of `display`: Persian and English are both at home, nothing assumes either.
    `parents` are codes of the same version. `created` and `changed` are known once it is published: the publication of
    the first version with this code, and of the last one that changed its display (contract, section 4).
    """

    code: str
    display: str
    language: str = ""
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    parents: tuple[str, ...] = ()
    status: str = "active"
    created: dt.datetime | None = None
    changed: dt.datetime | None = None


class CodedText(Struct, frozen=True, gc=False):
    """A code with the display it is said to have: openEHR's DV_CODED_TEXT, FHIR's Coding."""

    terminology_id: str
    code: str
    display: str


class FormerConcept(Struct, frozen=True, gc=False):
    """A code that earlier versions had and this one has not. `last_version` is the label of the last one that had it."""

    code: str
    display: str
    last_version: str
    created: dt.datetime
    changed: dt.datetime
    retired: dt.datetime


class Match(Struct, frozen=True, gc=False):
    """A row of a search's answer: the concept, and the wording that matched with its language.

    `rank` orders the answers of one terminology: less is better. `pair` is the id of the terminology that has the code
    in another language, where there is one and it is published; the wording may be from there. `status` is the concept's.
    `is_shared` says that other codes have the same wording, and that the answer names this one alone.
    """

    terminology_id: str
    code: str
    display: str
    matched: str
    language: str
    rank: int
    pair: str = ""
    status: str = "active"
    is_shared: bool = False
