"""Correspondences (نگاشت) between the codes of two terminologies."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Relationship = Literal[
    "related-to", "equivalent", "source-is-narrower-than-target", "source-is-broader-than-target", "not-related-to"
]
"""FHIR R5's code system concept-map-relationship."""


class MapEntry(Struct, frozen=True, gc=False):
    """One line of a map: a source code, and the target code it corresponds to.

    `target` is empty for a source code that the map says has none (unmapped). `order` sorts the targets of one source, from
    1. `group` tells alternatives from parts: targets of one group are meant together. `rule` and `advice` are the issuer's
    own words, such as SNOMED CT's map rule and advice.
    """

    source: str
    target: str
    relationship: Relationship = "equivalent"
    order: int = 1
    group: int = 1
    rule: str = ""
    advice: str = ""


class ConceptMap(Struct, frozen=True, kw_only=True):
    """What a map is between: ids of terminologies, and the labels of the versions it was made for, where they are known."""

    map_id: str
    source_id: str
    target_id: str
    source_version: str = ""
    target_version: str = ""
    title: str = ""


class Correspondence(Struct, frozen=True, gc=False):
    """A code that a map says corresponds to the asked one, seen from the asked one: `relationship` is the asked code's to it.

    `code` is empty where the map says that the asked code has none. `display` is that of its terminology's last version,
    or of the version in force at the asked date; "" where that has no such code.
    """

    map_id: str
    map_version: str
    terminology_id: str
    code: str
    display: str
    relationship: Relationship
    order: int = 1
    group: int = 1
    rule: str = ""
    advice: str = ""


class StrayCode(Struct, frozen=True, gc=False):
    """A code of a map that exists in no version of its terminology. `side` is "source" or "target"."""

    side: Literal["source", "target"]
    terminology_id: str
    code: str


_INVERSE: dict[Relationship, Relationship] = {
    "source-is-narrower-than-target": "source-is-broader-than-target",
    "source-is-broader-than-target": "source-is-narrower-than-target",
}


def inverse(relationship: Relationship) -> Relationship:
    """What the target is to the source, where the source is *relationship* to the target."""
    return _INVERSE.get(relationship, relationship)
