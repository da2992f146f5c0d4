"""Where FHIR resources are found: a JSON file of one, a Bundle of many, an NPM package (.tgz) of files.

Rules of this file:
- bytes decide, not names: gzip is a package, else it is JSON;
- nothing of a package is ever written to disk, so no path in it can climb anywhere;
- what unpacks to more than a list can be is a bomb, and is refused before it has unpacked.
Source: FHIR R4 and R5, «Bundle» and «FHIR NPM packages»: resources lie as JSON files in the folder `package`.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from maksa.loaders.reasons import is_cut, reason
from maksa.loaders.table.bounds import BYTES_LIMIT, RATIO_FROM, RATIO_LIMIT
from maksa.loaders.table.form import readable
from maksa.model.errors import FileUnreadableError
from maksa.model.shapes import json_decoder

FILE_LIMIT = 512 << 20  # bytes of JSON, which is held whole while it is read
KINDS = ("CodeSystem", "ValueSet", "ConceptMap")
GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"


class Head(msgspec.Struct, rename="camel"):
    """What a resource says of itself before its content."""

    resource_type: str
    id: str = ""
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    language: str = ""
    publisher: str = ""
    copyright: str = ""

    def __str__(self) -> str:
        """As messages name it: CodeSystem/colours (http://example.org/colours)."""
        return f"{self.resource_type}/{self.id or '?'}" + (f" ({self.url})" if self.url else "")


class _Kind(msgspec.Struct, rename="camel"):
    resource_type: str


_read_head = json_decoder(Head)
_read_kind = json_decoder(_Kind)


def _head_of(content: bytes | msgspec.Raw) -> Head:
    """What a resource says of itself; of one of a kind that is not loaded its kind at least: a patient's `name` is no text."""
    try:
        return _read_head(content)
    except msgspec.ValidationError:
        kind = _read_kind(content).resource_type
        if kind in (*KINDS, "Bundle"):
            raise
        return Head(kind)


class Found(msgspec.Struct):
    """A resource with its bytes."""

    head: Head
    content: bytes | msgspec.Raw


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw()


class _Bundle(msgspec.Struct):
    entry: list[_Entry] = []


_bundle_of = json_decoder(_Bundle)


def resources(path: Path) -> Iterator[Found]:
    """The resources in the file, in its order; of a Bundle its entries'. One file's bytes are in memory at a time.

    Raises: FileUnreadableError for what is no JSON, no FHIR, damaged, or too large.
    """
    with readable(path), path.open("rb") as file:
        is_package = file.read(2) == GZIP
        file.seek(0)
        if is_package:
            yield from _of_package(path, file)
        else:
            yield from _of_file(path, str(path), _held(path, file))


def _held(path: Path, file: IO[bytes]) -> bytes:
    content = file.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        raise FileUnreadableError(file=str(path), **reason("json-large", limit=FILE_LIMIT).facts)
    return content


def _of_file(path: Path, name: str, content: bytes) -> Iterator[Found]:
    with json_faults(path, name):
        text = content.removeprefix(_MARK)
        head = _head_of(text)
        if head.resource_type != "Bundle":
            yield Found(head, text)
            return
        for entry in _bundle_of(text).entry:
            if bytes(entry.resource):
                yield Found(_head_of(entry.resource), entry.resource)


def _of_package(path: Path, file: IO[bytes]) -> Iterator[Found]:
    with _package_faults(path), tarfile.open(fileobj=_unpacked(path, file), mode="r|") as package:
        for member in package:
            parts = member.name.split("/")
            if not member.isreg() or not member.name.endswith(".json") or parts[-1].startswith((".", "package.json")):
                continue
            if member.size > FILE_LIMIT:
                why = reason("member-large", member=member.name, limit=FILE_LIMIT)
                raise FileUnreadableError(file=str(path), **why.facts)
            opened = package.extractfile(member)
            yield from _resources_only(path, member.name, opened.read() if opened else b"")


def _resources_only(path: Path, name: str, content: bytes) -> Iterator[Found]:
    """The resources of a package's file; packages hold JSON of other kinds too, such as their examples' sources."""
    if b'"resourceType"' in content:
        yield from _of_file(path, name, content)


def _unpacked(path: Path, file: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Bounded(path, file))


class _Bounded(io.RawIOBase):
    """An unpacked stream that ends in an error where it grows past what a package can be."""

    def __init__(self, path: Path, packed: IO[bytes]) -> None:
        self._path = path
        self._packed = packed
        self._unpacked = gzip.GzipFile(fileobj=packed)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._unpacked.readinto(buffer)
        self._read += count
        packed = self._packed.tell()
        if self._read > BYTES_LIMIT or (self._read > RATIO_FROM and self._read > RATIO_LIMIT * packed):
            why = reason("package-unpacks", packed=packed, unpacked=self._read)
            raise FileUnreadableError(file=str(self._path), **why.facts)
        return count


@contextmanager
def _package_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        tarfile.TarError,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise FileUnreadableError(file=str(path), **reason("package-damaged", str(error)).facts) from error


@contextmanager
def json_faults(path: Path, name: str) -> Iterator[None]:
    """What is wrong with JSON comes out as FileUnreadableError; *name* is the file's, in a package the member's."""

    def told(slug: str, said: str = "") -> FileUnreadableError:
        why = reason(slug, said)
        inside = why if name == str(path) else reason("inside", member=name, reason=why)
        return FileUnreadableError(file=str(path), **inside.facts)

    try:
        yield
    except msgspec.ValidationError as error:
        raise told("no-fhir", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise told("json-cut" if is_cut(error) else "no-json", str(error)) from error
    except RecursionError as error:
        raise told("json-deep") from error
