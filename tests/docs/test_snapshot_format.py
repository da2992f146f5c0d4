"""docs/snapshot-format.md is the contract of the file: its numbers are the code's."""

from __future__ import annotations

import re

from maksa.snapshot import format as file_format
from maksa.snapshot import manifest


def test_the_page_names_the_versions_and_the_magic_of_the_code(pages):
    """Whoever writes another reader from the page alone reads our files."""
    page = pages["docs/snapshot-format.md"]

    assert page.startswith(f"# The snapshot format, version {file_format.FORMAT_VERSION}\n")
    assert f"`0x{file_format.APPLICATION_ID:X}`" in page
    assert f"`format` ({manifest.FORMAT})" in page
    assert f"`{file_format.SUFFIX}`" in page


def test_every_table_and_column_is_on_the_page(pages, table):
    """A table or a column that is added is described."""
    documented = table("docs/snapshot-format.md", cells=2)
    tables = re.findall(r"CREATE TABLE (\w+) \((.*?)\)\s*(?:WITHOUT ROWID, )?STRICT;", file_format.TABLES, re.DOTALL)

    missing = [
        f"{name}.{column}"
        for name, body in tables
        for column in re.findall(r"(\w+) +(?:TEXT|INTEGER)", body)
        if not re.search(rf"\b{column}\b", " ".join(documented.get(name, [])))
    ]
    assert missing == []
    assert len(tables) > 5
