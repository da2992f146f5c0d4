"""What lies between: certificates, proxies, connections that a gateway closes when it likes."""

from __future__ import annotations

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from maksa.client import Found, Maksa, Patience, TimedOutError, TransportError
from tests.simulator import Dialect

TOKENS = b'{"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":900}'
ISLAM = (
    '{"result":{"data":"\\"اسلام\\"","status":{"statusCode":200}},"status":{"statusCode":200,"message":"OK"}}'.encode()
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by nobody that a machine trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    path = tmp_path_factory.mktemp("tls") / "gateway.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


class Answering(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.answer(TOKENS)

    def do_GET(self) -> None:
        self.answer(ISLAM)

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Tls(http.server.ThreadingHTTPServer):
    """Counts the connections that get as far as a handshake; those that end there are what is tested."""

    connections = 0

    def get_request(self):
        type(self).connections += 1
        return super().get_request()

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def tls(certificate) -> Iterator[Tls]:
    """A gateway behind that certificate, as far as a look-up needs one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Tls(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_certificate_that_nobody_vouches_for_ends_the_call(made, tls):
    """At once: it will be no better at the second try, and nothing was sent."""
    before = tls.connections
    ask = made(f"https://127.0.0.1:{tls.server_port}")
    with pytest.raises(TransportError, match="certificate verify failed"):
        ask.versions("eRX")

    assert tls.connections == before + 1


def test_a_certificate_that_the_caller_vouches_for_is_good(made, tls, certificate):
    """By a context of his own."""
    ask = made(f"https://127.0.0.1:{tls.server_port}", verify=ssl.create_default_context(cafile=certificate))

    assert ask.display_of("thritaEHR.Religion", "1") == Found("اسلام")


@pytest.mark.parametrize(
    ("error", "kind", "tries"),
    [
        (httpx2.ConnectTimeout, TimedOutError, 2),
        (httpx2.PoolTimeout, TimedOutError, 2),
        (httpx2.ConnectError, TransportError, 2),
        (httpx2.ProxyError, TransportError, 2),
        (httpx2.LocalProtocolError, TransportError, 1),
        (httpx2.UnsupportedProtocol, TransportError, 1),
    ],
)
def test_what_httpx2_says_of_a_line_is_said_in_the_trees_words(account, error, kind, tries):
    """With the place; again where that may help."""
    asked: list[httpx2.Request] = []

    def fail(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        raise error("so it is")

    patience = Patience(attempts=2, pause_s=0.01)
    maksa = Maksa("http://gateway:81", account, transport=httpx2.MockTransport(fail), patience=patience)
    with maksa, pytest.raises(kind, match=r"^gateway:81: ") as raised:
        maksa.versions("eRX")
    shown = type(None) if error is httpx2.LocalProtocolError else error  # that one repeats headers
    assert isinstance(raised.value.__cause__, shown)
    assert len(asked) == tries


def test_a_proxy_is_gone_through(made, ministry):
    """Whole addresses are asked of it, of a gateway that only it can reach."""
    ask = made("http://gateway.example", proxy=ministry.url)

    assert ask.display_of("thritaEHR.Religion", "1") == Found("اسلام")
    assert {request.headers["host"] for request in ministry.requests} == {"gateway.example"}


def test_calls_share_a_connection_and_outlive_it(ask, ministry):
    """Kept between calls; where a gateway closes each, the next call has another."""
    for _ in range(3):
        ask.versions("eRX")
    assert {request.connection for request in ministry.requests} == {1}

    ministry.dialect = Dialect(coding="close")
    for _ in range(3):
        ask.versions("eRX")
    assert {request.connection for request in ministry.requests} == {1, 2, 3}
