"""The bodies of the seven functions: each struct is spelled for JSON as the guide spells it.

Rules of this file:
- `asked()` is what the service is asked, texts trimmed and dates as moments; `of(asked)` is the way back, for clients;
- a text that must not be blank is `Filled`; msgspec holds it to one character, `asked()` to one that is no blank;
- members stand in the guide's order.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Protocol, Self, TypeVar

from msgspec import Meta, Struct

from maksa.model.concept import CodedText
from maksa.wire.dates import FromDate, from_date, since_of

Filled = Annotated[str, Meta(min_length=1)]

A = TypeVar("A")


class Body(Protocol[A]):
    """What each body can do. A is what the service is asked."""

    def asked(self) -> A:
        """The question. Raises: ValueError where a text is blank, RequestError where a date does not exist."""

    @classmethod
    def of(cls, asked: A) -> Self:
        """The body that asks it."""


class Lookup(Struct, frozen=True, gc=False, rename={
    "terminology_id": "terminologyId", "code": "codedString",
}):  # fmt: skip
    """Terminology: the display of a code in the last version. Source: guide, table 8."""

    terminology_id: Filled
    code: Filled

    def asked(self) -> Lookup:
        return Lookup(_trimmed(self.terminology_id), _trimmed(self.code))

    @classmethod
    def of(cls, asked: Lookup) -> Lookup:
        return asked


class VersionLookup(Struct, frozen=True, gc=False, rename={
    "terminology_id": "terminologyId", "code": "codedString", "label": "version",
}):  # fmt: skip
    """TerminologyValueByVersion: the display of a code in the version labelled so. Source: guide, table 12."""

    terminology_id: Filled
    code: Filled
    label: Filled

    def asked(self) -> VersionLookup:
        return VersionLookup(_trimmed(self.terminology_id), _trimmed(self.code), _trimmed(self.label))

    @classmethod
    def of(cls, asked: VersionLookup) -> VersionLookup:
        return asked


class WholeVersion(Struct, frozen=True, gc=False, rename={
    "terminology_id": "terminologyId", "label": "version",
}):  # fmt: skip
    """TerminologiesTermByVersion: every concept of the version labelled so. Source: guide, table 13."""

    terminology_id: Filled
    label: Filled

    def asked(self) -> WholeVersion:
        return WholeVersion(_trimmed(self.terminology_id), _trimmed(self.label))

    @classmethod
    def of(cls, asked: WholeVersion) -> WholeVersion:
        return asked


class VersionList(Struct, frozen=True, gc=False, rename={"terminology_id": "terminologyId"}):
    """TerminologyVersions: what versions there are. Source: guide, table 15 (and its sample, which spells it otherwise)."""

    terminology_id: Filled

    def asked(self) -> VersionList:
        return VersionList(_trimmed(self.terminology_id))

    @classmethod
    def of(cls, asked: VersionList) -> VersionList:
        return asked


class ChangedSince(Struct, frozen=True, gc=False):
    """The concepts of the last version created or changed at or after *since*, an aware UTC moment."""

    terminology_id: str
    since: dt.datetime


class ChangedSinceBody(Struct, frozen=True, gc=False, rename={
    "terminology_id": "TerminologyId", "from_date": "FromDate",
}):  # fmt: skip
    """SearchTerminology. Source: guide, table 9."""

    terminology_id: Filled
    from_date: FromDate

    def asked(self) -> ChangedSince:
        return ChangedSince(_trimmed(self.terminology_id), since_of(self.from_date))

    @classmethod
    def of(cls, asked: ChangedSince) -> Self:
        return cls(asked.terminology_id, from_date(asked.since))


class DefinedSince(Struct, frozen=True, gc=False):
    """The terminologies defined at or after *since*, an aware UTC moment."""

    since: dt.datetime


class DefinedSinceBody(Struct, frozen=True, gc=False, rename={"from_date": "FromDate"}):
    """CtsTerminologies. Source: guide, table 11."""

    from_date: FromDate

    def asked(self) -> DefinedSince:
        return DefinedSince(since_of(self.from_date))

    @classmethod
    def of(cls, asked: DefinedSince) -> Self:
        return cls(from_date(asked.since))


class DoCodedText(Struct, frozen=True, gc=False, rename={
    "display": "valueField", "terminology_id": "terminology_idField", "code": "coded_stringField",
}):  # fmt: skip
    """A coded text to judge. Its display may be empty: that is a false one, not a bad request."""

    display: str
    terminology_id: Filled
    code: Filled


class ValidateBody(Struct, frozen=True, gc=False, rename={"coded_text": "DoCodedText"}):
    """ValidateCts: whether the code has this display in the last version. Source: guide, table 10."""

    coded_text: DoCodedText

    def asked(self) -> CodedText:
        given = self.coded_text
        return CodedText(_trimmed(given.terminology_id), _trimmed(given.code), given.display)

    @classmethod
    def of(cls, asked: CodedText) -> Self:
        return cls(DoCodedText(asked.display, asked.terminology_id, asked.code))


class WholeDate(FromDate, frozen=True, gc=False, kw_only=True):
    """A `FromDate` with every number there, as in the guide's samples: no other spelling can add anything to it."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int


class ChangedSinceSample(ChangedSinceBody, frozen=True, gc=False):
    """SearchTerminology as the guide's sample has it, for the fast path."""

    from_date: WholeDate


class DefinedSinceSample(DefinedSinceBody, frozen=True, gc=False):
    """CtsTerminologies as the guide's sample has it, for the fast path."""

    from_date: WholeDate


def _trimmed(text: str) -> str:
    trimmed = text.strip()
    if trimmed:
        return trimmed
    raise ValueError("a blank text")  # never seen by a caller: the patient reading says which field it is
