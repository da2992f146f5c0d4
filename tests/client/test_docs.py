"""docs/client.md works as it stands: its blocks, run from the first to the last, in the directory of who reads it."""

from __future__ import annotations

import re
from pathlib import Path

import maksa.client
from maksa.model.errors import RemoteError, tree
from tests.simulator import ACCOUNT, Gateway

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text("utf-8")
BLOCKS = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_run(ministry: Gateway, tmp_path, monkeypatch, capsys):
    """Each goes on where the one before it ended, as on the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAKSA_URL", ministry.url)
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(f"MAKSA_{name.upper()}", value)
    reader: dict[str, object] = {"__name__": "docs"}
    for number, block in enumerate(BLOCKS.findall(PAGE), 1):
        exec(compile(block, f"docs/client.md, block {number}", "exec"), reader)

    said = capsys.readouterr().out
    assert said.startswith("اسلام\n")
    assert "TerminologyVersions is refused: 429 Too many requests or Access denied! (requestId " in said


def test_the_page_names_every_call_and_every_error_of_a_call():
    """What the library raises and gives is on it."""
    errors = {kind.__name__ for kind in tree(RemoteError) if kind.__module__ == "maksa.model.remote_errors"}
    calls = {name for name in vars(maksa.client.maksa.Functions) if not name.startswith("_")}

    assert [name for name in sorted(errors - {"RefusedError"}) if f"`{name}`" not in PAGE and name not in PAGE] == []
    assert [name for name in sorted(calls) if f"`{name}(" not in PAGE] == []
