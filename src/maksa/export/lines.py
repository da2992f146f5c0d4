"""JSON: a line for each record, or one document. Nothing of a concept is lost in either, and `maksa load` reads both.

A record is written as `maksa lookup --json` prints it: the members of `Concept`, `MapEntry` or `Difference`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from maksa.export.content import Content

BATCH = 1_000  # records of a chunk


def jsonl_chunks(content: Content) -> Iterator[bytes]:
    """The records as JSON, one a line, in chunks of some hundred kilobytes. Memory holds one of them."""
    encode, records = msgspec.json.Encoder().encode_lines, content.records()
    while batch := list(islice(records, BATCH)):
        yield encode(batch)


def json_chunks(content: Content) -> Iterator[bytes]:
    """One JSON object: the members of `facts` (the version, its imprint, what a map is between), then the records as an array."""
    yield msgspec.json.encode(content.facts)[:-1] + f',"{content.member}":['.encode()
    encode, records, between = msgspec.json.Encoder().encode, content.records(), b"\n"
    while batch := list(islice(records, BATCH)):
        yield between + b",\n".join(map(encode, batch))
        between = b",\n"
    yield b"\n]}\n"
