"""The programs that the page shows, run against a running service: each does what its comments say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.snapshot.shelf import Shelf
from maksa.web.portal.examples import PARTS, TONGUES, Facts, facts_of, program
from maksa.wire.ditas.functions import FUNCTIONS
from tests.web.conftest import Service, put, running

RUNNERS = {
    "curl": ["bash"],
    "client": [sys.executable],
    "python": [sys.executable],
    "javascript": ["node"],
    "php": ["php"],
    "csharp": ["mono"],
}


def run(tongue: str, facts: Facts, service: Service, folder: Path) -> list[str]:
    """The lines that the program of *tongue* prints; skips where there is nothing to run it with."""
    if shutil.which(RUNNERS[tongue][0]) is None:
        pytest.skip(f"{RUNNERS[tongue][0]} is not installed")
    made = program(TONGUES[tongue], facts)
    path = folder / made.file
    path.write_text(made.text, encoding="utf-8")
    command = [*RUNNERS[tongue], str(compiled(path) if tongue == "csharp" else path)]
    given = service.credentials
    secrets = {"CLIENT_ID": given["client_id"], "CLIENT_SECRET": given["client_secret"], "PID": service.pid}
    login = {"LOGIN": given["username"], "PASSWORD": given["password"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env={**os.environ, **secrets, **login}, capture_output=True, text=True, timeout=60, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def compiled(path: Path) -> Path:
    """The C# program, made with mono's compiler and the library that the program names."""
    library = next(Path("/usr/lib/cli").glob("Newtonsoft.Json-*/Newtonsoft.Json.dll"), None)
    if shutil.which("mcs") is None or library is None:
        pytest.skip("mono's compiler, or its Newtonsoft.Json, is not installed")
    made = path.with_suffix(".exe")
    command = ["mcs", f"-out:{made}", f"-r:{library}", "-r:System.Net.Http", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy(library, path.parent)
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A service whose one list has texts that break out of careless quotes."""
    home = Home.of(tmp_path_factory.mktemp("home") / "hostile")
    put(home, "it's $(x)", "v'1", [Concept("a'b$c`d\\e", "x'\"$PATH`id`\\n{0}</pre>")], at="1400/05/06")
    with running(home) as service:
        yield service


def facts(service: Service) -> Facts:
    return facts_of(Shelf.open(service.home.shelf).view, f"http://127.0.0.1:{service.port}")


@pytest.mark.parametrize("tongue", [tongue for tongue in TONGUES if tongue != "curl"])
def test_a_program_asks_every_function_and_reads_its_answer(tongue, portal, tmp_path):
    """With the codes that the shelf has, the guide's own where they are there."""
    asked = facts(portal)
    lines = [line.partition(": ") for line in run(tongue, asked, portal, tmp_path)]
    said = {name: text.strip() for name, _, text in lines}

    assert list(dict.fromkeys(name for name, _, _ in lines)) == list(FUNCTIONS)
    assert said["Terminology"] == asked.display
    assert said["ValidateCts"].lower() == "true"
    assert asked.small in said["CtsTerminologies"].split()
    assert said["TerminologiesTermByVersion"] == "1"
    assert re.fullmatch(r"10000 true", said["TerminologyVersions"], re.IGNORECASE)


def test_the_lines_of_curl_are_answered(portal, tmp_path):
    """Each with the gateway's 200, and with something found."""
    lines = run("curl", facts(portal), portal, tmp_path)

    assert len(lines) == len(FUNCTIONS)
    assert all('"data":' in line and line.endswith('"status":{"statusCode":200,"message":"OK"}}') for line in lines)


@pytest.mark.parametrize("tongue", TONGUES)
def test_what_a_list_holds_stays_a_text(tongue, hostile, tmp_path):
    """Quotes, dollars, back-quotes and backslashes of a code or a display come back as they went."""
    asked = facts(hostile)
    printed = "\n".join(run(tongue, asked, hostile, tmp_path))

    assert (asked.code, asked.id) == ("a'b$c`d\\e", "it's $(x)")
    assert (asked.display if tongue != "curl" else '"data":"true"') in printed


@pytest.mark.parametrize("tongue", TONGUES)
def test_a_program_is_shown_in_pieces_that_are_all_of_it(tongue):
    """Its settings with the login, then the functions; no place is left open, no secret is in it."""
    made = program(TONGUES[tongue], Facts(address="https://maksa.example"))

    assert tuple(made.parts) == PARTS
    assert all(made.parts.values())
    for name in FUNCTIONS:
        assert made.parts[name].splitlines()[0].strip() in made.text
    assert "https://maksa.example" in made.parts["login"]
    assert "⟦" not in made.text
    assert "[" + "login]" not in made.text


def test_a_shelf_without_lists_shows_the_guides_own_samples(tmp_path):
    """A page that was opened too early is a page all the same."""
    assert facts_of(Shelf.open(tmp_path).view, "http://x") == Facts(address="http://x")
