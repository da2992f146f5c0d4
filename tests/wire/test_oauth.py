"""A token is asked for and answered by RFC 6749, as the guide's samples show it. [contract §1]"""

from __future__ import annotations

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.errors import (
    BadClientError,
    BadGrantError,
    MaksaError,
    RemoteError,
    RequestError,
    StorageError,
    TooManyRequestsError,
    UnreadableAnswerError,
)
from maksa.wire.oauth import (
    Client,
    PasswordGrant,
    RefreshGrant,
    TokenRequest,
    Tokens,
    bearer_of,
    client_of,
    fault_answer,
    read_token_request,
    read_tokens,
    token_request,
    tokens_answer,
)

BASIC = b"Basic " + base64.b64encode(b"his:s3cret")
PASSWORD = b"grant_type=password&username=yourusername&password=yourpassword"
CLIENT = Client("his", "s3cret")
TOKENS = Tokens(
    access_token="c8abceda-aa31-4a7e-95c0-213e5709e6b6",
    refresh_token="84dc3bf1-7342-4c5e-adc3-c2304583ae02",
    expires_in=763,
)

CAMEL = (
    b'{"accessToken":"c8abceda-aa31-4a7e-95c0-213e5709e6b6","tokenType":"bearer","scope":null,"expiresIn":"763",'
    b'"refreshToken":"84dc3bf1-7342-4c5e-adc3-c2304583ae02"}'
)


def refused(body: bytes, query: bytes = b"") -> dict[str, str]:
    """The error answer to a request of a known client."""
    with pytest.raises(RequestError) as caught:
        read_token_request(BASIC, body, query)
    status, answer = fault_answer(caught.value)
    assert status == 400
    return json.loads(answer)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (PASSWORD, b""),
        (b"", PASSWORD),
        (PASSWORD + b"\r\n", b""),
        (PASSWORD, b"grant_type=x"),
        (PASSWORD + b"&x=", b""),
    ],
)
def test_a_password_grant_is_read_from_the_body_else_the_query(body, query):
    """No Content-Type is looked at; a line's end after the form is no part of the password."""
    asked = TokenRequest(CLIENT, PasswordGrant("yourusername", "yourpassword"))

    assert read_token_request(BASIC, body, query) == asked


def test_a_refresh_grant_is_read():
    """The guide's second sample."""
    asked = read_token_request(BASIC, b"grant_type=refresh_token&refresh_token=f998a112-b166")

    assert asked == TokenRequest(CLIENT, RefreshGrant("f998a112-b166"))


@pytest.mark.parametrize(
    ("body", "error", "description"),
    [
        (b"", "invalid_request", "grant_type: is missing"),
        (b'{"grant_type":"password"}', "invalid_request", "grant_type: is missing"),
        (b"grant_type=password&username=u", "invalid_request", "password: is missing"),
        (b"grant_type=password&username=&password=p", "invalid_request", "username: is missing"),
        (b"grant_type=refresh_token", "invalid_request", "refresh_token: is missing"),
        (PASSWORD + b"&grant_type=password", "invalid_request", "grant_type: is given more than once"),
        (PASSWORD + b"&s3cr=1&s3cr=2", "invalid_request", "a parameter: is given more than once"),
        (b"grant_type=password&username=u&password=s3cr%", "invalid_request", "password: has a % that begins no escape"),
        (b"grant_type=password&username=u&password=a&s3cr=%", "invalid_request", "a parameter: has a % that begins no escape"),
        (b"grant_type=password&username=%ff&password=a", "invalid_request", "username: is not UTF-8"),
        (
            b"grant_type=client_credentials",
            "unsupported_grant_type",
            "grant_type: is neither password nor refresh_token",
        ),
    ],
)  # fmt: skip
def test_a_malformed_request_is_named_in_the_words_of_the_rfc(body, error, description):
    """And no value is shown: it may be a password, or the end of one that was torn at its &."""
    assert refused(body) == {"error": error, "error_description": description}


