"""The README shows what its commands print."""

from __future__ import annotations

import re

from maksa.demo.lists import editions


def test_the_demo_publishes_what_the_readme_shows(pages):
    """The list of versions, with the number of concepts of each, in the order of their dates."""
    shown = re.findall(r"^published (\S+ \S+): (\d+) concepts$", pages["README.md"], re.MULTILINE)

    made = [(f"{each.terminology_id} {each.label}", str(sum(1 for _ in each.concepts()))) for each in editions()]
    assert shown == made


def test_the_readme_opens_with_the_two_commands(pages):
    """A newcomer sees both before anything else is explained."""
    opening = pages["README.md"].partition("## A tour")[0]

    assert re.findall(r"^\$ (.+)$", opening, re.MULTILINE) == ["make demo", "make test"]
