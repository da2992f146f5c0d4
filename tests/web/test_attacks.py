"""What an attacker sends on purpose: smuggled headers, requests out of turn, memory that is never given back."""

from __future__ import annotations

import re
import socket
import time

import pytest

from tests.web.conftest import BASE, ISLAM, QUESTION, exchange

OFFER = ("Connection: Upgrade", "Upgrade: h2c")
LOGIN = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eDp5\r\nContent-Length: %d\r\n\r\n%s"
WRONG_LOGIN = LOGIN % (43, b"grant_type=password&username=u-1&password=p")
ONE_CHUNK = b"%x\r\n%s\r\n0\r\n" % (len(QUESTION), QUESTION)


def statuses(received):
    return re.findall(rb"HTTP/1\.1 (\d+)", received)


def chunked(*names):
    """The head of a request that is admitted but for the header *names*, whose body comes in chunks."""
    return lambda head: re.sub(
        b"".join((b"(?i)\r\n(?:", b"|".join(names), b"): [^\r]*")),
        b"",
        head(method="POST", more=("Transfer-Encoding: chunked",), body=None),
    )


@pytest.mark.parametrize(("name", "status"), [("Authorization", b"401"), ("pid", b"429")])
def test_a_trailer_is_no_header(service, head, name, status):
    """What stands behind the body was judged by no proxy. [RFC 9110 §6.5.1]"""
    bare = chunked(name.encode())(head)
    trailer = f"{name}: {service.headers()[name]}\r\n\r\n".encode()

    assert statuses(exchange(service, bare + ONE_CHUNK + trailer)) == [status]


def test_trailers_without_end_are_refused(service, head):
    """Nothing of a message may be kept without a bound."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as line:
        line.sendall(chunked(b"none")(head) + ONE_CHUNK)
        try:
            for _ in range(40):
                line.sendall(b"X: %s\r\n" % (b"x" * 8000))
                time.sleep(0.005)
        except OSError:
            pass

        assert line.recv(12) == b"HTTP/1.1 400"


def test_junk_behind_a_request_is_not_answered_before_it(service):
    """The refusal of a second message is not read as the first one's answer."""
    assert statuses(exchange(service, WRONG_LOGIN + b"\x16\x03\x01junk\r\n\r\n")) == [b"401"]


def test_junk_behind_a_download_spoils_nothing(service, head):
    """The body comes whole, and then the connection ends."""
    whole = b'{"terminologyId":"ContactType","version":"1"}'
    request = head(method="POST", path=f"{BASE}/TerminologiesTermByVersion", body=whole)
    head_, _, body = exchange(service, request + b"\x00\x00").partition(b"\r\n\r\n")

    assert head_.startswith(b"HTTP/1.1 200")
    assert body.endswith(b'"status":{"statusCode":200,"message":"OK"}}')


def test_a_burst_of_requests_that_begins_and_ends_within_heads(service, head):
    """Each is short, and all are answered, though together they are longer than a head may be."""
    burst = head() * 600
    answer = exchange(service, burst[:30], burst[30:-60], burst[-60:], wait=0.1)

    assert answer.count(ISLAM) == 600


def test_a_burst_of_offers_to_upgrade(service, head):
    """Each is read again; none inside another."""
    answer = exchange(
        service, b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" * 24 + head(more=OFFER)
    )

    assert statuses(answer) == [b"404"] * 24 + [b"200"]


def test_thousands_of_offers_at_once_are_no_fault(service):
    """However deep a caller stacks them."""
    exchange(service, b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" * 4000, read_s=1)

    assert not [line for line in service.lines() if "RecursionError" in str(line)]


def test_an_offer_of_a_caller_who_wants_to_close(service, head):
    """Only the offer is dropped."""
    answer = exchange(service, head(more=("Connection: close, Upgrade", "Upgrade: h2c")))

    assert ISLAM in answer
    assert b"connection: close" in answer


def test_requests_that_wait_are_bounded(service, head):
    """Thousands behind one that is slow would each hold memory; those that may not wait are not answered."""
    answer = exchange(service, WRONG_LOGIN + b"GET / HTTP/1.1\r\n\r\n" * 10_000, read_s=3)

    assert statuses(answer)[0] == b"401"
    assert len(statuses(answer)) < 100
    assert ISLAM in exchange(service, head())


def test_pipelined_answers_come_in_order_whichever_way_they_go(service, head):
    """Short, through ASGI, whole version, short: an answer is its own request's."""
    whole = head(method="POST", path=f"{BASE}/TerminologiesTermByVersion", body=b'{"terminologyId":"x","version":"1"}')
    answer = exchange(
        service, head() + WRONG_LOGIN + whole + head(body=b"{") + b"GET /x HTTP/1.1\r\n\r\n" + head(), wait=1
    )

    assert statuses(answer) == [b"200", b"401", b"200", b"400", b"404", b"200"]


def test_a_body_that_turns_out_long_is_read_whole(service, head):
    """Past 64 KiB it goes through ASGI; the request behind it is answered after it."""
    long = b'{"x":"%s",%s' % (b"x" * 70_000, QUESTION[1:])
    answer = exchange(service, head(method="POST", body=long) + head(), wait=0.3)

    assert answer.count(ISLAM) == 2


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://elsewhere" + BASE + "/Terminology", b"200"),  # the absolute form [RFC 9112 §3.2.2]
        (BASE.replace("client", "%63lient") + "/Terminology", b"200"),
        (BASE + "/../gwmaksa/Terminology", b"404"),
        (BASE + "/%2e%2e/gwmaksa/Terminology", b"404"),
        (BASE + "//Terminology", b"404"),
        (BASE + "/Terminology/", b"404"),
        (BASE + "/Terminology;a=b", b"404"),
        (BASE + "/Terminology%00", b"404"),
        ("//oauth/token", b"404"),
        ("*", b"404"),
        ("/%ff%fe", b"404"),
    ],
)
def test_a_path_is_what_it_says(service, head, target, status):
    """No dots are resolved, no slashes folded."""
    assert statuses(exchange(service, head(path=target))) == [status]
