"""HTTP as callers really speak it: upgrades, chunks, pipelines, slow and broken clients, over raw sockets."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest

from tests.web.conftest import BASE, ISLAM, QUESTION, exchange


def test_java_offers_h2c_and_its_body_is_read(service, head):
    """Java's HttpClient sends these three headers on plain HTTP; httptools would drop the body. [performance.md, a trap]"""
    offer = (
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    )

    assert ISLAM in exchange(service, head(more=offer))


def test_the_offer_may_come_in_pieces(service, head):
    """A head torn anywhere, its body later still."""
    offer = (
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    )
    request = head(method="POST", more=offer)
    cut = request.index(b"h2c") + 1

    assert ISLAM in exchange(
        service, request[:cut], request[cut : -len(QUESTION)], request[-len(QUESTION) :], wait=0.05
    )


def test_the_connection_goes_on_after_an_offer(service, head):
    """The next request on the same connection is answered too."""
    offer = ("Connection: Upgrade", "Upgrade: h2c")

    assert exchange(service, head(more=offer), head(), wait=0.2).count(ISLAM) == 2


@pytest.mark.skipif(
    not shutil.which("javac"), reason="no JDK on this machine: the offer is tested with its bytes above"
)
def test_a_real_java_client_is_answered(service, tmp_path):
    """java.net.http.HttpClient with its defaults, twice on one client."""
    source = tmp_path / "Ask.java"
    source.write_text(
        """
        import java.net.URI; import java.net.http.*;
        class Ask { public static void main(String[] a) throws Exception {
          var client = HttpClient.newHttpClient();
          for (int i = 0; i < 2; i++) {
            var request = HttpRequest.newBuilder(URI.create(a[0])).header("Authorization", "Bearer " + a[1]).header("pid", a[2])
              .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(a[3])).build();
            System.out.write(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body()); System.out.flush();
          } } }
        """
    )
    url = f"http://127.0.0.1:{service.port}{BASE}/Terminology"
    token = service.headers()["Authorization"].split()[1]
    done = subprocess.run(
        ["java", str(source), url, token, service.pid, QUESTION.decode()], capture_output=True, timeout=120, check=True
    )

    assert done.stdout.count(ISLAM) == 2


def test_a_get_with_a_chunked_body(service, head):
    """Some stacks send no Content-Length."""
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, QUESTION[:10], len(QUESTION) - 10, QUESTION[10:])

    assert ISLAM in exchange(service, head(more=("Transfer-Encoding: chunked",), body=None) + chunks)


def test_expect_100_continue(service, head):
    """.NET and curl wait for it before they send a body."""
    request = head(method="POST", more=("Expect: 100-continue",))
    answer = exchange(service, request[: -len(QUESTION)], request[-len(QUESTION) :], wait=0.2)

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")
    assert ISLAM in answer


def test_pipelined_requests_are_answered_in_order(service, head):
    """Three at once, the second one wrong."""
    answer = exchange(service, head() + head(body=b"{") + head())

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"400", b"200"]


def test_http_1_0(service, head):
    """Old proxies speak it; the connection is closed after the answer."""
    answer = exchange(service, head(version="1.0"))

    assert ISLAM in answer
    assert b"connection: close" in answer.lower()


def test_a_head_byte_by_byte(service, head):
    """A slow line is not a wrong one."""
    request = head()

    assert ISLAM in exchange(service, *(request[i : i + 1] for i in range(40)), request[40:], wait=0.002)


@pytest.mark.parametrize("tear", [True, False])
def test_a_header_of_64_kilobytes_is_refused(service, head, tear):
    """In one piece or in many: 400 in the gateway's words, and a requestId."""
    request = head(more=("X-Long: " + "x" * 65_536,))
    parts = [request[i : i + 8192] for i in range(0, len(request), 8192)] if tear else [request]
    answer = exchange(service, *parts, wait=0.01 if tear else 0)

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"requestId: " in answer
    assert b'"statusCode":400,"message":"Bad request."' in answer


def test_a_header_of_30_kilobytes_is_read(service, head):
    """Cookies and traces of gateways add up."""
    assert ISLAM in exchange(service, head(more=("X-Long: " + "x" * 30_000,)))


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"\x00" * 100,
        b"GET / HTTP/9.9\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_the_service_stays(service, junk):
    """TLS on a plain port, a scanner's guess, a smuggler's two lengths."""
    answer = exchange(service, junk, read_s=1.5)

    assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 404", b"")
    assert service.send("GET", "/health/live").status == 200


