"""Pages lead somewhere: files, headings, the list of decisions, make targets and commands that exist.

What this folder owes: whatever a page claims about the code and a machine can check, is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")


def links_of(text: str) -> Iterator[str]:
    """The targets of a page's links that stay inside the repository."""
    prose = INLINE_CODE.sub("", FENCED.sub("", text))
    return (target for target in LINK.findall(prose) if "://" not in target and not target.startswith("mailto:"))


def anchors_of(text: str) -> set[str]:
    """The fragments that a page's headings answer to: GitHub's rule."""
    headings = re.findall(r"^#+ +(.+?)\s*$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def resolved(page: str, target: str) -> str:
    """The path from the root that *target* names when it stands on *page*."""
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_every_internal_link_leads_to_a_file_and_a_heading(pages, root):
    """A page that was renamed is renamed in those that point to it."""
    broken = []
    for page, text in pages.items():
        for target in links_of(text):
            path, _, anchor = target.partition("#")
            goal = resolved(page, path) if path else page
            if not (root / goal).exists() or (anchor and anchor not in anchors_of(pages.get(goal, ""))):
                broken.append(f"{page}: {target}")

    assert broken == []


def test_a_broken_link_would_be_found():
    """The reader of links sees relative ones, and not those in code."""
    text = "[a](x.md#y) `[b](z.md)` [c](https://example.org)\n```\n[d](w.md)\n```\n## Two words, one\n"

    assert list(links_of(text)) == ["x.md#y"]
    assert anchors_of(text) == {"two-words-one"}
    assert resolved("docs/adr/0001.md", "../cli.md") == "docs/cli.md"


def test_every_decision_is_listed_once(pages):
    """docs/adr/README.md is their table of contents, with the title that the page has."""
    listed = dict(re.findall(r"\| \[(\d{4})\]\(\1-[\w-]+\.md\) \| ([^|]+?) \|", pages["docs/adr/README.md"]))
    decisions = {page: text for page, text in pages.items() if re.match(r"docs/adr/\d{4}-", page)}

    assert [
        page for page, text in decisions.items() if not text.startswith(f"# {page[9:13]}: {listed.get(page[9:13])}\n")
    ] == []
    assert len(listed) == len(decisions) > 0


def test_every_decision_says_its_status_context_decision_and_cost(pages):
    """The shape that docs/adr/README.md promises."""
    decisions = {page: text for page, text in pages.items() if re.match(r"docs/adr/\d{4}-", page)}
    shape = ["Context", "Decision", "Cost"]

    assert [page for page, text in decisions.items() if re.findall(r"^## (.+)$", text, re.MULTILINE) != shape] == []
    assert [page for page, text in decisions.items() if "\nStatus: " not in text] == []


def test_every_page_of_docs_can_be_reached_from_its_index(pages):
    """No page is left where nobody finds it."""
    listed = {resolved("docs/index.md", target.partition("#")[0]) for target in links_of(pages["docs/index.md"])}

    assert {page for page in pages if re.fullmatch(r"docs/[\w.-]+\.md", page)} - listed == {"docs/index.md"}


def test_every_page_that_the_code_points_to_exists(tracked, root):
    """A docstring that says docs/performance.md leads somewhere."""
    named = {
        name
        for path in tracked
        if path.suffix in {".py", ".toml"}
        for name in re.findall(r"docs/[\w/.-]+\.md", path.read_text("utf-8"))
    }

    assert {name for name in named if not (root / name).exists()} - {"docs/adr/0001.md"} == set()
    assert "docs/snapshot-format.md" in named


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operations.md"])
def test_every_make_target_that_a_page_names_exists(pages, root, page):
    """`make demo` in the README is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:\$ |`)make ([a-z]+)", pages[page]))

    assert named - targets == set()
