"""kill -9 at any moment of what an operator runs: load, publish, serve, backup, restore.

What `tests/publish/test_crashes.py` shows of the library, here of whole commands: their reports, their prepared bodies, their
accounts, and the workers of a service that is asked while it dies. MAKSA_KILLS=200 kills more often.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.snapshot.shelf import Shelf
from maksa.web.prepared import bodies
from tests.cli.conftest import environment, run_in
from tests.web.conftest import BASE, running

KILLS = int(os.environ.get("MAKSA_KILLS", "12"))
ROWS = 20_000

pytestmark = pytest.mark.xdist_group("kills")  # they measure how long a command takes


class House:
    """A home, what it has ever published, and the commands that are killed in it."""

    def __init__(self, folder):
        self.folder = folder
        self.home = folder / "home"
        self.known = {}  # {(id, label): (digest, what it answers)} of every version that was seen published
        self.whole_s = {}  # {command: seconds that it takes when nobody kills it}
        self.in_time = 0

    def list_of(self, label):
        """A list that differs from label to label."""
        file = self.folder / "list.csv"
        lines = (f"{n},دارو {n} {label if n % 3 == 0 else ''},Drug {n}\n" for n in range(ROWS))
        file.write_text("code,value,value_en\n" + "".join(lines), encoding="utf-8")
        return file

    def run(self, *arguments):
        """Runs a command to its end, and notes how long that took."""
        begun = time.monotonic()
        done = subprocess.run(self._command(*arguments), capture_output=True, env=environment(self.home))
        self.whole_s[arguments[0]] = time.monotonic() - begun
        assert done.returncode == 0, done.stderr

    def killed(self, *arguments):
        """Runs a command and kills it at a moment that nobody chose; whether that came in time."""
        process = subprocess.Popen(
            self._command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(self.home)
        )
        time.sleep(random.uniform(0.2, 1.1) * self.whole_s[arguments[0]])  # before that Python itself starts
        process.kill()
        in_time = process.wait(10) == -signal.SIGKILL
        self.in_time += in_time
        return in_time

    @staticmethod
    def _command(*arguments):
        return [sys.executable, "-m", "maksa", *map(str, arguments)]

    def check(self):
        """The shelf opens, `maksa verify` passes, and every version ever published is there and answers the same."""
        verified = run_in(self.home, "verify", "--json")
        assert (verified.code, verified.json["faults"]) == (0, []), verified
        found = {
            (edition.version.terminology_id, edition.version.label): (
                edition.version.digest,
                answers_of(edition.snapshot),
            )
            for edition in Shelf.open(Home(self.home).shelf).view.editions()
        }
        assert {key: found.get(key) for key in self.known} == self.known
        self.known = found

    def drafts(self):
        """{label: concepts} of every draft."""
        with Catalog.open(Home(self.home).catalog_url) as catalog:
            return {draft.label: draft.concepts for draft in catalog.drafts()}


def answers_of(snapshot):
    """All that a version says, summed."""
    return hashlib.sha256(repr([*snapshot.states(), *snapshot.formers()]).encode()).hexdigest()


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.run("load", made.list_of("0"), "--terminology", "eRX", "--version", "0")
    made.run("publish", "eRX", "0")
    made.check()
    return made


def test_load_and_publish_killed_at_any_moment(house):
    """At worst the draft is gone; what was published stays, and the next load and publication go through."""
    for n in range(1, KILLS // 2 + 1):
        load = ("load", house.list_of(str(n)), "--terminology", "eRX", "--version", str(n))
        house.killed(*load)
        house.check()
        assert house.drafts().get(str(n), ROWS) == ROWS
        if str(n) not in house.drafts():
            assert run_in(house.home, *load).code == 0

        house.killed("publish", "eRX", str(n))
        house.check()
        assert (("eRX", str(n)) in house.known) or (house.drafts()[str(n)] == ROWS)

    assert house.in_time, "no kill came in time: the test showed nothing"
    house.run("load", house.list_of("last"), "--terminology", "eRX", "--version", "last")
    house.run("publish", "eRX", "last")
    house.check()
    listed = [each["label"] for each in run_in(house.home, "versions", "eRX", "--json").json]
    assert [label for _, label in house.known] == listed
    assert house.drafts().keys().isdisjoint(listed)
    assert not list((house.home / "shelf").glob(".fresh"))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_killed_while_it_is_asked(house, workers):
    """Supervisor and workers at once, amid a whole version that is prepared for the first time; the next one answers the same."""
    whole = body_in(house, house.folder / "another-cache")
    for _ in range(max(2, KILLS // 6)):
        shutil.rmtree(house.home / "cache")
        with running(Home(house.home), "--workers", workers) as service:
            statuses = []
            asking = threading.Thread(target=ask_until_it_dies, args=(service, service.headers(), statuses))
            asking.start()
            time.sleep(random.uniform(0, 0.5))
            kill_all(service.process)
            asking.join()
        assert set(statuses) <= {200}
        house.check()
        assert body_in(house, house.home / "cache") == whole
        assert [each["name"] for each in run_in(house.home, "account", "list", "--json").json] == ["test"]

    with running(Home(house.home), "--workers", workers) as service:
        assert service.send("POST", WHOLE, QUESTION, service.headers()).body == whole


WHOLE = f"{BASE}/TerminologiesTermByVersion"
QUESTION = b'{"terminologyId":"eRX","version":"0"}'


def body_in(house, cache):
    """The body of the whole version 0 that *cache* holds, or makes now; in every coding the same."""
    edition = Shelf.open(Home(house.home).shelf).terminology("eRX").by_label["0"]
    with contextlib.closing(bodies.opened(edition.snapshot, cache)) as body:
        whole, zipped = (
            b"".join(part.read() for part in body.parts(coding, 0)) for coding in (bodies.IDENTITY, bodies.GZIP)
        )
    assert gzip.decompress(zipped) == whole
    return whole


def ask_until_it_dies(service, headers, statuses):
    """A caller of whole versions, who logs in before each, and notes how he was answered."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        while True:
            statuses.append(service.send("POST", WHOLE, QUESTION, headers).status)
            service.login()


def kill_all(process):
    """kill -9 of the supervisor and of its workers."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    for pid in (process.pid, *map(int, children.stdout.split())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(10)


def test_backup_and_restore_killed_at_any_moment(house):
    """There is no backup or a whole one; there is no shelf in the home or a whole one."""
    house.run("backup", house.folder / "whole.tar")
    house.run("restore", house.folder / "whole.tar", "--home", house.folder / "whole")
    for n in range(max(2, KILLS // 4)):
        backup, home = house.folder / f"{n}.tar", house.folder / f"home-{n}"
        house.killed("backup", backup)
        if backup.exists():
            assert run_in(house.folder / f"copy-{n}", "restore", backup).code == 0
        house.killed("restore", house.folder / "whole.tar", "--home", home)
        if (home / "shelf").exists():
            assert run_in(home, "verify", "--json").json == {"versions": 1, "faults": []}
            assert run_in(home, "account", "list").code == 0
    house.check()