def test_a_url_with_bare_persian_letters_is_told_what_is_wrong(service):
    """As curl sends it when it is pasted so."""
    answer = exchange(service, f"GET {BASE}/ValidateCts?valueField=اسلام HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"percent-encoded" in answer


@pytest.mark.parametrize("name", ["Authorization", "pid"])
def test_a_header_given_twice_admits_nobody(service, head, name):
    """Which of two would a proxy have judged?"""
    value = service.headers()[name]
    answer = exchange(service, head(more=(f"{name}: {value}",)))

    assert answer.startswith(b"HTTP/1.1 401" if name == "Authorization" else b"HTTP/1.1 429")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"\x00", b"a=1&b=2", b"[" * 100_000, b'{"a":' * 50_000,
     b'{"terminologyId":"\\ud800","codedString":"1"}', b'{"terminologyId":"eRX","codedString":1e999}', b"x" * 500_000],
)  # fmt: skip
def test_a_body_that_is_no_question_is_400(service, head, body):
    """Never a crash, never a 500. [issue: Faults and bad input]"""
    answer = exchange(service, head(method="POST", body=body))

    assert answer.startswith(b"HTTP/1.1 400"), answer[:200]
    assert b'"violations":[{"field":' in answer


@pytest.mark.parametrize("code", ["\\u0000", "1\\u0000", "\\u202e1", "💊", "x" * 10_000])
def test_a_strange_code_is_merely_unknown(service, head, code):
    """NUL, bidi marks, emoji, length: no list has them."""
    body = b'{"terminologyId":"eRX","codedString":"%s"}' % code.encode()

    assert b'"result":{"status":{"statusCode":404}}' in exchange(service, head(method="POST", body=body))


def test_ten_megabytes_are_refused_before_they_are_kept(service, head):
    """The answer comes while the body is still on its way. [contract §3]"""
    answer = exchange(service, head(method="POST", body=b'{"terminologyId":"' + b"x" * 10_000_000 + b'"}'))

    assert answer.startswith(b"HTTP/1.1 400")


def test_a_body_without_a_length_is_bounded_too(service, head):
    """Chunks that do not end are cut off at the limit."""
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=5) as line:
        line.sendall(head(method="POST", more=("Transfer-Encoding: chunked",), body=None))
        try:
            for _ in range(40):
                line.sendall(chunk)
        except OSError:
            pass

        assert line.recv(12) == b"HTTP/1.1 400"


@pytest.mark.parametrize(
    ("charset", "codec"), [("windows-1256", "cp1256"), ("utf-16", "utf-16"), ("UTF-8", "utf-8"), ('"utf-8"', "utf-8")]
)
def test_a_declared_charset_is_honoured(service, charset, codec):
    """Old Windows programs say what they write in."""
    body = json.dumps(
        {"DoCodedText": {"valueField": "تلفن منزل", "terminology_idField": "ContactType", "coded_stringField": "1"}},
        ensure_ascii=False,
    )
    headers = service.headers() | {"Content-Type": f"application/json; charset={charset}"}
    answer = service.send(
        "POST",
        f"{BASE}/ValidateCts",
        body.replace("ی", "ي").encode(codec) if codec == "cp1256" else body.encode(codec),
        headers,
    )

    assert (answer.status, answer.json()["result"]["data"]) == (200, "true")


def test_a_wrong_charset_is_400(service):
    """Unknown, or not that of the body."""
    for charset, body in (("klingon", QUESTION), ("utf-16", QUESTION + b"x")):
        headers = service.headers() | {"Content-Type": f"application/json; charset={charset}"}

        assert service.send("POST", f"{BASE}/Terminology", body, headers).status == 400


def test_a_caller_who_hangs_up_is_a_499(service, head):
    """Logged and counted, never sent. [contract §3]"""
    request = head(method="POST")
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.sendall(request[:-5])
        time.sleep(0.2)
    time.sleep(0.2)

    assert any(line.get("status") == 499 for line in service.lines())
    assert b'status="499"' in service.send("GET", "/metrics").body


def test_one_slow_caller_holds_up_nobody(service, head):
    """Fifty heads that never end, and the next caller is answered at once."""
    lines = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(50)]
    try:
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nX: ")
        began = time.perf_counter()

        assert ISLAM in exchange(service, head())
        assert time.perf_counter() - began < 5
    finally:
        for line in lines:
            line.close()


def test_many_callers_at_once_get_their_own_answers(service):
    """Thirty-two threads, each its own code."""
    wrong: list[str] = []

    def caller(code: str) -> None:
        for _ in range(10):
            data = service.ask("Terminology", terminologyId="ContactType", codedString=code).json()["result"]["data"]
            if json.loads(data) != values[code]:
                wrong.append(data)

    whole = service.ask("TerminologiesTermByVersion", terminologyId="ContactType", version="1").json()["result"]["data"]
    values = {row["coded_stringField"]: row["valueField"] for row in whole}
    threads = [threading.Thread(target=caller, args=(str(1 + n % 14),)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
