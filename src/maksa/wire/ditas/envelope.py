"""The shapes of answers: the envelope with its two statuses, the refusals, the rows. For the client and for OpenAPI.

The server writes these same shapes from prepared bytes (`answers`, `statuses`); a test holds the two together.
Source: guide, appendix 1, tables 14 and 16; contract, section 3.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType

T = TypeVar("T")


class ServiceStatus(Struct, frozen=True, gc=False, rename="camel"):
    """What the provider says: 200, or 404 where it has nothing."""

    status_code: int


class GatewayStatus(Struct, frozen=True, gc=False, rename="camel"):
    """What the gateway says, with its exact words."""

    status_code: int
    message: str


class Result(Struct, Generic[T], frozen=True, gc=False, kw_only=True):
    """The provider's part. `data` is absent when there is none."""

    data: T | UnsetType = UNSET
    status: ServiceStatus


class Envelope(Struct, Generic[T], frozen=True, gc=False):
    """An answer under HTTP 200: `result` is always there."""

    result: Result[T]
    status: GatewayStatus


class Violation(Struct, frozen=True, gc=False):
    """One fault of a request: the field as the guide spells it, and what is wrong with it."""

    field: str
    message: str


class Refusal(Struct, frozen=True, gc=False, omit_defaults=True):
    """The gateway's no: no `result`; `violations` only where the request is bad."""

    status: GatewayStatus
    violations: tuple[Violation, ...] = ()


class FlatRefusal(Struct, frozen=True, gc=False):
    """The 401 of TerminologyValueByVersion, as the guide shows it."""

    status: int
    code: int
    msg: str
    violations: tuple[Violation, ...]


class CodedTextRow(Struct, frozen=True, gc=False, rename={
    "display": "valueField", "terminology_id": "terminology_idField", "code": "coded_stringField",
}):  # fmt: skip
    """A coded text of an answer, its members in the guide's order."""

    display: str
    terminology_id: str
    code: str


class VersionRow(Struct, frozen=True, gc=False, rename={
    "row": "id", "terminology_id": "TerminologyId", "label": "Version", "number": "VersionId", "is_last": "IsLast",
}):  # fmt: skip
    """A version of TerminologyVersions' answer: `row` and `number` are those of `model.terminology.Version`."""

    row: int
    terminology_id: str
    label: str
    number: int
    is_last: bool
