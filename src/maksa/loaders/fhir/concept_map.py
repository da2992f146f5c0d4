"""A ConceptMap's groups as our maps, one for each pair of code systems; R4's equivalences in R5's words.

Source: FHIR R4 4.10 and R5 4.10, «ConceptMap», and R5's table of what became of each equivalence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from maksa.loaders.fhir.container import Head
from maksa.loaders.gathering import Gathering
from maksa.model.concept_map import ConceptMap, MapEntry, Relationship
from maksa.model.registry import id_of
from maksa.model.shapes import json_decoder

# R4 says what the target is to the source, R5 what the source is to the target: hence wider → narrower.
RELATIONSHIPS: dict[str, Relationship] = {
    "relatedto": "related-to",
    "inexact": "related-to",
    "equivalent": "equivalent",
    "equal": "equivalent",
    "wider": "source-is-narrower-than-target",
    "subsumes": "source-is-narrower-than-target",
    "narrower": "source-is-broader-than-target",
    "specializes": "source-is-broader-than-target",
    "disjoint": "not-related-to",
    "unmatched": "not-related-to",
    **{name: name for name in get_args(Relationship)},
}


class Target(msgspec.Struct, rename="camel"):
    code: str = ""
    relationship: str = ""  # R5
    equivalence: str = ""  # R4
    comment: str = ""
    depends_on: list[dict[str, Any]] = []


class Element(msgspec.Struct, rename="camel"):
    code: str = ""
    target: list[Target] = []
    no_map: bool = False


_element_of = json_decoder(Element)


class Group(msgspec.Struct, rename="camel"):
    source: str = ""
    target: str = ""
    source_version: str = ""
    target_version: str = ""
    element: list[msgspec.Raw] = []


class Correspondence(msgspec.Struct):
    group: list[Group] = []


def map_of(head: Head, group: Group, number: int) -> ConceptMap:
    """What group *number*, from 1, of a concept map is between."""
    source, source_version = _system(group.source, group.source_version)
    target, target_version = _system(group.target, group.target_version)
    name = head.id or head.name or head.url.rpartition("/")[2] or "map"
    return ConceptMap(
        map_id=name if number == 1 else f"{name}-{number}",
        source_id=source,
        target_id=target,
        source_version=source_version,
        target_version=target_version,
        title=head.title or head.name,
    )


def _system(address: str, version: str) -> tuple[str, str]:
    """(id, version): R5 writes the version behind the address."""
    address, _, behind = address.partition("|")
    return id_of(address) or address.rstrip("/").rpartition("/")[2] or address, version or behind


def entries_of(group: Group, gathering: Gathering) -> Iterator[MapEntry]:
    """The lines of a group in its order; a source code without a target comes with an empty one."""
    for place, raw in enumerate(group.element, 1):
        gathering.report.read += 1
        try:
            element = _element_of(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            gathering.refuse("malformed-concept", row=place, column="element", reason=str(error))
            continue
        if not element.code.strip():
            gathering.refuse("blank-code", row=place, column="code")
            continue
        gathering.report.kept += 1
        yield from _entries(element, place, gathering)


def _entries(element: Element, place: int, gathering: Gathering) -> Iterator[MapEntry]:
    if element.no_map or not element.target:
        yield MapEntry(element.code, "", "not-related-to")
        return
    for order, target in enumerate(element.target, 1):
        said = target.relationship or target.equivalence or "equivalent"
        relationship = RELATIONSHIPS.get(said)
        if relationship is None:
            gathering.add("unknown-relationship", row=place, column="relationship", value=said)
        code = "" if target.equivalence == "unmatched" else target.code
        yield MapEntry(
            element.code,
            code,
            relationship or "related-to",
            order=order,
            rule=_rule(target),
            advice=target.comment,
        )


def _rule(target: Target) -> str:
    """The conditions of a target as text: property = value, …"""
    conditions = []
    for each in target.depends_on:
        name = each.get("attribute") or each.get("property") or ""
        value = next((each[key] for key in each if key.startswith("value")), "")
        conditions.append(f"{name} = {value if isinstance(value, str) else msgspec.json.encode(value).decode()}")
    return "; ".join(conditions)
