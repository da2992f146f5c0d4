"""What a job keeps in its folder, for people to read in pages: findings and differences, a line of JSON each.

Nothing here is held in memory but the page that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from maksa.model.concept import Designation, Property
from maksa.model.difference import KINDS, Difference, Facts, Kind
from maksa.model.finding import Finding
from maksa.model.shapes import json_decoder

PAGE = 50  # lines
FINDINGS = "findings.jsonl"
_finding_of = json_decoder(Finding)


class Line(Struct, frozen=True):
    """A difference as it is read: what the version before says of a code, and what the draft does."""

    kind: Kind
    code: str
    display: str
    before: tuple[str, ...]
    after: tuple[str, ...]


_line_of = json_decoder(Line)


class DifferenceWriter:
    """Writes differences into *folder*, a file for each kind, and counts them. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Kind, IO[bytes]] = {}
        self._closing = ExitStack()
        self.counts: Counter[Kind] = Counter(dict.fromkeys(KINDS, 0))

    def __enter__(self) -> DifferenceWriter:
        for kind in KINDS:
            _differences(self._folder, kind).unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def write(self, difference: Difference) -> None:
        """Raises: OSError."""
        kind = difference.kind
        if kind not in self._files:
            self._files[kind] = self._closing.enter_context(_differences(self._folder, kind).open("wb"))
        line = Line(kind, difference.code, difference.display, _texts(difference.before), _texts(difference.after))
        self._files[kind].write(msgspec.json.encode(line) + b"\n")
        self.counts[kind] += 1


def differences(folder: Path, kind: Kind, page: int = 1) -> list[Line]:
    """The page of that number, from 1, of one kind of difference."""
    return [_line_of(line) for line in _page(_differences(folder, kind), page, b"")]


def every_difference(folder: Path) -> Iterator[Line]:
    """All of them, kind by kind."""
    for kind in KINDS:
        for line in _lines(_differences(folder, kind)):
            yield _line_of(line)


def findings(folder: Path, slug: str = "", page: int = 1) -> list[Finding]:
    """The page of that number, from 1, of the findings; of those with that slug, where one is named."""
    wanted = b'"slug":%s,' % msgspec.json.encode(slug) if slug else b""
    return [_finding_of(line) for line in _page(folder / FINDINGS, page, wanted)]


def every_finding(folder: Path) -> Iterator[Finding]:
    """All of them, in the order of the file."""
    for line in _lines(folder / FINDINGS):
        yield _finding_of(line)


def _differences(folder: Path, kind: Kind) -> Path:
    return folder / f"differences-{kind}.jsonl"


def _page(path: Path, page: int, wanted: bytes) -> list[bytes]:
    lines = (line for line in _lines(path) if wanted in line)
    begin = (max(page, 1) - 1) * PAGE
    return list(islice(lines, begin, begin + PAGE))


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as lines:
            yield from lines


def _texts(facts: Facts) -> tuple[str, ...]:
    return tuple(map(_text, facts))


def _text(fact: str | Property | Designation) -> str:
    if isinstance(fact, Property):
        return f"{fact.name} = {fact.value}"
    return f"{fact.value} ({fact.language}, {fact.use})" if isinstance(fact, Designation) else fact
