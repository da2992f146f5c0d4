"""Concepts as the blocks of a draft: some hundred of them in one value (MessagePack), in the order of the list.

One row for many concepts, however rich, is what makes a load fast: a row for each took three times as long to write, and
twice as long to read. Each concept carries its position, so that an edit takes some out of a block and leaves the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec
from msgspec import Struct

from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import MapEntry
from maksa.model.folding import language_of
from maksa.model.shapes import msgpack_decoder

T = TypeVar("T")

TOGETHER = 256  # concepts of a block, which is all that a reader holds of a draft at a time

Block = tuple[int, int, int, bytes]
"""(version's number, position of the first, how many, what is packed): the columns of `draft_block`."""


class Drafted(Struct, frozen=True, array_like=True, gc=False):
    """A concept in a block. The position is its place in the publisher's list, from 1; a language is never blank."""

    position: int
    code: str
    display: str
    language: str
    designations: tuple[Designation, ...]
    properties: tuple[Property, ...]
    parents: tuple[str, ...]
    status: str

    @classmethod
    def of(cls, position: int, concept: Concept) -> Drafted:
        """*concept* at its place. A language left blank becomes that of the display's letters."""
        return cls(
            position, concept.code, concept.display, concept.language or language_of(concept.display),
            concept.designations, concept.properties, concept.parents, concept.status,
        )  # fmt: skip

    def concept(self) -> Concept:
        return Concept(
            self.code, self.display, self.language, self.designations, self.properties, self.parents, self.status
        )


class DraftedEntry(Struct, frozen=True, array_like=True, gc=False):
    """An entry of a map in a block."""

    position: int
    entry: MapEntry


pack = msgspec.msgpack.Encoder().encode
"""One block of a list of either, or either alone."""

unpacked_block = msgpack_decoder(list[Drafted])
unpacked_entries = msgpack_decoder(list[DraftedEntry])
unpacked = msgpack_decoder(Drafted)
unpacked_entry = msgpack_decoder(DraftedEntry)


class Packer:
    """Blocks of the draft *number* out of *concepts*, and what was seen of them once they have gone by."""

    def __init__(self, number: int, concepts: Iterable[Concept]) -> None:
        self.number = number
        self._concepts = concepts
        self.count = 0
        self.has_parents = False
        self.in_code_order = True

    def __iter__(self) -> Iterator[Block]:
        last = ""
        for first, batch in _batches(self._concepts):
            codes = [last, *(concept.code for concept in batch)]
            self.in_code_order = self.in_code_order and codes == sorted(codes)
            self.has_parents = self.has_parents or any(concept.parents for concept in batch)
            self.count, last = first + len(batch) - 1, codes[-1]
            yield self.number, first, len(batch), pack(list(map(Drafted.of, range(first, self.count + 1), batch)))


class MapPacker:
    """Blocks of the draft *number* out of *entries*; their order is that of their sources."""

    has_parents = False

    def __init__(self, number: int, entries: Iterable[MapEntry]) -> None:
        self.number = number
        self._entries = entries
        self.count = 0
        self.in_code_order = True

    def __iter__(self) -> Iterator[Block]:
        last = ""
        for first, batch in _batches(self._entries):
            sources = [last, *(entry.source for entry in batch)]
            self.in_code_order = self.in_code_order and sources == sorted(sources)
            self.count, last = first + len(batch) - 1, sources[-1]
            yield self.number, first, len(batch), pack(list(map(DraftedEntry, range(first, self.count + 1), batch)))


def _batches(items: Iterable[T]) -> Iterator[tuple[int, list[T]]]:
    """*items* in blocks, each with the position of its first."""
    stream, first = iter(items), 1
    while batch := list(islice(stream, TOGETHER)):
        yield first, batch
        first += len(batch)
