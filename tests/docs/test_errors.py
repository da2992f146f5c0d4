"""docs/errors.md has every error with what each protocol says of it, every exit code, and every finding of a load."""

from __future__ import annotations

from maksa.loaders.wording import WORDINGS
from maksa.model.errors import tree
from maksa.wire.faults import Exit, ditas_status, exit_code, oauth_fault


def test_every_error_is_documented_with_its_status_and_exit_code(table):
    """The row of a slug is what the tables of wire.faults say, and a cure."""
    documented = table("docs/errors.md", cells=4)

    expected = {}
    for kind in tree():
        name, status = oauth_fault(kind)
        expected[kind.slug] = [str(ditas_status(kind)), f"`{name}` {status}", str(int(exit_code(kind)))]
    assert {slug: cells[:3] for slug, cells in documented.items()} == expected
    assert [slug for slug, cells in documented.items() if len(cells[3]) < len("Try again.")] == []


def test_every_exit_code_is_documented_with_its_meaning(table):
    """The first table of the page, on which scripts rely."""
    documented = table("docs/errors.md", cells=1)

    assert documented == {str(int(code)): [code.meaning] for code in Exit}


def test_every_finding_is_documented_with_its_severity_and_wording(table):
    """What a load may say of a cell, in the words it says it with."""
    documented = table("docs/errors.md", cells=2)

    assert documented == {slug: [each.severity, each.english] for slug, each in WORDINGS.items()}
