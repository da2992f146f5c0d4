"""Whatever is sent, something sensible comes back: hypothesis over a real socket.

Never a 5xx, always a requestId, always JSON, and the next request is answered: on the same connection, or on another where
the service has said that it closes this one.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import uuid
from contextlib import closing
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maksa.wire.ditas.functions import BASES, FUNCTIONS
from tests.web.conftest import BASE

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
MANY = settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
SOME = settings(max_examples=50, deadline=None, suppress_health_check=QUIET)

NAMES = st.sampled_from(
    ("terminologyId", "TerminologyId", "TERMINOLOGY_ID", "terminology_idField", "codedString", "coded_stringField", "version",
     "FromDate", "DoCodedText", "valueField", "Value", "yearField", "monthField", "dayField", "hourField", "iSOStringField")
) | st.text(max_size=5)  # fmt: skip
TEXTS = st.text() | st.sampled_from(
    ("eRX", " erx", "thritaEHR.Religion", "ContactType", "1", "60002", "1000", "1400/05/06", "", " ", "\x00")
)
VALUES = st.none() | st.booleans() | st.integers() | st.integers(1300, 1500) | st.floats() | TEXTS


def objects(values):
    """JSON objects with members that the guide has, and others."""
    return st.dictionaries(NAMES, values, max_size=6)


JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=12)
JSON_BODIES = (objects(JSON) | JSON).map(lambda value: json.dumps(value).encode())
BODIES = JSON_BODIES | st.binary(max_size=200) | st.builds(lambda body, at: body[:at], JSON_BODIES, st.integers(0, 60))
PAIRS = st.lists(st.tuples(NAMES, TEXTS), max_size=4)
TOKENS = st.text("!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ", min_size=1, max_size=20)  # RFC 9110, section 5.6.2
FIELDS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60)
KNOWN = (
    "Content-Type",
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "X-Forwarded-For",
    "Cookie",
    "Range",
    "Origin",
    "TE",
    "From",
)
HEADERS = st.dictionaries(st.sampled_from(KNOWN) | TOKENS.map(lambda name: f"X-{name}"), FIELDS, max_size=5)
CREDENTIALS = FIELDS | st.binary(max_size=30).map(lambda raw: f"Basic {base64.b64encode(raw).decode()}") | st.none()


@pytest.fixture
def line(service):
    """A connection that is kept, and opened again where the service has closed it."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    yield connection
    connection.close()


def answered(connection, method, path, body, headers):
    """The status and the JSON of the answer, which has a requestId and is no fault of the service."""
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    content = response.read()

    assert response.status < 500
    assert uuid.UUID(response.headers["requestId"])
    if method == "HEAD" or response.status == 304:
        assert content == b""
        return response.status, None
    assert response.headers["Content-Encoding"] or response.headers["Content-Type"] == "application/json;charset=UTF-8"
    return response.status, None if response.headers["Content-Encoding"] else json.loads(content)


def goes_on(connection):
    """The next request on this connection is answered."""
    assert answered(connection, "GET", "/health/live", None, {})[0] == 200


@MANY
@given(
    function=st.sampled_from(list(FUNCTIONS)),
    base=st.sampled_from(BASES),
    method=st.sampled_from(["GET", "POST"]),
    body=BODIES,
)
@example(
    "SearchTerminology",
    BASE,
    "POST",
    b'{"TerminologyId":"eRX","FromDate":{"yearField":9999,"monthField":12,"dayField":31}}',
)
@example("SearchTerminology", BASE, "POST", b'{"TerminologyId":"eRX","FromDate":{"yearField":-1e400}}')
@example(
    "ValidateCts",
    BASE,
    "POST",
    b'{"DoCodedText":{"valueField":"\\ud800","terminology_idField":"eRX","coded_stringField":"1"}}',
)
def test_any_body_is_answered_or_refused_with_its_faults(service, line, function, base, method, body):
    """200 with a result, or 400 with a violation for each fault."""
    status, told = answered(line, method, f"{base}/{function}", body, service.headers())

    assert status in (200, 400)
    assert told.keys() == ({"result", "status"} if status == 200 else {"status", "violations"})
    assert told["status"]["statusCode"] == status
    if status == 400:
        assert all(each.keys() == {"field", "message"} and each["message"] for each in told["violations"])
    goes_on(line)


@MANY
@given(function=st.sampled_from(list(FUNCTIONS)), pairs=PAIRS)
def test_any_query_is_answered_or_refused_with_its_faults(service, line, function, pairs):
    """The same fields as parameters."""
    query = urlencode(pairs, errors="surrogatepass")
    status, told = answered(line, "GET", f"{BASE}/{function}?{query}", None, service.headers())

    assert status in (200, 400)
    assert ("violations" in told) == (status == 400)
    goes_on(line)


@MANY
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]) | TOKENS,
    path=st.sampled_from([f"{BASE}/Terminology", "/oauth/token", "/", "/openapi.json", "/health/ready"])
    | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60).map(lambda text: f"/{text}"),
    headers=HEADERS,
    admitted=st.booleans(),
    body=BODIES,
)
def test_any_method_path_and_header_is_answered(service, line, method, path, headers, admitted, body):
    """As it is, or 400, 401, 404, 429: a status that the contract has."""
    if method in ("CONNECT", "PRI"):  # they begin another protocol
        method = "GET"
    status, told = answered(line, method, path, body, headers | (service.headers() if admitted else {}))

    assert status in (200, 304, 400, 401, 404, 429)
    if isinstance(told, dict) and "status" in told and isinstance(told["status"], dict):
        assert told["status"]["statusCode"] == status
    goes_on(line)


@SOME
@given(
    pairs=st.lists(st.tuples(st.sampled_from(("grant_type", "refresh_token", "scope")) | NAMES, TEXTS), max_size=4),
    authorization=CREDENTIALS,
    raw=st.none() | st.binary(max_size=60),
)
def test_any_form_is_refused_as_rfc_6749_says(patient_service, pairs, authorization, raw):
    """400 or 401 with an `error` of its table; nobody is let in by chance."""
    body = urlencode(pairs, errors="surrogatepass").encode() if raw is None else raw
    headers = {} if authorization is None else {"Authorization": authorization.strip()}
    with closing(http.client.HTTPConnection("127.0.0.1", patient_service.port, timeout=10)) as line:
        status, told = answered(line, "POST", "/oauth/token", body, headers)
        goes_on(line)

    assert status in (400, 401)
    assert told["error"] in ("invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type")


@SOME
@given(
    first=st.binary(max_size=80)
    | st.builds(
        lambda target, name, value, rest: b"POST /%s HTTP/1.1\r\nHost: x\r\n%s: %s\r\n\r\n%s" % (target, name, value, rest),
        *[st.binary(max_size=20)] * 2, st.binary(max_size=40), st.binary(max_size=40),
    )
)  # fmt: skip
def test_any_bytes_are_refused_or_left_alone(service, first):
    """What is no HTTP gets a 400 in the gateway's words, or nothing; the next connection is answered."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as raw:
        raw.sendall(first)
        raw.shutdown(socket.SHUT_WR)
        received = b""
        while part := raw.recv(65536):
            received += part
    if received:
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.split(b" ")[1] in (b"400", b"404", b"100"), received
        assert b"\r\nrequestid: " in head.lower()
        assert body.startswith(b'{"status":{"statusCode":4')
    assert service.send("GET", "/health/live").status == 200
