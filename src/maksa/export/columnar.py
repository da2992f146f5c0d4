"""Frames of polars and pandas, and Parquet: for those who analyse. Held in memory whole.

What a column holds: text; `created` and `changed` moments in UTC; a number where the content has one; parents and designations
lists of text, empty where there is none; a property text, null where there is none, or such a list where some concept has several.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from maksa.export.content import Column, Content, Row
from maksa.export.extras import of_extra

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars

EXTRA = "analysis"
CHUNK = 1 << 18  # bytes

_BATCH = 20_000  # rows that are Python objects at a time
_BETWEEN = "\0"  # texts: no loader lets one have a control character


def to_polars(content: Content) -> polars.DataFrame:
    """The content as a frame of polars. Raises: ExtraMissingError."""
    with of_extra(EXTRA):
        import polars
    pieces = [_piece(batch, content.columns) for batch in _batches(content)]
    frame = polars.concat(pieces) if pieces else _piece([], content.columns)
    facts = [column.name for column in content.columns if column.kind == "facts"]
    single = [name for name in facts if not (frame[name].list.len() > 1).any()]
    return frame.with_columns(polars.col(name).list.first() for name in single)


def to_pandas(content: Content) -> pandas.DataFrame:
    """The content as a frame of pandas; several texts are a tuple. Raises: ExtraMissingError."""
    with of_extra(EXTRA):
        import pandas
    names = [column.name for column in content.columns]
    frame = pandas.DataFrame.from_records(list(content.rows()), columns=names)
    for column in content.columns:
        cells = frame[column.name]
        if column.kind == "moment":
            frame[column.name] = pandas.to_datetime(cells, utc=True)
        elif column.kind == "facts" and not any(len(cell) > 1 for cell in cells):
            frame[column.name] = cells.map(lambda cell: cell[0] if cell else None)
    return frame


def parquet_chunks(content: Content) -> Iterator[bytes]:
    """The content as Parquet, which is made whole in a temporary file before its first chunk.

    Raises: ExtraMissingError, at once; with the first chunk OSError, where temporary files find no room.
    """
    with of_extra(EXTRA):
        import polars  # noqa: F401  only to know now
    return _chunks(content)


def _chunks(content: Content) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_parquet(content, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def write_parquet(content: Content, file: IO[bytes]) -> None:
    """Writes the content as Parquet, compressed with zstd, into *file*. Raises: ExtraMissingError."""
    to_polars(content).write_parquet(file)


def _batches(content: Content) -> Iterator[list[Row]]:
    rows = content.rows()
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _piece(rows: list[Row], columns: tuple[Column, ...]) -> polars.DataFrame:
    import polars

    cells: Any = zip(*rows, strict=True) if rows else ((),) * len(columns)
    made = {column.name: _series(column, values) for column, values in zip(columns, cells, strict=True)}
    return polars.DataFrame(made)


def _series(column: Column, cells: tuple[Any, ...]) -> polars.Series:
    import polars

    if column.kind == "moment":
        seconds = polars.Series([cell and int(cell.timestamp()) for cell in cells], dtype=polars.Int64)
        return polars.from_epoch(seconds).dt.cast_time_unit("ms").dt.replace_time_zone("UTC")
    if column.kind in ("texts", "facts"):
        return _lists(cells)
    return polars.Series(cells, dtype=polars.Int64 if column.kind == "number" else polars.String)


def _lists(cells: tuple[tuple[str, ...], ...]) -> polars.Series:
    """A list for each cell, made of one text: a twentieth of what polars takes to look at each tuple."""
    import polars

    texts = polars.Series("", [_BETWEEN.join(cell) for cell in cells], dtype=polars.String)
    none = polars.lit([], dtype=polars.List(polars.String))
    split = polars.when(texts.str.len_bytes() == 0).then(none).otherwise(texts.str.split(_BETWEEN))
    return polars.select(split).to_series()
