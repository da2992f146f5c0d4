"""Embedding: a look-up through `Shelf` against SQLite alone, an export against its rows merely written, frames against a CSV read.

All in one process, in turn, each round. The floors have the work that nobody can leave out: for a look-up one prepared statement on
the same file, mapped and immutable; for an export csv.writer on the same rows, which are in memory already and need no reading.
"""

from __future__ import annotations

import csv
import gc
import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import polars
from msgspec import Struct

from bench import home, report, scale
from bench.home import TERMINOLOGY
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from maksa import Shelf
from maksa.embedding import Terminology
from maksa.export import FORMATS, Content
from maksa.export.content import Row
from maksa.snapshot.manifest import file_of
from maksa.snapshot.opening import connection

LOOKUP, WHOLE, CSV, JSONL = 1.6, 1.6, 3.0, 3.0  # × floor
_CODES = 5_000  # asked in a round
_SHEET = 20_000  # rows of the workbook that is measured: one of all rows takes half a minute

_DISPLAY = "SELECT display FROM concept WHERE code = ?"
_CONCEPT = "SELECT number, code, display, language, status, created, changed FROM concept WHERE code = ?"
_FACTS = (
    "SELECT language, value, use FROM designation WHERE number = ? ORDER BY place",
    "SELECT name, value, kind FROM property WHERE number = ? ORDER BY place",
    "SELECT code FROM parent JOIN concept ON concept.number = parent WHERE parent.number = ? ORDER BY code",
)


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    place = home.large(folder, asked.concepts)
    with Shelf.open(place.path) as shelf:
        terminology = shelf.terminology(TERMINOLOGY)
        lookups = _lookups(shelf, file_of(place.shelf, terminology.version), asked)
        exports = _exports(terminology, folder, asked)
    return Report(
        benchmark="embed",
        scale=asked,
        figures=[*lookups, *exports],
        notes=[
            f"processor time; {asked.rounds} rounds, floor and ours in turn; {_CODES:,} codes here and there, one after the other",
            "whole concept: display, two designations, two properties, parents; the floor is the same four statements",
            "exports read the snapshot and write the file; their floor has all rows in memory and writes them with csv.writer",
            "frames: the floor is polars.read_csv of the exported file, which does not read the snapshot either",
        ],
    )


def _lookups(shelf: Shelf, file: Path, asked: Scale) -> list[Figure]:
    """A look-up of a display and of a whole concept, in microseconds."""
    step = max(1, asked.concepts // _CODES)
    codes = list(itertools.islice(shelf.terminology(TERMINOLOGY), 0, None, step))
    keys = [concept.code for concept in codes]
    with closing(connection(file)) as db:
        db.execute("BEGIN")
        cursor = db.cursor()

        def whole(code: str) -> object:
            row = cursor.execute(_CONCEPT, (code,)).fetchone()
            return row, [cursor.execute(sql, row[:1]).fetchall() for sql in _FACTS]

        asks: dict[str, Callable[[str], object]] = {
            "bare display": lambda code: cursor.execute(_DISPLAY, (code,)).fetchone(),
            "display": lambda code: shelf.display_of(TERMINOLOGY, code),
            "bare whole": whole,
            "whole": lambda code: shelf.lookup(TERMINOLOGY, code),
        }
        took = _rounds({name: _asking(ask, keys) for name, ask in asks.items()}, asked)
    each = {name: [seconds / len(keys) * 1e6 for seconds in all_of] for name, all_of in took.items()}
    bare = "one prepared statement"
    return [
        against("look-up of a display", each["display"], "µs", floor=bare, floors=each["bare display"], limit=LOOKUP),
        against("look-up of a whole concept", each["whole"], "µs", floor="four of them", floors=each["bare whole"], limit=WHOLE),
    ]  # fmt: skip


def _asking(ask: Callable[[str], object], codes: list[str]) -> Callable[[], object]:
    def all_of_them() -> None:
        for code in codes:
            ask(code)

    return all_of_them


def _exports(terminology: Terminology, folder: Path, asked: Scale) -> list[Figure]:
    """Files and frames of the whole list, in seconds."""
    file = terminology.export(folder / "embed.csv")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    gc.freeze()  # millions of cells of the floor's, which no other work should be made to look through
    took = _rounds(
        {
            "csv.writer": lambda: _written(folder / "floor.csv", rows),
            "csv": lambda: terminology.export(folder / "embed.csv"),
            "jsonl": lambda: terminology.export(folder / "embed.jsonl"),
            "read_csv": lambda: polars.read_csv(file),
            "polars": terminology.to_polars,
            "pandas": terminology.to_pandas,
            "parquet": lambda: terminology.export(folder / "embed.parquet"),
            "xlsx": lambda: _sheet(terminology, folder / "embed.xlsx"),
        },
        asked,
    )
    gc.unfreeze()
    written, read = took["csv.writer"], took["read_csv"]
    sheet = [seconds / min(_SHEET, len(terminology)) * 1e6 for seconds in took["xlsx"]]
    return [
        against("export as CSV", took["csv"], "s", floor="csv.writer", floors=written, limit=CSV),
        against("export as JSON lines", took["jsonl"], "s", floor="csv.writer", floors=written, limit=JSONL),
        against("frame of polars", took["polars"], "s", floor="read_csv", floors=read),
        against("frame of pandas", took["pandas"], "s", floor="read_csv", floors=read),
        against("export as Parquet", took["parquet"], "s", floor="csv.writer", floors=written),
        timed("export as a workbook, a row", sheet, "µs"),
    ]


def _written(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _sheet(terminology: Terminology, path: Path) -> None:
    """The first rows of the list as a workbook."""
    path.write_bytes(b"".join(FORMATS["xlsx"].chunks(Beginning(terminology.content()))))


class Beginning:
    """The first records of a content."""

    def __init__(self, content: Content) -> None:
        self.name, self.columns, self.facts, self.member = content.name, content.columns, content.facts, content.member
        self.total, self.snapshot = _SHEET, content.snapshot
        self._content = content

    def records(self) -> Iterator[Struct]:
        return itertools.islice(self._content.records(), _SHEET)

    def rows(self) -> Iterator[Row]:
        return itertools.islice(self._content.rows(), _SHEET)


def _rounds(works: dict[str, Callable[[], object]], asked: Scale) -> dict[str, list[float]]:
    """The seconds of the processor that each work took in each round, one after the other in each."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(asked.rounds):
        for name, work in works.items():
            began = process_time()
            work()
            took[name].append(process_time() - began)
    return took


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
