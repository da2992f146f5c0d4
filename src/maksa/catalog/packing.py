"""A concept as a row of a draft: code and display in columns, and all that hangs on them in one value (MessagePack).

One insert for each concept, however rich, is what makes a load fast. The value is NULL for the many that have a code and
a display in the language its letters show, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import MapEntry
from maksa.model.folding import language_of

Row = tuple[int, int, str, str, bytes | None]
"""(version's number, position, code, display, rest): the columns of `draft_concept`."""


class Rest(Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """What a concept has beside its code and display."""

    language: str
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    parents: tuple[str, ...] = ()
    status: str = "active"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Rest).decode
_decode_entry = msgspec.msgpack.Decoder(MapEntry).decode


class Packer:
    """Rows of the draft *number* out of *concepts*, and what was seen of them once they have gone by."""

    def __init__(self, number: int, concepts: Iterable[Concept]) -> None:
        self.number = number
        self._concepts = concepts
        self.count = 0
        self.has_parents = False
        self.in_code_order = True

    def __iter__(self) -> Iterator[Row]:
        number, last = self.number, ""
        for position, concept in enumerate(self._concepts, 1):
            code = concept.code
            if code < last:
                self.in_code_order = False
            last = code
            if concept.parents:
                self.has_parents = True
            self.count = position
            yield number, position, code, concept.display, packed(concept)


class MapPacker:
    """Rows of the draft *number* out of *entries*: the source for a code, the target for a display."""

    has_parents = False

    def __init__(self, number: int, entries: Iterable[MapEntry]) -> None:
        self.number = number
        self._entries = entries
        self.count = 0
        self.in_code_order = True

    def __iter__(self) -> Iterator[Row]:
        last = ""
        for position, entry in enumerate(self._entries, 1):
            self.in_code_order = self.in_code_order and entry.source >= last
            last = entry.source
            self.count = position
            yield self.number, position, entry.source, entry.target, _encode(entry)


def unpacked_entry(rest: bytes) -> MapEntry:
    """The entry that `MapPacker` was given."""
    return _decode_entry(rest)


def packed(concept: Concept) -> bytes | None:
    """The value of `rest`. A language left blank becomes that of the display's letters."""
    language = concept.language
    if concept.designations or concept.properties or concept.parents or concept.status != "active":
        parts = (concept.designations, concept.properties, concept.parents, concept.status)
        return _encode(Rest(language or language_of(concept.display), *parts))
    return _encode(Rest(language)) if language and language != language_of(concept.display) else None


def unpacked(code: str, display: str, rest: bytes | None) -> Concept:
    """The concept that `packed` was given."""
    if rest is None:
        return Concept(code, display, language_of(display))
    more = _decode(rest)
    return Concept(code, display, more.language, more.designations, more.properties, more.parents, more.status)
