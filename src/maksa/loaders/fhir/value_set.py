"""A ValueSet as a list, where it enumerates its codes: by its expansion, else by the concepts that it includes.

Source: FHIR R4 4.9 and R5 4.9, «ValueSet».
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from maksa.loaders.fhir.wordings import Wording, designations_of
from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.model.concept import Concept, Property
from maksa.model.errors import SourceError
from maksa.model.folding import language_of


class Item(msgspec.Struct):
    code: str = ""
    display: str = ""
    system: str = ""
    inactive: bool = False
    abstract: bool = False
    designation: list[Wording] = []
    contains: list[Item] = []


class Part(msgspec.Struct, rename="camel"):
    """What is included or excluded: of a system, by concepts, by filters, or by other value sets."""

    system: str = ""
    concept: list[Item] = []
    filter: list[msgspec.Raw] = []
    value_set: list[str] = []


class Compose(msgspec.Struct):
    include: list[Part] = []
    exclude: list[Part] = []


class Expansion(msgspec.Struct):
    contains: list[Item] = []


class ValueSet(msgspec.Struct):
    language: str = ""
    compose: Compose = msgspec.field(default_factory=Compose)
    expansion: Expansion = msgspec.field(default_factory=Expansion)


def checked(value_set: ValueSet, file: str, name: str) -> ValueSet:
    """The value set, where it enumerates. Raises: SourceError, saying which part of it does not."""
    if value_set.expansion.contains:
        return value_set
    compose = value_set.compose
    for kind, parts in (("include", compose.include), ("exclude", compose.exclude)):
        for number, part in enumerate(parts, 1):
            if part.filter or part.value_set or not part.concept:
                how = "by-filters" if part.filter else "by-value-sets" if part.value_set else "takes-all"
                whose = part.system or part.value_set
                why = reason("not-enumerated", name=name, kind=kind, number=number, how=reason(how), whose=whose)
                raise SourceError(file=file, **why.facts)
    if not compose.include:
        raise SourceError(file=file, **reason("no-members", name=name).facts)
    return value_set


def concepts_of(value_set: ValueSet, gathering: Gathering) -> Iterator[tuple[int, Concept]]:
    """The concepts in document order, each with its place from 1, its system as a property."""
    for place, (item, parent) in enumerate(_items(value_set), 1):
        display = item.display if item.display.strip() else item.code
        if item.code and not item.display.strip():
            gathering.add("code-stands-in", row=place, column="display", value=item.code)
        yield (
            place,
            Concept(
                item.code,
                display,
                value_set.language or language_of(display),
                designations_of(item.designation, value_set.language),
                (Property("system", item.system),) if item.system else (),
                (parent,) if parent else (),
                "retired" if item.inactive else "active",
            ),
        )


def _items(value_set: ValueSet) -> Iterator[tuple[Item, str]]:
    """(item, code of the one it stands below). A heading of an expansion has no code, and none stands below it so."""
    if value_set.expansion.contains:
        yield from _contained(value_set.expansion.contains, "")
        return
    compose = value_set.compose
    excluded = {(part.system, item.code) for part in compose.exclude for item in part.concept}
    for part in compose.include:
        for item in part.concept:
            if (part.system, item.code) not in excluded:
                yield msgspec.structs.replace(item, system=part.system), ""


def _contained(items: list[Item], parent: str) -> Iterator[tuple[Item, str]]:
    waiting = [(iter(items), parent)]
    while waiting:
        inside, above = waiting[-1]
        item = next(inside, None)
        if item is None:
            waiting.pop()
            continue
        if item.code:
            yield item, above
        if item.contains:
            waiting.append((iter(item.contains), item.code or above))
