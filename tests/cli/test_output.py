"""What goes where: lines in a pipe, a table on a terminal, readers who go early, arguments that are no text."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import environment, released, run_in, run_outside

FULL = Path("/dev/full")  # a disk on which nothing has room
DISPLAY = "TABLET ORAL [AXAR] [red] :smile: [/]"  # a maker in brackets; to a careless table, markup


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shown")
    released(
        folder, "eRX", "1", "code,value", f"60001,{DISPLAY}", "60002,استامینوفن", *(f"{n},x" for n in range(20_000))
    )
    return folder / "home"


def on_a_terminal(home, *arguments):
    """What a person sees: the command with a terminal for its output, and the exit code."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "maksa", *arguments], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL,
        env=environment(home, COLUMNS="120", TERM="xterm"),
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so that nobody writes any more
            break
        if not part:
            break
        seen += part
    os.close(ours)
    return done.wait(30), seen.decode()


def test_a_pipe_gets_tab_separated_lines_under_a_header(home):
    """Plain UTF-8, no colours, whatever the terminal of the caller is."""
    done = run_outside("lookup", "eRX", "60002", env=environment(home, FORCE_COLOR="1", TERM="xterm-256color"))

    assert done.out.splitlines()[:3] == ["FIELD\tVALUE", "code\t60002", "display\tاستامینوفن"]
    assert "\x1b" not in done.out


def test_a_terminal_gets_a_table_with_every_letter(home):
    """A display in brackets is shown, not taken for markup."""
    code, seen = on_a_terminal(home, "lookup", "eRX", "60001")

    assert code == 0
    assert DISPLAY in seen
    assert "\t" not in seen
    assert "\x1b[1m" in seen  # the header, bold


def test_progress_is_a_live_line_on_a_terminal_and_plain_lines_in_a_pipe(home, tmp_path):
    """One line for each phase; on standard error always, so that JSON stays JSON."""
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,یک\n", encoding="utf-8")
    arguments = ("load", str(file), "--terminology", "X", "--version", "1")
    _, seen = on_a_terminal(home, *arguments)
    piped = run_outside(*arguments, "--json", env=environment(home))

    assert "\x1b[?25l" in seen  # the cursor is hidden while the line lives
    assert piped.json["kept"] == 1
    assert piped.err.startswith("maksa: ")
    assert "\nread: 1 rows in " in piped.err
    assert "\x1b" not in piped.err


@pytest.mark.parametrize(
    "arguments", [("since", "1390/01/01", "eRX"), ("since", "1390/01/01", "eRX", "--json"), ("--help",)]
)
def test_a_reader_who_goes_early_is_no_fault(home, arguments):
    """`maksa since … | head -1`: exit code 0, and not a word."""
    process = subprocess.Popen(
        [sys.executable, "-m", "maksa", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(home),
    )
    process.stdout.read(10)
    process.stdout.close()

    assert (process.stderr.read(), process.wait(30)) == (b"", 0)
    process.stderr.close()


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_under_standard_output_is_told(home, unbuffered):
    """Exit code 7, in one line; whether Python buffers what it prints or not."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "maksa", "terminologies"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(home) | {"PYTHONUNBUFFERED": unbuffered},
            timeout=30,
        )

    assert (done.returncode, done.stderr) == (7, b"maksa: standard output: No space left on device\n")


def test_closed_streams_are_no_fault(home):
    """A daemon may have none."""
    closed = 'exec 1>&- 2>&-; exec "$0" -m maksa terminologies'

    assert subprocess.run(["sh", "-c", closed, sys.executable], env=environment(home), timeout=30).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("lookup", "eRX", b"\xff"), ("search", b"\xff"), ("validate", "eRX", "60002", b"\xff"), ("account", "rotate", b"\xff"),
        ("publish", "eRX", "2", "--remarks", b"\xff"), ("account", "add", "x", "--address", b"\xff"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused(home, arguments):
    """A shell in another encoding sends them: exit code 2, and the bytes are shown."""
    done = run_outside(*arguments, env=environment(home))

    assert (done.code, done.out) == (2, "")
    assert r"'\udcff' is not text in UTF-8" in done.err
    assert "Traceback" not in done.err


def test_a_cell_with_a_tab_or_a_line_break_stays_one_cell(tmp_path):
    """Lines are for programs."""
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,یک\n", encoding="utf-8")
    run_in(tmp_path, "load", file, "--terminology", "X", "--version", "1", "--title", "a\tb\nc")
    run_in(tmp_path, "publish", "X", "1")

    assert [row[-1] for row in run_in(tmp_path, "terminologies").rows] == ["a b c"]
    assert run_in(tmp_path, "terminologies", "--json").json[0]["title"] == "a\tb\nc"
