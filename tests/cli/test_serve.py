"""`maksa serve` where it cannot start: why, in a line, before it says that it serves; and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import environment, run_outside


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("file", "content", "code", "said"),
    [
        ("shelf/manifest.json", "{", 6, "manifest.json: not readable"),
        ("shelf/manifest.json", '{"format":9}', 6, "format version 9, this maksa reads 1"),
        ("accounts.db", "garbage " * 100, 7, "accounts.db: file is not a database"),
        ("maksa.toml", "token_ttl_s = 'x'", 10, "maksa.toml: token_ttl_s"),
        ("maksa.toml", "rate_store = 'http://x'", 10, "rate_store"),
        ("run", "a file where a folder is wanted", 7, "run: File exists"),
        ("shelf", "a file where a folder is wanted", 6, "Not a directory"),
    ],
)
def test_what_is_wrong_with_the_home_is_told_before_it_serves(home, file, content, code, said, workers):
    """The exit code says whose fault it is; nothing listens."""
    (home / file).parent.mkdir(parents=True, exist_ok=True)
    (home / file).write_text(content)
    done = run_outside("serve", "--port", "0", "--workers", workers, env=environment(home))

    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("maksa: ")
    assert done.err.count("\n") == 1
    assert said in done.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--port", "65536"), 10, "--port: 65536"),
        (("--workers", "0"), 10, "--workers: 0"),
        (("--tls-cert", "cert.pem"), 10, "tls_key is missing"),
        (("--tls-cert", "none.pem", "--tls-key", "none.pem"), 10, "none.pem"),
        (("--port", "0", "--host", "203.0.113.1"), 7, "203.0.113.1:0: cannot be listened on"),
        (("--port", "http"), 2, "'http' is not a valid int"),
    ],
)
def test_what_is_wrong_with_an_option_is_told_with_its_value(home, options, code, said):
    """In one line, but where the usage is shown too."""
    done = run_outside("serve", *options, env=environment(home))

    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(home, number, workers):
    """SIGTERM and Ctrl-C are how a service ends: exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", "maksa", "serve", "--port", "0", "--workers", workers],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home),
    )  # fmt: skip
    begun = 0
    for line in process.stdout:  # the log
        begun += "Application startup complete" in line
        if begun == int(workers):
            break
    process.send_signal(number)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "Traceback" not in err
