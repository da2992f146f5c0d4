"""An address says exactly one page: to a path and back for every id and code, and one way only."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.web.portal.addresses import GATEWAY, OWN, WITHIN, Addresses, segments_of
from maksa.web.portal.routes import PAGES, matched
from tests.portal.conftest import shown

FA, EN = Addresses("fa"), Addresses("en")

codes = st.one_of(
    st.text(min_size=1, max_size=12).map(str.strip).filter(lambda code: code.isprintable() and bool(code)),
    st.sampled_from(["mg/dL", "/min", "a/", "a//b", ".", "..", "./x", "%2F", "%", "#1", "a?b", "a b", "ا۱", "versions",
                     "code", "+", "&"]),
)  # fmt: skip
ids = st.one_of(codes.filter(lambda each: "/" not in each and each.strip(".") != ""), st.sampled_from(sorted(OWN)))


def test_an_address_that_is_cut_short_leads_on(portal):
    """Readers cut addresses: before the label of a version stand the versions."""
    answer = shown(portal, "/en/Tree/versions")

    assert (answer.status, answer.headers["location"]) == (303, "/en/Tree#versions")
    assert b'id="versions"' in shown(portal, "/en/Tree").body


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (FA(), "/"),
        (EN(), "/en"),
        (FA("search", q="وبا و طاعون"), "/search?q=%D9%88%D8%A8%D8%A7+%D9%88+%D8%B7%D8%A7%D8%B9%D9%88%D9%86"),
        (EN.terminology("eRX"), "/en/eRX"),
        (FA.concept("UCUM", "mg/dL"), "/UCUM/mg/dL"),
        (FA.concept("UCUM", "%"), "/UCUM/%25"),
        (FA.concept("UCUM", "/min"), "/UCUM/code?is=%2Fmin"),
        (FA.concept("X", "versions"), "/X/code?is=versions"),
        (FA.concept("search", "1"), "/terminologies/search/1"),
        (FA.version("eRX", "10000"), "/eRX/versions/10000"),
        (FA.version("X", ".."), "/X/versions?is=.."),
        (FA.version("en", "1"), "/terminologies/en/versions/1"),
    ],
)
def test_an_address_is_readable(address, path):
    """As it is shared and typed."""
    assert address == path


@given(terminology_id=ids, code=codes, language=st.sampled_from(["fa", "en"]))
def test_a_concepts_address_leads_back_to_it(terminology_id, code, language):
    """Whatever characters are in the id and in the code."""
    path, _, query = Addresses(language).concept(terminology_id, code).partition("?")
    segments = segments_of(path.encode())
    assert segments is not None
    words = segments[1:] if language == "en" else segments
    found = matched(words, "GET")

    assert found is not None
    page, named = found
    tail = named["code"] if "code" in named else parse_qs(query, strict_parsing=True)["is"][0]
    assert (page.name, named["terminology"], tail) == ("concept", terminology_id, code)
    assert language == "en" or segments[0] not in {"en", *GATEWAY}


@given(terminology_id=ids, label=codes)
def test_a_versions_address_leads_back_to_it(terminology_id, label):
    """A label may have slashes as well."""
    path, _, query = FA.version(terminology_id, label).partition("?")
    found = matched(segments_of(path.encode()) or [], "GET")

    assert found is not None
    page, named = found
    if page.name == "version":
        tail = named["version"] if "version" in named else parse_qs(query, strict_parsing=True)["is"][0]
        assert (named["terminology"], tail) == (terminology_id, label)
    else:
        assert "/compare/" in label


@pytest.mark.parametrize("path", [b"/%ff", b"/%00", b"/a/%0a", b"/%ed%a0%80", b"/%c0%af"])
def test_what_is_no_text_is_no_path(path):
    """Not UTF-8, or what does not print."""
    assert segments_of(path) is None


def test_every_first_word_of_a_page_is_no_terminologys():
    """A new page's word stands in OWN, or in WITHIN for a page of a terminology."""
    for page in PAGES:
        first, *rest = page.path.split("/")
        assert first == "" or first.startswith("{") or first in OWN
        assert not first.startswith("{") or not rest or rest[0].startswith("{") or rest[0] in WITHIN
