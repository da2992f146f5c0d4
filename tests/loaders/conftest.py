"""What the loaders' tests share: files made on the spot, and a load of one as (concepts, report)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter

from maksa.loaders.table import TableSource
from maksa.model.concept import Concept
from maksa.model.finding import Finding, LoadReport

SPECIMENS = Path(__file__).parent / "specimens"


class Loaded(NamedTuple):
    concepts: list[Concept]
    report: LoadReport

    @property
    def codes(self) -> list[str]:
        return [concept.code for concept in self.concepts]

    @property
    def only(self) -> Finding:
        """The one finding there is."""
        (finding,) = self.report.findings
        return finding


class Dictionary:
    """A last version that is a dict: what `Previous` asks for."""

    def __init__(self, displays: Mapping[str, str]) -> None:
        self._displays = displays

    def display(self, code: str) -> str | None:
        return self._displays.get(code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._displays)


def load_file(path: Path, *, terminology_id: str = "eRX", **options: Any) -> Loaded:
    with TableSource(path, terminology_id=terminology_id, **options) as source:
        return Loaded(list(source.concepts()), source.report())


Load = Callable[..., Loaded]
Workbook = Callable[..., Path]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a table given as its text, its bytes or its path."""

    def loaded(table: str | bytes | Path, **options: Any) -> Loaded:
        path = table if isinstance(table, Path) else tmp_path / "list.csv"
        if isinstance(table, str):
            path.write_bytes(table.encode())
        elif isinstance(table, bytes):
            path.write_bytes(table)
        return load_file(path, **options)

    return loaded


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """Writes a workbook with these sheets of rows; those named in *hidden* and *very_hidden* are not shown in Excel."""

    def written(
        sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = (), very_hidden: Sequence[str] = ()
    ) -> Path:
        path = tmp_path / "list.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
                if name == next((each for each in sheets if each not in (*hidden, *very_hidden)), ""):
                    sheet.activate()  # or the first is, and what is active is not hidden
                if name in hidden:
                    sheet.hide()
                if name in very_hidden:
                    sheet.very_hidden()
        return path

    return written
