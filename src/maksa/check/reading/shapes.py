"""What makes a coded text of the members of an object, or the children of an element.

One rule holds the spellings together: no case, no underscores, no trailing "Field". So `coded_stringField`, `Coded_string` and
`codedString` are one name.
Source: contract, section 2 (private and public names of the same .NET classes); openEHR DV_CODED_TEXT; FHIR Coding.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

TERMINOLOGY, SYSTEM, CODED_STRING, CODE, VALUE, DEFINING = range(6)
"""The roles of members. SYSTEM and CODE are FHIR's; DEFINING holds terminology and code of an openEHR text."""

_ROLES = {
    "terminologyid": TERMINOLOGY, "terminology": TERMINOLOGY, "codesystem": TERMINOLOGY, "system": SYSTEM,
    "codedstring": CODED_STRING, "codestring": CODED_STRING, "code": CODE,
    "value": VALUE, "display": VALUE, "displayname": VALUE, "definingcode": DEFINING,
}  # fmt: skip


@lru_cache(maxsize=4096)
def role_of(name: str) -> int | None:
    """The role of a member of that name; None for one that is no part of a coded text."""
    return _ROLES.get(name.lower().replace("_", "").removesuffix("field"))


def is_coded_text(members: Mapping[int, T], *, in_coding: bool) -> bool:
    """Whether an object with these *members* is a coded text; *in_coding*: it stands in FHIR's `coding`."""
    if CODED_STRING in members or in_coding:
        return bool(members)
    has_terminology = TERMINOLOGY in members or SYSTEM in members
    return has_terminology and (CODE in members or (VALUE in members and TERMINOLOGY in members))


def parts_in(members: Mapping[int, T]) -> tuple[T | None, T | None, T | None]:
    """What stands for terminology, code and display."""
    terminology = members.get(TERMINOLOGY, members.get(SYSTEM))
    return terminology, members.get(CODED_STRING, members.get(CODE)), members.get(VALUE)


def wants_display(members: Mapping[int, T]) -> bool:
    """Whether a display that is not there is missing: FHIR's codings may go without, the functions' texts may not."""
    return TERMINOLOGY in members and CODED_STRING in members


def hoist(above: dict[int, T], role: int | None, below: Mapping[int, T]) -> bool:
    """Whether *below*, the members of an object in that *role*, was part of the coded text above, and is now in it.

    {"terminology_id": {"value": "ICD10"}, "code_string": "A00"} below `defining_code`, whose display stands beside it.
    """
    if role == TERMINOLOGY and VALUE in below:
        above.setdefault(TERMINOLOGY, below[VALUE])
        return True
    if role != DEFINING or CODED_STRING not in below:
        return False
    for each in (TERMINOLOGY, CODED_STRING):
        if each in below:
            above.setdefault(each, below[each])
    return True
