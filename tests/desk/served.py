"""A desk served to real browsers and clients, over a home of the test's own."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx2 as httpx
import pyotp

from maksa.desk.audit import Who
from maksa.desk.desk import Desk
from maksa.desk.sessions import hash_of
from maksa.desk.signing_in import Caller
from maksa.home import Home
from maksa.settings import Settings

PASSWORD = "سه کبوتر بر بام آبی"
HERE = Caller("127.0.0.1", "test")
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Person:
    """An operator who can sign in, with what an authenticator knows of him."""

    name: str
    secret: str
    codes: tuple[str, ...]

    def code(self) -> str:
        """What the authenticator shows. Waits where this half minute's code is spent (each was enrolled with one)."""
        return pyotp.TOTP(self.secret).now()


@dataclass
class Served:
    """A running `maksa desk serve`, and the desk behind it, open in this process too."""

    base: str
    desk: Desk
    process: subprocess.Popen[bytes]
    clients: list[Client] = field(default_factory=list)

    def close_clients(self) -> None:
        """Ends the connections of every client that was given out."""
        while self.clients:
            self.clients.pop().http.close()

    def client(self, person: Person | None = None) -> Client:
        """A client; one who has signed in, where *person* is named."""
        made = Client(self.base)
        self.clients.append(made)
        if person is not None:
            made.http.cookies.set("desk-session", self.cookie_of(person))
        return made

    def cookie_of(self, person: Person) -> str:
        """The cookie of a session that *person* would have by signing in."""
        operator = next(each for each in self.desk.operators.list() if each.name == person.name)
        return self.desk.sessions.begin(operator, "full", address="127.0.0.1", agent="test")

    def state_of(self, person: Person) -> dict[str, object]:
        """The same as what a browser's context begins with."""
        cookie = {"name": "desk-session", "value": self.cookie_of(person), "url": self.base}
        return {"cookies": [{**cookie, "httpOnly": True, "sameSite": "Strict"}], "origins": []}


class Client:
    """A browser without eyes: it keeps cookies, and sends forms with the token of the page they are on."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=30, follow_redirects=True)

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.http.get(path, **options)  # type: ignore[arg-type]

    def send(
        self, path: str, fields: dict[str, object] | None = None, *, on: str = "", **options: object
    ) -> httpx.Response:
        """The form at *path*, as it is sent from the page *on* (else the same path)."""
        token = _TOKEN.search(self.get(on or path).text)
        assert token, f"no form on {on or path}"
        return self.http.post(path, data={"csrf": token[1], **(fields or {})}, **options)  # type: ignore[arg-type]

    def upload(self, content: bytes, name: str = "list.csv", **fields: str) -> httpx.Response:
        """A file, loaded."""
        token = _TOKEN.search(self.get("/load").text)
        assert token
        given = {"csrf": token[1], "terminology_id": "ContactType", "label": "1", **fields}
        return self.http.post("/load", data=given, files={"file": (name, content)})

    def when_over(self, path: str) -> httpx.Response:
        """The page of a job, once it is over."""
        for _ in range(600):
            page = self.get(path)
            if 'id="progress"' not in page.text:
                return page
            time.sleep(0.05)
        raise AssertionError(f"{path} goes on for ever")


def enrolled(desk: Desk, name: str, *roles: str) -> Person:
    """An operator who has chosen his password and his second factor."""
    first = desk.operators.add(name, roles, Who("terminal"))
    cookie = desk.signing_in.password(name, first, HERE)
    assert isinstance(cookie, str)
    half = desk.sessions.get(cookie)
    assert half is not None
    desk.operators.choose_password(half.operator, PASSWORD, PASSWORD, Who(name))
    secret = desk.second_factor.offered(hash_of(cookie), half.operator)
    before = pyotp.TOTP(secret).at(int(time.time()) - 30)  # so that this half minute's is left to sign in with
    codes = desk.second_factor.enrol(hash_of(cookie), half.operator, before, Who(name))
    assert codes is not None
    return Person(name, secret, codes)


@contextlib.contextmanager
def served(home: Home, **settings: object) -> Iterator[Served]:
    """`maksa desk serve` on a free port until the block ends. *settings* go into the home's maksa.toml."""
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items()]
    home.made().settings_file.write_text("".join(lines))
    command = [sys.executable, "-m", "maksa", "--home", str(home.path), "desk", "serve", "--port", "0"]
    with (home.path / "desk.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.PIPE)
    try:
        base = _base(process)
        with Desk(home, Settings(**settings)) as desk:  # type: ignore[arg-type]
            running = Served(base, desk, process)
            yield running
            running.close_clients()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        if process.stderr:
            process.stderr.close()


def _base(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if b"the desk is on" in line:
            base = line.split()[-1].decode()
            _wait(base)
            return base
    raise AssertionError("the desk ended before it listened")


def _wait(base: str) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{base}/health/live").status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the desk did not become ready")
