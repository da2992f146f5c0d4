"""What the verbs of `service` return: the thing, or which part of the question names nothing.

Absence is an answer, not an exception. Every answer that is not `Found` is falsy in no way: match on its class.
"""

from __future__ import annotations

import datetime as dt
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Found(Struct, Generic[T], frozen=True, gc=False):
    """The answer."""

    value: T


class UnknownTerminology(Struct, frozen=True, gc=False):
    """No terminology has this id."""

    terminology_id: str


class UnknownVersion(Struct, frozen=True, gc=False):
    """The terminology has no version of this label; or, for a question about a date, none published at or before *as_of*."""

    terminology_id: str
    label: str = ""
    as_of: dt.datetime | None = None


class UnknownCode(Struct, frozen=True, gc=False):
    """The version has no such code."""

    terminology_id: str
    label: str
    code: str


class NothingFound(Struct, frozen=True, gc=False):
    """Another service has nothing, and does not say which part of the question names nothing: so it is on the wire."""

    terminology_id: str
    label: str = ""
    code: str = ""


Unknown = UnknownTerminology | UnknownVersion | UnknownCode
