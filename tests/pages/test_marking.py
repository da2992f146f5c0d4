"""What a search asked for is marked in what it found, whatever keyboard it was typed on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.pages.marking import marked


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("ACETAMINOPHEN 325 mg", "acet 325", "<mark>ACET</mark>AMINOPHEN <mark>325</mark> mg"),
        ("استامینوفن", "استامي", "<mark>استامی</mark>نوفن"),
        ("می‌شود", "میشود", "<mark>می‌شود</mark>"),
        ("کتاب", "كت", "<mark>کت</mark>اب"),
        ("Ménière", "men", "<mark>Mén</mark>ière"),
        ("۵ میلی", "5", "<mark>۵</mark> میلی"),
        ("nothing", "x", "nothing"),
        ("<b>bold", "bo", "&lt;b&gt;<mark>bo</mark>ld"),
        ("a", "", "a"),
    ],
)
def test_the_beginnings_that_were_asked_for_are_marked(text, query, shown):
    """And the rest is escaped as it is."""
    assert str(marked(text, query)) == shown


@given(text=st.text(max_size=40), query=st.text(max_size=8))
def test_marking_changes_no_letter(text, query):
    """Without the marks it is the text, escaped."""
    from markupsafe import Markup

    assert str(marked(text, query)).replace("<mark>", "").replace("</mark>", "") == str(Markup.escape(text))
