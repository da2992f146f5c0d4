"""The feed of changes on the wire: Atom that readers read, JSON, and tokens that only we make."""

import datetime as dt
from contextlib import suppress
from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.errors import MalformedParameterError
from maksa.model.feed import CodeChange, Cursor, Page
from maksa.wire.feed import atom_feed, cursor_of, json_feed, token_of

NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)  # 1400/05/06
CHANGE = CodeChange(NOON, "thritaEHR.Religion", "2", "relabelled", "1", "اسلام <&>")
CURSOR = Cursor(1627473600, "thritaehr.religion", "1")
NS = {"a": "http://www.w3.org/2005/Atom"}


def test_an_entry_has_what_atom_asks_of_it():
    """id, title, updated; the kind as a category with its Persian label. [RFC 4287 §4.1]"""
    feed = fromstring(atom_feed(Page(NOON, (CHANGE,), CURSOR, more=True)).encode())
    entry = feed.find("a:entry", NS)

    assert [feed.findtext(f"a:{tag}", namespaces=NS) for tag in ("id", "updated", "author/a:name")] == [
        "urn:maksa:changes:20210728T120000Z",
        "2021-07-28T12:00:00Z",
        "maksa",
    ]
    assert entry.findtext("a:id", namespaces=NS) == "urn:maksa:change:thritaEHR.Religion:1:1627473600"
    assert entry.findtext("a:title", namespaces=NS) == "thritaEHR.Religion 1: اسلام <&>"
    assert entry.find("a:category", NS).attrib == {"term": "relabelled", "label": "relabelled · مقدار دیگر"}
    assert feed.find("a:link", NS).get("href") == f"?since=2021-07-28T12%3A00%3A00Z&page={token_of(CURSOR)}"


def test_the_last_page_has_no_next():
    """And an empty one is a feed too."""
    for page in (Page(NOON, (CHANGE,), CURSOR, more=False), Page(NOON, (), None, more=False)):
        assert fromstring(atom_feed(page).encode()).find("a:link", NS) is None


def test_json_has_the_token_beside_the_changes():
    """As programs read it."""
    told = msgspec.json.decode(msgspec.json.encode(json_feed(Page(NOON, (CHANGE,), CURSOR, more=True))))

    assert (told["cursor"], told["more"], told["since"]) == (token_of(CURSOR), True, "2021-07-28T12:00:00Z")
    assert told["changes"][0]["terminology_id"] == "thritaEHR.Religion"


@given(
    st.integers(0, 1 << 40),
    st.text(st.characters(exclude_categories=("Cs",))),
    st.text(st.characters(exclude_categories=("Cs",))),
)
def test_a_token_is_the_place_it_was_made_of(seconds, key, code):
    """Of letters that a URL and a shell leave alone."""
    token = token_of(Cursor(seconds, key, code))

    assert cursor_of(token) == (seconds, key, code)
    assert token.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=30))
def test_what_is_no_token_is_refused(text):
    """By that error, and never by another."""
    with suppress(MalformedParameterError):
        assert isinstance(cursor_of(text), Cursor)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_makes_xml(display, code):
    """Control characters and lone surrogates included: a feed is read by programs that give up at the first fault."""
    change = CodeChange(NOON, "A", "1", "added", code.encode(errors="replace").decode(), display)

    fromstring(atom_feed(Page(NOON, (change,), None, more=False)).encode())


@pytest.mark.parametrize("token", ["", "bad token", "W10", "WzEsMiwzXQ", "é"])
def test_tokens_of_others_are_refused(token):
    """Not base64, or not a place."""
    with pytest.raises(MalformedParameterError):
        cursor_of(token)
