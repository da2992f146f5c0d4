"""A real service on a real socket: `maksa serve` in a process of its own, with the guide's samples published."""

from __future__ import annotations

import contextlib
import csv
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint, Version
from maksa.publish.publication import publish
from maksa.snapshot import manifest as manifests
from maksa.wire.dates import read_date

SPEC = Path(__file__).parents[3] / "shared" / "spec"
BASE = "/api/client/apim/v1/maksaservice/gwmaksa"
QUESTION = json.dumps({"terminologyId": "thritaEHR.Religion", "codedString": "1"}).encode()
ISLAM = r'"data":"\"اسلام\""'.encode()
IN_ORDER = [
    "ICD10",
    "ICD10-FA",
    "ISO_3166-1",
    "Country",
    "thritaEHR.admissionType",
    "thritaEHR.birthDateAccuracy",
    "DateAccuracy",
    "California",
    "thritaEHR.conditionOnDischarge",
    "thritaEHR.BedStatus",
    "thritaEHR.RelatedPerson",
    "thritaEHR.WardType",
    "ThritaEHR",
    "CDT",
    "MEQ",
    "SNOMEDCT",
    "LNC",
    "eRX",
    "UCUM",
    "ATC",
    "countryDivisions",
    "IRC",
    "CDT-FA",
    "ADA",
]


UNSAID = Imprint()


def put(
    home: Home,
    terminology_id: str,
    label: str,
    concepts: list[Concept],
    at: str | None = None,
    *,
    mirrors: Path | None = None,
    imprint: Imprint = UNSAID,
) -> Version:
    """Publishes *concepts* as a version, as an operator would: a draft first. With *mirrors*, beside what they bring."""
    report = LoadReport(file="test", sheet="", terminology_id=terminology_id, label=label, recognised={})
    with Catalog.open(home.made().catalog_url) as catalog:
        manifest = manifests.read(home.shelf)
        published = manifest.versions
        catalog.write_draft(terminology_id, label, concepts, published=published, report=report, imprint=imprint)
        moment = read_date(at) if at else None
        return publish(catalog, home.shelf, terminology_id, label, at=moment, mirrors=mirrors)


