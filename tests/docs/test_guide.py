"""The portal's guide is the repository's page: one text, two shapes."""

from __future__ import annotations

import re

import pytest

from maksa.wire.ditas.statuses import MESSAGES
from tools.guide import PAGES, SECTIONS, made, path_of


@pytest.mark.parametrize("language", PAGES)
def test_the_portals_guide_is_made_from_the_page(language):
    """Whoever changes docs/integrators*.md runs `python -m tools.guide`."""
    assert path_of(language).read_text("utf-8") == made(language)


@pytest.mark.parametrize("language", PAGES)
def test_every_section_is_there_and_every_status_has_an_address(language):
    """The portal shows each section by its name; a status can be linked to."""
    guide = made(language)

    assert tuple(re.findall(r'^<section id="(\w+)">$', guide, re.MULTILINE)) == SECTIONS
    assert {int(status) for status in re.findall(r'<tr id="status-(\d{3})">', guide)} < set(MESSAGES)
    assert "make demo" not in guide
    assert "curl -s" not in guide