@pytest.mark.parametrize(
    "header",
    [
        None, b"", b"Basic", b"Basic !!!", b"Basic aGlz", b"Basic aGlzOnMzY3JldA", b"Basic /w==", b"Basic OnNlY3JldA==",
        b"Bearer aGlzOnMzY3JldA==", b"\xff \xff",
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_the_client_is_invalid_client(header):
    """Missing, not Base64, no colon, no name, not UTF-8, another scheme: one answer, and it comes before all others."""
    with pytest.raises(BadClientError) as caught:
        read_token_request(header, b"grant_type=x&grant_type=y")

    assert fault_answer(caught.value) == (
        401,
        b'{"error":"invalid_client","error_description":"the client is unknown or its secret is another"}',
    )


@pytest.mark.parametrize("scheme", [b"Basic ", b"basic ", b"BASIC  "])
def test_a_secret_may_hold_colons_and_persian(scheme):
    """The first colon parts the two."""
    header = scheme + base64.b64encode("his:a:رمز".encode())

    assert client_of(header) == Client("his", "a:رمز")


def test_tokens_are_answered_in_the_guides_order():
    """`expires_in` is a number, as in its sample."""
    assert tokens_answer(TOKENS) == (
        b'{"access_token":"c8abceda-aa31-4a7e-95c0-213e5709e6b6","token_type":"bearer",'
        b'"refresh_token":"84dc3bf1-7342-4c5e-adc3-c2304583ae02","expires_in":763,"scope":"trust read write"}'
    )


def test_wrong_credentials_are_answered_as_the_guide_shows():
    """To the byte, the description too."""
    assert fault_answer(BadGrantError()) == (400, b'{"error":"invalid_grant","error_description":"Bad credentials"}')


def test_a_fault_of_ours_shows_nothing_of_this_machine():
    """Neither path nor class; the log has them."""
    ours = [StorageError(path="/srv/accounts.db", reason="is locked"), RuntimeError("/srv"), MaksaError(reason="/srv")]

    for error in ours:
        status, answer = fault_answer(error)
        assert status >= 500
        assert json.loads(answer)["error_description"] == "the service cannot answer now"


def test_a_description_keeps_to_the_characters_of_the_rfc():
    """No quotes, backslashes or letters beyond ASCII. [RFC 6749, section 5.2]"""
    status, answer = fault_answer(TooManyRequestsError(retry_after_s='"\\ی'))

    assert status == 429
    assert json.loads(answer)["error_description"] == "too many requests; again in ??? s"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: ":" not in text),
    st.text("a%&=+ \r\n\x00ی:", min_size=1),
)
def test_what_a_client_asks_the_server_reads(name, secret):
    """Whatever characters a password has."""
    for grant in (PasswordGrant(name, secret), RefreshGrant(secret)):
        headers, body = token_request(Client(name, secret), grant)

        asked = read_token_request(headers["Authorization"].encode(), body)
        assert asked == TokenRequest(Client(name, secret), grant)


@pytest.mark.parametrize(
    "body",
    [
        tokens_answer(TOKENS),
        CAMEL,
    ],
)
def test_a_client_reads_either_spelling(body):
    """The sample's names, or the camelCase ones of the guide's table 6; the seconds as number or text."""
    assert read_tokens(body) == TOKENS


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error":"invalid_grant","error_description":"Bad credentials"}', BadGrantError),
        (b'{"error":"invalid_client"}', BadClientError),
        (b'{"error":"server_error","error_description":{"a":1}}', RemoteError),
        (b'{"access_token":"c8abceda"}', UnreadableAnswerError),
        (b'{"access_token":"c8abceda","refresh_token":"84dc","expires_in":"soon"}', UnreadableAnswerError),
        (b'"c8abceda', UnreadableAnswerError),
        (b"\xffc8abceda", UnreadableAnswerError),
    ],
)
def test_a_client_understands_a_refusal(body, error):
    """Each is an error of ours, and no piece of a token is in it."""
    with pytest.raises(error) as caught:
        read_tokens(body)

    assert type(caught.value) is error
    assert "c8abceda" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (b"Bearer c8abceda", "c8abceda"),
        (b"bearer c8abceda", "c8abceda"),
        (b"BEARER   c8abceda ", "c8abceda"),
        (b"Bearer ", None),
        (b"Bearer", None),
        (b"Bearerc8abceda", None),
        (b"Basic c8abceda", None),
        (b"Bearer \xd8\xa7", None),
        (b"", None),
    ],
)
def test_a_bearer_token_is_found_in_its_header(header, token):
    """Known clients write `bearer`."""
    assert bearer_of(header) == token


@pytest.mark.parametrize(
    "record",
    [
        CLIENT,
        PasswordGrant("u", "s3cret"),
        RefreshGrant("s3cret"),
        TOKENS,
        TokenRequest(CLIENT, RefreshGrant("s3cret")),
    ],
)
def test_no_secret_is_in_a_repr(record):
    """Neither in Python's, which a log may print, nor in rich's, which a traceback may."""
    shown = repr(record) + repr(getattr(record, "__rich_repr__", list)())

    assert not any(secret in shown for secret in ("s3cret", "c8abceda", "84dc3bf1"))


@given(st.binary(), st.binary())
def test_any_request_is_read_or_refused(header, body):
    """Nothing else is raised, whatever the bytes."""
    with contextlib.suppress(BadClientError, RequestError):
        read_token_request(header, body)
    with contextlib.suppress(BadClientError, RequestError):
        read_token_request(BASIC, body)
