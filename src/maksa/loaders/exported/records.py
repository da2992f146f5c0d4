"""The records of an export in JSON: a line each, or the array of one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from maksa.loaders.gathering import VALUE_LIMIT, Gathering
from maksa.loaders.reasons import is_cut, reason
from maksa.loaders.table.form import readable
from maksa.loaders.table.statuses import status_of
from maksa.model.concept import Concept
from maksa.model.errors import FileUnreadableError
from maksa.model.folding import language_of
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Imprint

_HEAD = 1 << 16  # bytes in which a document says what it is
_BOM = b"\xef\xbb\xbf"


class _Line(msgspec.Struct):
    """What a line is known by."""

    code: str
    display: str
    language: str


class _Document(msgspec.Struct):
    concepts: list[msgspec.Raw]


class _Said(msgspec.Struct):
    imprint: Imprint = Imprint()


_CONCEPTS = b'"concepts":['  # a version has a member of that name too, and it is a number


def is_json(path: Path) -> bool:
    """Whether the file is an export in JSON, by its first line or its first letters. Raises: OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(_BOM).lstrip()
    return _is_document(head) or _is_line(head.partition(b"\n")[0])


def _is_document(head: bytes) -> bool:
    return head[:1] == b"{" and head[1:].lstrip().startswith(b'"version"') and b'"concepts"' in head


def imprint_of(path: Path) -> Imprint:
    """What a document says of who issues the list and under which licence; nothing of lines, which have no room for it."""
    with readable(path), path.open("rb") as file:
        head, found, _ = file.read(_HEAD).removeprefix(_BOM).lstrip().partition(_CONCEPTS)
    try:
        return json_decoder(_Said)(head + _CONCEPTS + b"]}").imprint if found else Imprint()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Imprint()


def _is_line(line: bytes) -> bool:
    try:
        return line[:1] == b"{" and json_decoder(_Line)(line) is not None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def records(path: Path, gathering: Gathering) -> Iterator[tuple[int, Concept]]:
    """Each concept with its line, or its place in the array, from 1; what is no concept is refused.

    Lines are read one by one; a document is read whole. Raises: FileUnreadableError.
    """
    decode = json_decoder(Concept)
    for place, raw in _raw(path):
        try:
            concept = decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            value = bytes(raw[:VALUE_LIMIT]).decode("utf-8", "replace")
            gathering.refuse("malformed-concept", row=place, column="", value=value, reason=str(error))
            gathering.report.read += 1
            continue
        status = status_of(concept.status)
        if status is None:
            gathering.add("unknown-status", row=place, column="status", value=concept.status)
        language = concept.language or language_of(concept.display)
        yield place, replace(concept, language=language, status=status or "active", created=None, changed=None)


def _raw(path: Path) -> Iterator[tuple[int, bytes]]:
    with readable(path), path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(_BOM).lstrip()
        file.seek(0)
        if _is_document(head):
            yield from ((place, bytes(raw)) for place, raw in enumerate(_array(path, file.read()), 1))
            return
        for place, line in enumerate(file, 1):
            if text := line.removeprefix(_BOM).strip():
                yield place, text


def _array(path: Path, content: bytes) -> list[msgspec.Raw]:
    try:
        return json_decoder(_Document)(content.removeprefix(_BOM)).concepts
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        why = reason("json-damaged-cut" if is_cut(error) else "json-damaged", str(error))
        raise FileUnreadableError(file=str(path), **why.facts) from error
