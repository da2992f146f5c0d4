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
