"""docs/check.md: every finding in its words, and examples that run."""

from __future__ import annotations

import re

import pytest

from maksa.check.wording import WORDINGS
from maksa.snapshot.shelf import Shelf
from tests.check.conftest import published
from tests.publish.conftest import House

PAGE = "docs/check.md"


def test_every_finding_of_the_checker_is_documented_in_its_words(table):
    """A finding that is added is on the page, or the build fails."""
    documented = table(PAGE, cells=2)

    assert documented == {slug: [each.severity, each.english] for slug, each in WORDINGS.items()}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The lists of the checker's own tests where the page has its home, and a file of messages."""
    monkeypatch.chdir(tmp_path)
    house = House(tmp_path)
    published(house)
    house.catalog.close()
    (tmp_path / "maksa-home").mkdir()
    house.folder.rename(tmp_path / "maksa-home" / "shelf")
    lines = ["terminology,code,value", "eRX,60281,MOMETASONE 0.1 % CREAM", "ContactType,1,تلفن منزل"]
    (tmp_path / "messages.csv").write_text("\n".join([*lines, "ContactType,6,پست الكترونيكي شخصي"]) + "\n", "utf-8")
    return tmp_path


def test_the_examples_run(pages, home, capsys):
    """As they stand on the page, one after the other."""
    examples = re.findall(r"^```python\n(.*?)^```$", pages[PAGE], re.MULTILINE | re.DOTALL)
    exec(compile("\n".join(examples), PAGE, "exec"), {"__name__": "example"})

    assert len(examples) == 4
    assert "row 2 'MOMETASONE 0.1 % CREAM' was the display of '60281' until version 1000" in capsys.readouterr().out
    assert "پست الکترونیکی شخصی" in (home / "right.csv").read_text("utf-8")
    assert Shelf.open(home / "maksa-home" / "shelf").view.terminologies
