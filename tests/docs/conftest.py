"""What the documentation's tests share: the pages that git tracks, and how a page is read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of this checkout that git tracks, and those about to be added."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to it is not known")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def pages(tracked) -> dict[str, str]:
    """The markdown pages: path from the root → text."""
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in tracked if path.suffix == ".md"}


@pytest.fixture(scope="session")
def table(pages):
    """A reader of a page's rows whose first cell is code: what that code says → the other cells, *cells* of them."""

    def rows(page: str, *, cells: int) -> dict[str, list[str]]:
        lines = re.findall(r"^\| *`([^`]+)` *\|(.*)\|\s*$", pages[page], re.MULTILINE)
        split = [(name, [cell.strip() for cell in rest.split("|")]) for name, rest in lines]
        return {name: found for name, found in split if len(found) == cells}

    return rows
