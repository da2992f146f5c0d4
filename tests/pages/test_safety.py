"""What keeps a page safe: the policy, the tokens of forms, the way back, the negotiation of what is answered."""

from __future__ import annotations

import pytest

from maksa.pages import responses
from maksa.pages.appearance import chosen, theme_of, way_back
from maksa.pages.assets import assets
from maksa.pages.csrf import Csrf, is_from_here
from maksa.pages.headers import SAFETY, prefers_json, takes_gzip, takes_pages

CSRF = Csrf(b"s" * 32)


def test_the_policy_has_nothing_unsafe():
    """No inline script or style, no eval, nothing of other sites, no frame."""
    policy = SAFETY["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_token_is_accepted_for_its_session_alone():
    """Another session's, or one that was touched, is none."""
    token = CSRF.token("one")

    assert CSRF.accepts("one", token)
    assert not CSRF.accepts("two", token)
    assert not CSRF.accepts("one", token[:-1] + "x")
    assert not Csrf(b"t" * 32).accepts("one", token)


@pytest.mark.parametrize("token", ["", "x", "۱" * 80, "0" * 80])
def test_what_is_no_token_is_not_accepted(token):
    """Whatever its length or letters."""
    assert not CSRF.accepts("one", token)


def test_each_token_is_another():
    """Compression of a page tells nothing of it."""
    assert CSRF.token("one") != CSRF.token("one")


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://a.example", "host": "a.example"}, False),
        ({"origin": "https://a.example", "host": "a.example"}, True),
        ({"origin": "https://b.example", "host": "a.example"}, False),
        ({"origin": "null", "host": "a.example"}, False),
        ({"host": "a.example"}, True),
    ],
)
def test_where_a_form_was_sent_from(headers, is_ours):
    """The browser's word first, then the origin; an old browser says neither, and the token stands alone."""
    assert is_from_here(headers) == is_ours


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/eRX?q=1", "/eRX?q=1"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"),
        ("", "/"), ("/a\r\nSet-Cookie: x", "/"), ("javascript:alert(1)", "/"),
        ("/جست‌وجو", "/"),  # no browser writes it so, and no header could
    ],
)  # fmt: skip
def test_a_form_sends_nobody_elsewhere(path, to):
    """The way back is one of this site, or its first page."""
    assert way_back(path) == to


def test_the_choice_of_appearance_is_one_of_two():
    """A cookie that says anything else says nothing."""
    assert [theme_of({"theme": each}) for each in ("dark", "light", '"><b>', "")] == ["dark", "light", "", ""]
    assert chosen("dark") == "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax"
    assert "Max-Age=0" in chosen("x")


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True), ("text/html,application/json;q=0.9", False), ("*/*", False), ("", False),
        ("application/json;q=0", False), ("text/html;q=0.5, application/json", True), ("application/json;q=x", False),
    ],
)  # fmt: skip
def test_who_prefers_json_is_answered_so(accept, json):
    """A page, where nothing is said."""
    assert prefers_json(accept) == json


def test_browsers_name_html_and_programs_do_not():
    """Whoever does not gets the gateway's 404 where there is no page."""
    assert takes_pages("text/html,application/xhtml+xml")
    assert not takes_pages("*/*")
    assert takes_gzip("br, GZIP;q=0.5")
    assert not takes_gzip("gzip;q=0")


def test_an_asset_is_named_by_its_content_and_kept_for_ever():
    """Another content would have another address."""
    address = assets()("app.css")
    answer = responses.asset(address, {"accept-encoding": "gzip"})

    assert answer is not None
    assert address.startswith("/static/app.")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert responses.asset("/static/app.css", {}) is None


def test_styles_name_only_files_of_ours():
    """The font by the address that it is served under."""
    css = assets().by_address[assets()("app.css")].content

    assert b"url(" + assets()("vazirmatn.woff2").encode() + b")" in css
    assert b"http" not in css
    assert b"@import" not in css


def test_the_licences_of_what_is_not_ours_are_served_too():
    """Bootstrap's, htmx's and Vazirmatn's."""
    for name, words in (("bootstrap", b"MIT"), ("htmx", b"Zero-Clause BSD"), ("vazirmatn", b"SIL Open Font License")):
        assert words in assets().by_address[assets()(f"licence-{name}.txt")].content
