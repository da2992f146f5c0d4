"""The seven functions of the guide as one table, each able to read what it is asked and to write the question.

The fast path takes a body spelled as the guide spells it, with every member there: it cannot then be read otherwise.
Anything else, right or wrong, goes to the patient reading, which explains what it refuses.
Source: guide, tables 8 to 16; contract, section 2.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

import msgspec

from maksa.model.errors import RequestError
from maksa.model.shapes import json_decoder
from maksa.wire.ditas.bodies import (
    Body,
    ChangedSinceBody,
    ChangedSinceSample,
    DefinedSinceBody,
    DefinedSinceSample,
    Lookup,
    ValidateBody,
    VersionList,
    VersionLookup,
    WholeVersion,
)
from maksa.wire.ditas.envelope import CodedTextRow, VersionRow
from maksa.wire.ditas.patience import fields_of, read_patiently
from maksa.wire.ditas.query import read_query
from maksa.wire.ditas.statuses import FLAT_401, refusal

A = TypeVar("A")

BASES = ("/api/client/apim/v1/maksaservice/gwmaksa", "/api/client/apim/v1/maksaservice/gw/maksa")
"""The paths under which functions answer: the tables' first, the curl samples' second."""


class Function(Generic[A]):
    """One function: its name, the guide's method, its body, the type of `result.data`. A is what the service is asked."""

    __slots__ = ("_decode", "body", "data", "flat_401", "method", "name")

    def __init__(
        self, name: str, method: Literal["GET", "POST"], body: type[Body[A]], data: object,
        *, sample: type[Body[A]] | None = None, flat_401: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self.method = method
        self.body = body
        self.data = data
        self.flat_401 = flat_401
        self._decode = json_decoder(sample or body)

    def __repr__(self) -> str:
        return f"Function({self.name!r})"

    @property
    def fields(self) -> tuple[str, ...]:
        """The members of the body as the guide spells them, in its order."""
        return tuple(field.encode_name for field in fields_of(self.body))

    @property
    def unauthorized(self) -> bytes:
        """The body of its 401: flat for TerminologyValueByVersion, the envelope for the others."""
        return FLAT_401 if self.flat_401 else refusal(401)

    def read(self, body: bytes) -> A:
        """What *body* asks. Raises: RequestError, with a violation for each fault."""
        try:
            return self._decode(body).asked()
        except (ValueError, RecursionError, RequestError):  # msgspec's errors are ValueErrors
            return read_patiently(self.body, body).asked()

    def read_query(self, query: bytes) -> A:
        """What the parameters of a query string ask. Raises: RequestError, with a violation for each fault."""
        return read_query(self.body, query).asked()

    def write(self, asked: A) -> bytes:
        """The body that asks so, in the guide's spelling: what a client sends. `read` gives *asked* back."""
        return msgspec.json.encode(self.body.of(asked))


TERMINOLOGY = Function("Terminology", "GET", Lookup, str)
SEARCH_TERMINOLOGY = Function(
    "SearchTerminology", "POST", ChangedSinceBody, list[CodedTextRow], sample=ChangedSinceSample
)
VALIDATE_CTS = Function("ValidateCts", "POST", ValidateBody, Literal["true", "false"])
CTS_TERMINOLOGIES = Function("CtsTerminologies", "POST", DefinedSinceBody, list[str], sample=DefinedSinceSample)
TERMINOLOGY_VALUE_BY_VERSION = Function("TerminologyValueByVersion", "POST", VersionLookup, str, flat_401=True)
TERMINOLOGIES_TERM_BY_VERSION = Function("TerminologiesTermByVersion", "POST", WholeVersion, list[CodedTextRow])
TERMINOLOGY_VERSIONS = Function("TerminologyVersions", "POST", VersionList, list[VersionRow])

FUNCTIONS: dict[str, Function[Any]] = {
    function.name: function
    for function in (
        TERMINOLOGY, SEARCH_TERMINOLOGY, VALIDATE_CTS, CTS_TERMINOLOGIES,
        TERMINOLOGY_VALUE_BY_VERSION, TERMINOLOGIES_TERM_BY_VERSION, TERMINOLOGY_VERSIONS,
    )
}  # fmt: skip
"""The seven, by name, in the guide's order."""
