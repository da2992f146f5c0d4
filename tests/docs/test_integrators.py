"""The pages for callers, in two languages, name the functions, fields and statuses that the wire has."""

from __future__ import annotations

import re

import pytest

from maksa.wire.ditas.functions import BASES, FUNCTIONS
from maksa.wire.ditas.statuses import MESSAGES

PAGES = ("docs/integrators.md", "docs/integrators.fa.md")
NEVER_SENT = {202, 499, 520}  # no work goes on after an answer yet; a caller who hung up; nothing is "unknown" here
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_function_is_told_with_its_fields(pages, page):
    """One row for each function, with the fields in the guide's spelling."""
    rows = re.findall(r"^\| (?:`|<code>)(\w+)(?:`|</code>) \| ([^|]+) \|", pages[page], re.MULTILINE)

    told = {name: re.findall(r"(?:`|<code>)(\w+)", fields) for name, fields in rows}
    assert told == {name: list(function.fields) for name, function in FUNCTIONS.items()}
    assert BASES[0] in pages[page]


@pytest.mark.parametrize("page", PAGES)
def test_every_status_that_can_be_sent_is_told_with_its_cure(pages, page):
    """A caller finds each number he may meet, and what to do."""
    rows = dict(re.findall(r"^\| (\d{3}) \| (.+) \|$", pages[page], re.MULTILINE))

    assert {int(status) for status in rows} == set(MESSAGES) - NEVER_SENT


def test_the_messages_are_the_guides_exactly(pages):
    """The English page quotes them."""
    rows = re.findall(r"^\| (\d{3}) \| `([^`]+)` \|", pages[PAGES[0]], re.MULTILINE)

    assert dict(rows) == {str(status): text for status, text in MESSAGES.items() if status not in NEVER_SENT}


def test_both_languages_show_the_same_lines_to_paste(pages):
    """What works on one page works on the other."""
    english, persian = (FENCED.findall(pages[page]) for page in PAGES)

    assert english == persian
    assert len(english) > 5
