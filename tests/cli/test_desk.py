"""`maksa operator` and `maksa desk` as they are typed: operators made and shut out, the audit read and proved."""

from __future__ import annotations

import csv
import io
import socket
import sqlite3

from tests.cli.conftest import run_outside


def test_operators_are_made_listed_and_shut_out(maksa):
    """The first password is shown once; a name is taken once; each act is in the audit, done at the terminal."""
    added = maksa("operator", "add", "Zahra", "--role", "operator", "--role", "releaser", "--json")
    again = maksa("operator", "add", "zahra")
    unknown = maksa("operator", "reset", "nosuch")
    reset = maksa("operator", "reset", "zahra")
    maksa("operator", "disable", "zahra")
    listed = maksa("operator", "list").rows
    maksa("operator", "enable", "zahra")
    acts = [(row[2], row[4]) for row in maksa("desk", "audit").rows]

    assert (added.json["name"], len(added.json["password"])) == ("zahra", 20)
    assert (again.code, "there is an operator 'zahra' already" in again.err) == (2, True)
    assert (unknown.code, unknown.err) == (1, "maksa: there is no operator 'nosuch'\n")
    assert added.json["password"] not in reset.out
    assert "cannot be shown again" in reset.err
    assert listed == [["zahra", "disabled", "operator releaser"]]
    assert acts == [("terminal", f"operator-{act}") for act in ("added", "reset", "disabled", "enabled")]


def test_roles_are_assigned_at_the_terminal(maksa):
    """To whoever has outgrown his own; the audit has it."""
    maksa("operator", "add", "sara", "--role", "operator")

    assert maksa("operator", "assign", "Sara", "--role", "releaser").out == "sara: releaser\n"
    assert "releaser" in maksa("operator", "list").out
    assert "operator-assigned" in maksa("desk", "audit").out


def test_who_is_not_there_is_said(maksa):
    """Exit code 1, and one line."""
    for verb in ("reset", "disable", "enable"):
        assert maksa("operator", verb, "nobody").code == 1


def test_the_audit_is_proved_and_printed(maksa, home):
    """As CSV with its sums; an entry that was changed behind the database's back is named, with exit code 1."""
    maksa("operator", "add", "zahra")
    maksa("operator", "disable", "zahra")
    sound = maksa("desk", "verify")
    rows = list(csv.reader(io.StringIO(maksa("desk", "audit", "--csv").out)))
    with sqlite3.connect(home / "desk.db") as db:
        db.execute("DROP TRIGGER desk_audit_no_update")
        db.execute("UPDATE desk_audit SET actor = 'omid' WHERE number = 2")
    broken = maksa("desk", "verify", "--json")

    assert (sound.code, "2 entries hang together" in sound.out) == (0, True)
    assert [row[4] for row in rows] == ["action", "operator-added", "operator-disabled"]
    assert rows[2][rows[0].index("hash")] in sound.out
    assert (broken.code, broken.json["broken_at"]) == (1, 2)


def test_a_desk_that_cannot_be_served_says_why(home):
    """A port that is taken, a certificate that is none: one line, and the exit code of whose fault it is."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = run_outside("--home", str(home), "desk", "serve", "--port", port)
    plain = run_outside("--home", str(home), "desk", "serve", "--tls-cert", "x.pem", "--tls-key", "y.pem")

    assert (busy.code, f"127.0.0.1:{port}" in busy.err) == (7, True)
    assert (plain.code, "x.pem" in plain.err) == (10, True)


def test_a_backup_holds_operators_and_the_key_of_their_second_factors(maksa, home, tmp_path):
    """Restored elsewhere, the audit is whole."""
    maksa("operator", "add", "zahra")
    maksa("backup", tmp_path / "home.tar")
    restored = maksa("restore", tmp_path / "home.tar", "--home", tmp_path / "other")
    verified = maksa("desk", "verify", "--home", tmp_path / "other")

    assert (restored.code, verified.code) == (0, 0)
    assert (tmp_path / "other" / "desk.key").read_bytes() == (home / "desk.key").read_bytes()
    assert maksa("operator", "list", "--home", tmp_path / "other").rows[0][0] == "zahra"
