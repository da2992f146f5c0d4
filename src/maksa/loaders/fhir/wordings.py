"""FHIR's designations as ours: the same three parts, its `use` named in our words where it has a code for them."""

from __future__ import annotations

import msgspec

from maksa.model.concept import Designation
from maksa.model.folding import language_of

USES = {
    "900000000000003001": "fully-specified",  # SNOMED CT's, which FHIR's own examples use
    "900000000000013009": "synonym",
    "display": "synonym",
    "fully-specified": "fully-specified",
}


class Use(msgspec.Struct):
    code: str = ""
    display: str = ""


class Wording(msgspec.Struct):
    value: str
    language: str = ""
    use: Use = msgspec.field(default_factory=Use)


def designations_of(wordings: list[Wording], language: str) -> tuple[Designation, ...]:
    """The designations that say something; a language that is not said is the resource's, else that of the letters."""
    return tuple(
        Designation(
            each.language or language or language_of(each.value),
            each.value,
            USES.get(each.use.code, each.use.code or each.use.display or "synonym"),
        )
        for each in wordings
        if each.value.strip()
    )
