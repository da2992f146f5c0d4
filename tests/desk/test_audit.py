"""The audit: added to, never changed, and telling when it was."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from maksa.desk.audit import FIRST, Who, as_csv, as_json_lines
from maksa.model.errors import AccountFieldError
from tests.desk.conftest import TERMINAL


def engine_of(desk):
    url = desk.settings.desk_url.replace("postgresql://", "postgresql+psycopg://")
    return create_engine(url or f"sqlite:///{desk.home.path / 'desk.db'}")


def filled(desk, count=5):
    for place in range(count):
        desk.audit.note(Who("zahra", "10.0.0.1"), "load-asked", f"eRX {place}", place=place)
    return desk


def test_entries_hang_together(either):
    """Each is summed over the one before it; whoever counts them finds what was given."""
    filled(either)
    entries = list(either.audit.entries())

    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].hash == entries[0].expected(FIRST)
    assert either.audit.verify().broken_at is None
    assert either.audit.verify().head == entries[-1].hash


@pytest.mark.parametrize(
    "statement", ["UPDATE desk_audit SET actor = 'omid'", "DELETE FROM desk_audit WHERE number = 5"]
)
def test_the_database_refuses_to_change_an_entry(either, statement):
    """Whoever has the database's password, and not its owner's rights, changes nothing."""
    filled(either)
    engine = engine_of(either)
    with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE desk_audit SET actor = 'omid' WHERE number = 3", 3),
        ("UPDATE desk_audit SET at = at + 1 WHERE number = 5", 5),
        ("DELETE FROM desk_audit WHERE number = 2", 2),
        ("DELETE FROM desk_audit WHERE number = 5", 5),
    ],
)
def test_a_change_behind_the_databases_back_is_found(desk, statement, broken_at):
    """The triggers taken away, as only the owner of the file can: a line changed, one gone, the last one gone."""
    filled(desk)
    engine = engine_of(desk)
    with engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER desk_audit_no_{verb}"))
        connection.execute(text(statement))
    engine.dispose()

    assert desk.audit.verify().broken_at == broken_at


def test_acts_at_once_are_written_one_after_the_other(either):
    """Eight threads, one chain."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda place: either.audit.note(TERMINAL, "act", str(place)), range(24)))

    assert either.audit.verify().entries == 24
    assert either.audit.verify().broken_at is None


def test_an_act_that_fails_is_not_written_as_done(desk):
    """The entry is in the transaction of the act."""
    with pytest.raises(Exception, match="nobody"):
        desk.operators.disable("nobody", TERMINAL)

    assert list(desk.audit.entries()) == []


def test_it_is_read_in_pages_and_by_whom(desk):
    """The newest first; of one actor; about a subject or an action."""
    filled(desk)
    desk.audit.note(TERMINAL, "operator-added", "omid")

    assert [entry.number for entry in desk.audit.page(limit=2)] == [6, 5]
    assert [entry.number for entry in desk.audit.page(before=5, limit=2)] == [4, 3]
    assert [entry.number for entry in desk.audit.page(actor="terminal")] == [6]
    assert [entry.number for entry in desk.audit.page(about="eRX 3")] == [4]
    assert [entry.number for entry in desk.audit.page(about="operator-added")] == [6]
    assert desk.audit.page(about="%") == []


def test_it_is_exported_whole(desk):
    """As CSV, in which nothing runs as a formula, and as JSON by the line."""
    filled(desk, 1200)
    desk.audit.note(Who("=cmd()"), "act", "@SUM(1)")
    rows = list(csv.reader(io.StringIO("".join(as_csv(desk.audit.entries())))))
    lines = [json.loads(line) for line in as_json_lines(desk.audit.entries())]

    assert (len(rows), len(lines)) == (1202, 1201)
    assert rows[0][:3] == ["number", "at", "actor"]
    assert rows[-1][-1] == desk.audit.page(limit=1)[0].time.isoformat()
    assert (rows[-1][2], rows[-1][5]) == ("'=cmd()", "'@SUM(1)")
    assert (lines[-1]["actor"], lines[0]["facts"]) == ("=cmd()", '{"place":0}')


def test_an_act_that_another_store_refused_is_not_left_as_done(desk):
    """It is written down before it is tried, for the desk may end in between; then that it was not done, and why."""
    with pytest.raises(AccountFieldError), desk.audit.around(Who("zahra"), "account-add", "lab", rate="often"):
        desk.accounts.add("lab", rate="often")
    refused, begun = desk.audit.page(limit=2)

    assert (begun.action, refused.action) == ("account-add", "account-add-refused")
    assert json.loads(refused.facts) == {"why": "account-field"}


def test_what_was_typed_turns_no_terminal(desk):
    """Escapes and marks of direction are shown as lost; the joiner of Persian letters is one of them."""
    desk.audit.note(Who("zahra"), "act", "\x1b]0;x\x07 \u202eevil می\u200cرود")

    assert desk.audit.page(limit=1)[0].subject == "\ufffd]0;x\ufffd \ufffdevil می\u200cرود"
