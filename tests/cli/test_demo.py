"""`maksa demo`: what it prints answers when pasted, with curl and without."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.cli.conftest import environment, run_in, run_outside

SH = shutil.which("sh")
LAST = "The OpenAPI document"  # how the last printed line begins

pytestmark = [
    pytest.mark.xdist_group("demo"),  # one process runs it
    pytest.mark.skipif(not SH, reason="there is no shell to paste into"),
]


class Demo:
    """A running demo and what it printed."""

    def __init__(self, home, path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maksa", "demo", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(home, PATH=path),
        )  # fmt: skip
        self.printed = []
        for line in self.process.stdout:
            self.printed.append(line.rstrip("\n"))
            if line.startswith(LAST):
                break
        self._wait_until_live()

    def _wait_until_live(self):
        address = next(line for line in self.printed if line.startswith("maksa demo: ")).split()[2]
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{address}/health/ready", timeout=10):
                    return
            except urllib.error.URLError:
                time.sleep(0.05)
        raise AssertionError(f"{address} is not live")

    @property
    def lines(self):
        """The lines to paste: that of the token, then those of the functions."""
        return [line for line in self.printed if line.startswith(("TOKEN=", "curl", f"{sys.executable} -c"))]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=20)
        assert (self.process.returncode, err) == (0, "")


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module", params=["curl", "python"])
def demo(request, demo_home, tmp_path_factory):
    """The demo on a machine with curl, then on one without."""
    if request.param == "curl" and not shutil.which("curl"):
        pytest.skip("this machine has no curl")
    started = Demo(demo_home, os.environ["PATH"] if request.param == "curl" else str(tmp_path_factory.mktemp("bare")))
    assert ("curl" in started.lines[0]) == (request.param == "curl")
    yield started
    started.end()


def pasted(*lines):
    """What a shell prints for the lines."""
    done = subprocess.run([SH], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()


def test_every_printed_line_answers_when_pasted(demo):
    """A token first, then each function with it: never a refusal, and each with its data."""
    token, *answers = pasted(*demo.lines)
    data = [json.loads(answer)["result"]["data"] for answer in answers]

    assert len(token) == 36
    assert len(answers) == 5
    assert data[0] == '"اسلام"'
    assert data[1] == "true"
    assert data[2].startswith('"ACETAMINOPHEN')
    assert {row["terminology_idField"] for row in data[3]} == {"eRX"}
    assert [(row["Version"], row["IsLast"]) for row in data[4]] == [("1000", False), ("10000", True)]


def test_what_is_printed_about_them_is_true(demo):
    """Where the lists are, the client, the user and the pid of the lines."""
    printed = "\n".join(demo.printed)
    client, user, pid = (
        next(line for line in demo.printed if line.startswith(f"{name} ")) for name in ("client", "user", "pid")
    )

    assert "Ctrl-C ends it" in printed
    assert pid.split()[1] in demo.lines[1]
    assert user.split()[1] in demo.lines[0]
    assert len(client.split()[1].split(":")) == 2


def test_its_pages_are_there(demo):
    """The address that is printed for people answers a page, in both languages."""
    line = next(line for line in demo.printed if line.startswith("pages "))
    fa, en = (each for each in line.split() if each.startswith("http"))
    pages = [urllib.request.urlopen(urllib.request.Request(each, headers={"Accept": "text/html"})) for each in (fa, en)]

    assert ['lang="fa"' in pages[0].read().decode(), 'lang="en"' in pages[1].read().decode()] == [True, True]


def test_its_lists_are_real_and_one_has_two_versions(demo, demo_home):
    """Countries in Persian and English, units, the guide's samples: from their issuers, by the way of every list."""
    told = {each["terminology_id"]: each for each in run_in(demo_home, "terminologies", "--json").json}

    assert told.keys() == {"eRX", "ContactType", "thritaEHR.Religion", "ISO_3166-1", "UCUM"}
    assert told["eRX"]["versions"] == 2
    assert (told["ISO_3166-1"]["last"]["concepts"], told["UCUM"]["last"]["concepts"] > 250) == (249, True)
    iran = run_in(demo_home, "lookup", "ISO_3166-1", "IR", "--json").json
    assert (iran["display"], iran["designations"][0]["value"]) == ("ایران", "Iran")
    assert run_in(demo_home, "verify").code == 0


def test_a_second_run_publishes_nothing_again(tmp_path):
    """And shows secrets of its own: those of the first were shown once."""
    runs = []
    for _ in range(2):
        runs.append(Demo(tmp_path / "home", os.environ["PATH"]))
        runs[-1].end()
    published = [[line for line in run.printed if line.startswith("published ")] for run in runs]

    assert [len(lines) for lines in published] == [6, 0]
    assert runs[0].lines[0] != runs[1].lines[0]


def test_a_taken_port_is_told(tmp_path):
    """Exit code 7, in a line, before anything is published."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_outside("demo", "--port", str(port), env=environment(tmp_path / "home"))

    assert (done.code, done.out) == (7, "")
    assert done.err == f"maksa: 127.0.0.1:{port}: cannot be listened on: Address already in use\n"


def test_without_a_named_home_it_settles_beside(tmp_path):
    """./.demo, not the place that is meant for real lists."""
    bare = {name: value for name, value in os.environ.items() if name != "MAKSA_HOME"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run_outside("demo", "--port", str(taken.getsockname()[1]), env=bare, cwd=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [".demo"]
