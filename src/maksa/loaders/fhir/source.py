"""FHIR's JSON opened: the asked resource told from others, its concepts streamed; the concept maps beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from maksa.loaders.fhir import code_system, concept_map, value_set
from maksa.loaders.fhir.choice import chosen, maps_of
from maksa.loaders.fhir.code_system import CodeSystem
from maksa.loaders.fhir.concept_map import Correspondence, Group
from maksa.loaders.fhir.container import GZIP, Found, Head, json_faults, resources
from maksa.loaders.fhir.value_set import ValueSet
from maksa.loaders.reasons import listed_maps, reason
from maksa.loaders.source import Source
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import FileUnreadableError, SourceError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Imprint, key_of

FORM = "FHIR (JSON)"
HEAD = 1 << 16  # bytes in which a resource says what it is, where it is too large to be tried whole

R = TypeVar("R")

_BEGINS = re.compile(rb'\{\s*"resourceType"\s*:')


def recognises(path: Path) -> bool:
    """Whether the file is a FHIR resource in JSON, or a package with one: by its content, read as far as the first.

    One that begins as a resource is one, damaged or not: to be told of columns that it lacks would mislead.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
        if not head.startswith((b"{", GZIP)) or (head.startswith(b"{") and b'"resourceType"' not in head):
            return False
        return _BEGINS.match(head) is not None or next(resources(path), None) is not None
    except (OSError, ValueError, FileUnreadableError):
        return False


class _Map(NamedTuple):
    of: ConceptMap
    group: Group
    imprint: Imprint


class FhirSource(Source):
    """A CodeSystem, an enumerating ValueSet, or ConceptMaps: alone, in a Bundle, or in an NPM package.

    The resource is the one whose id, url or name is *terminology_id*, else the only code system, else the only value set.
    Raises: on entering, FileUnreadableError; SourceError where several resources could be meant, and where the one that
    is meant holds no codes: a supplement, one without content, a value set that filters.
    """

    columns = ("code", "display")

    def _opened(self) -> dict[str, str]:
        found = chosen(self._path, self._report.terminology_id)
        head, name = found.head, str(found.head)
        self._maps = self._maps_beside(found)
        self._content: CodeSystem | ValueSet | None = None
        if head.resource_type == "CodeSystem":
            self._content = code_system.checked(self._decoded(found, CodeSystem), str(self._path), name)
        elif head.resource_type == "ValueSet":
            self._content = value_set.checked(self._decoded(found, ValueSet), str(self._path), name)
        self._imprint = _imprint_of(head)
        facts = {"title": head.title or head.name, "version": head.version, "hierarchy": self._meaning()}
        return {"form": f"{FORM}: {name}", **{fact: value for fact, value in facts.items() if value}}

    def _imprints(self) -> dict[str, Imprint]:
        return {"": self._imprint, **{each.of.map_id: each.imprint for each in self._maps}}

    def _meaning(self) -> str:
        return self._content.hierarchy_meaning if isinstance(self._content, CodeSystem) else ""

    def _decoded(self, found: Found, kind: type[R]) -> R:
        with json_faults(self._path, str(found.head)):
            return json_decoder(kind)(found.content)

    def _maps_beside(self, meant: Found) -> list[_Map]:
        """The maps of the file; of a concept map that is asked for, its own only."""
        founds = [meant] if meant.head.resource_type == "ConceptMap" else maps_of(self._path)
        return [
            _Map(concept_map.map_of(found.head, group, number), group, _imprint_of(found.head))
            for found in founds
            for number, group in enumerate(self._decoded(found, Correspondence).group, 1)
        ]

    def _found(self) -> Iterator[tuple[int, Concept]]:
        if isinstance(self._content, CodeSystem):
            yield from code_system.concepts_of(self._content, self._gathering)
        elif self._content is not None:
            yield from value_set.concepts_of(self._content, self._gathering)

    def maps(self) -> list[ConceptMap]:
        """The correspondences that the file holds, one for each pair of code systems of each concept map."""
        return [each.of for each in self._maps]

    def meant_map(self) -> ConceptMap | None:
        """The only map of the concept map that is meant, else the one of the asked id; None where concepts are meant.

        Raises: SourceError where it has several groups, and none has the asked id.
        """
        if self._content is not None or not self._maps:
            return None
        key = key_of(self._report.terminology_id)
        asked = [each.of for each in self._maps if key_of(each.of.map_id) == key]
        if len(asked or self._maps) == 1:
            return asked[0] if asked else self._maps[0].of
        raise SourceError(file=str(self._path), **reason("several-maps", maps=listed_maps(self.maps())).facts)

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The lines of the map *map_id*, in its order; empty for one that is not of `maps()`."""
        groups = (each.group for each in self._maps if each.of.map_id == map_id)
        return itertools.chain.from_iterable(concept_map.entries_of(group, self._gathering) for group in groups)


def _imprint_of(head: Head) -> Imprint:
    return Imprint(head.publisher, head.copyright)
