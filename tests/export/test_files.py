"""A file of an export is whole or not there, and has a name that every system and browser takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from maksa.export import FORMATS, content_of, disposition, file_name, format_of, write
from maksa.model.concept import Concept
from maksa.model.errors import ReadOnlyError, StorageError


def test_a_file_takes_the_place_of_the_one_before(rich, tmp_path: Path):
    """By its ending it is a workbook; nothing else is left in the folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "List.XLSX"
    path.write_bytes(b"old")

    assert write(rich, path) == path
    assert path.read_bytes().startswith(b"PK")
    assert list(folder.iterdir()) == [path]


def test_an_export_that_breaks_off_leaves_what_was_there(rich, tmp_path: Path):
    """The old file is whole, and no half of a new one lies beside it."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "list.csv"
    path.write_bytes(b"old")

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(rich, path, progress=stop)
    assert path.read_bytes() == b"old"
    assert list(folder.iterdir()) == [path]


def test_progress_tells_how_many_are_written(make, tmp_path: Path):
    """Every thousand, and the last."""
    told: list[int] = []
    write(content_of(make(Concept(f"{n:04}", "x") for n in range(2_500))), tmp_path / "o.csv", progress=told.append)

    assert told == [1_000, 2_000, 2_500]


def test_a_place_that_cannot_be_is_told(rich, tmp_path: Path):
    """A folder, a folder that is not there, an ending that means nothing."""
    with pytest.raises(StorageError, match="is a folder"):
        write(rich, tmp_path, FORMATS["csv"])
    with pytest.raises(StorageError, match="No such file"):
        write(rich, tmp_path / "nowhere" / "list.csv")
    with pytest.raises(StorageError, match=r"\.csv, \.xlsx, \.jsonl, \.json, \.parquet, \.maksa"):
        write(rich, tmp_path / "list.doc")
    with pytest.raises((ReadOnlyError, StorageError)):
        write(rich, Path("/proc/list.csv"))


def test_the_difference_of_two_versions_has_no_snapshot(rich):
    """It is asked for by mistake only."""
    rich.snapshot = None

    with pytest.raises(TypeError, match="is no version"):
        next(FORMATS["snapshot"].chunks(rich))


def test_a_name_is_one_that_every_system_takes(rich):
    """A label may have a slash."""
    assert file_name(rich, FORMATS["csv"]) == "داروها-۱۴۰۰_۵.csv"
    assert format_of(Path("a.JSONL")) is FORMATS["jsonl"]
    assert format_of(Path("a.csv")) is FORMATS["csv"]


def test_a_browser_is_told_the_name_twice():
    """In ASCII, and in UTF-8 for those who can. [RFC 6266]"""
    assert disposition('لیست"1.csv') == (
        "attachment; filename=\"_____1.csv\"; filename*=UTF-8''%D9%84%DB%8C%D8%B3%D8%AA%221.csv"
    )