def publish_samples(home: Home) -> None:
    """The guide's lists with its samples' content where the samples show any, in the samples' order of definition."""
    lists: dict[tuple[str, str], list[Concept]] = {}
    with (Path(__file__).parents[2] / "src/maksa/demo/lists/guide.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lists.setdefault((row["terminology"], row["version"]), []).append(Concept(row["code"], row["value"]))
    for terminology_id in IN_ORDER:
        versions = [key for key in lists if key[0] == terminology_id] or [(terminology_id, "1")]
        for key in versions:
            put(home, *key, lists.pop(key, [Concept("1", f"نخستین {terminology_id}")]), at="1400/05/06")
    for (terminology_id, label), concepts in lists.items():
        put(home, terminology_id, label, concepts, at="1400/05/07")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """A running `maksa serve` and an account of it."""

    home: Home
    port: int
    process: subprocess.Popen[bytes]
    credentials: dict[str, Any]
    log: Path
    token: str = ""
    renew_at: float = 0.0  # by time.monotonic()
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    @property
    def pid(self) -> str:
        return str(self.credentials["pids"][0]["pid"])

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def headers(self, token: str | None = None, pid: str | None = None) -> dict[str, str]:
        """The headers of the guide's table 7."""
        return {
            "Authorization": f"Bearer {self.live_token() if token is None else token}",
            "pid": self.pid if pid is None else pid,
            "Content-Type": "application/json",
        }

    def ask(self, function: str, method: str = "POST", **fields: Any) -> Answer:
        """A function with its fields as the guide spells them."""
        return self.send(method, f"{BASE}/{function}", json.dumps(fields).encode(), self.headers())

    def grant(self, client: tuple[str, str] | None = None, **parameters: str) -> Answer:
        """`POST /oauth/token`."""
        import base64

        pair = client or (self.credentials["client_id"], self.credentials["client_secret"])
        basic = base64.b64encode(":".join(pair).encode()).decode()
        body = urllib.parse.urlencode(parameters).encode()
        return self.send("POST", "/oauth/token", body, {"Authorization": f"Basic {basic}"})

    def login(self) -> dict[str, Any]:
        """A token by password, kept for the calls that follow."""
        return self._kept(
            grant_type="password", username=self.credentials["username"], password=self.credentials["password"]
        )

    def live_token(self) -> str:
        """The kept token, renewed in its last minute: on a slow machine one service is asked for longer than a token lives."""
        if time.monotonic() > self.renew_at:
            granted = self.login()
            if granted["expires_in"] < 60:
                self._kept(grant_type="refresh_token", refresh_token=granted["refresh_token"])
        return self.token

    def _kept(self, **parameters: str) -> dict[str, Any]:
        answer = self.grant(**parameters)
        assert answer.status == 200, answer.body
        granted: dict[str, Any] = answer.json()
        self.token, self.renew_at = granted["access_token"], time.monotonic() + granted["expires_in"] - 60
        return granted

    def lines(self) -> list[dict[str, Any]]:
        """The journal so far, a moment after the last answer."""
        time.sleep(0.6)
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def maksa(
    home: Home, *arguments: str, environment: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """The command line, run in a process of its own."""
    options["env"] = {**os.environ, **(environment or {})}
    command = [sys.executable, "-m", "maksa", "--home", str(home.path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def add_account(home: Home, name: str, *options: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """An account, and the secrets that are shown once."""
    done = maksa(home, "account", "add", name, "--json", *options, environment=environment)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@contextlib.contextmanager
def running(
    home: Home, *options: str, environment: dict[str, str] | None = None, files: Path | None = None
) -> Iterator[Service]:
    """`maksa serve` on a free port until the block ends, with an account named test (made where it is not).

    *files* is where the test's own files are, where they are not in the home.
    """
    credentials_file = (files or home.path) / "test-account.json"
    if not credentials_file.exists():
        credentials_file.write_text(json.dumps(add_account(home, "test")))
    log = (files or home.path) / f"serve-{time.time_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "maksa", "--home", str(home.path), "serve", "--port", "0", *options],
            stdout=out, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})},
        )  # fmt: skip
    try:
        port = _port(process)
        service = Service(home, port, process, json.loads(credentials_file.read_text()), log)
        _wait_until_ready(service)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        if process.stderr:
            process.stderr.close()


def _port(process: subprocess.Popen[bytes]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if b"serving on" in line:
            return int(line.split(b"://")[1].split(b" ")[0].rsplit(b":", 1)[1])
    raise AssertionError("the service ended before it listened")


def _wait_until_ready(service: Service) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError, http.client.HTTPException):
            if service.send("GET", "/health/ready").status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the service did not become ready")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the guide's samples published."""
    home = Home.of(tmp_path_factory.mktemp("home") / "samples")
    publish_samples(home)
    return home


@pytest.fixture(scope="session")
def service(sample_home: Home) -> Iterator[Service]:
    """The service that most tests ask; those that harm one start their own."""
    with running(sample_home) as started:
        yield started


@pytest.fixture(scope="session")
def patient_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that a thousand failed logins do not lock, for those who guess."""
    home = Home.of(tmp_path_factory.mktemp("home") / "patient").made()
    home.settings_file.write_text("login_free_failures = 1000\nlogin_lock_failures = 1000\n")
    publish_samples(home)
    with running(home) as started:
        yield started


@pytest.fixture
def ask(service: Service) -> Callable[..., Answer]:
    """`ask(function, **fields)`: the guide's method, the guide's spelling."""
    return service.ask


@pytest.fixture
def head(service: Service) -> Callable[..., bytes]:
    """The head of a request that is admitted, without the blank line that ends it."""

    def made(
        method: str = "GET",
        path: str = f"{BASE}/Terminology",
        version: str = "1.1",
        more: Sequence[str] = (),
        body: bytes | None = QUESTION,
    ) -> bytes:
        lines = [
            f"{method} {path} HTTP/{version}",
            "Host: x",
            *(f"{k}: {v}" for k, v in service.headers().items()),
            *more,
        ]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")

    return made


def exchange(service: Service, *parts: bytes, wait: float = 0.0, read_s: float = 5.0) -> bytes:
    """What comes back for *parts*, sent with *wait* seconds between them, until the service is silent or closes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=read_s) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(wait)
        line.settimeout(read_s)
        received = b""
        try:
            while chunk := line.recv(65536):
                received += chunk
                if _is_whole(received):
                    line.settimeout(0.3)
        except (TimeoutError, ConnectionResetError):
            pass
        return received


def _is_whole(received: bytes) -> bool:
    head, _, body = received.partition(b"\r\n\r\n")
    length = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    return bool(length) and len(body) >= int(length[0])
