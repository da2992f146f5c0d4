"""The accounts' store on SQLite and on PostgreSQL: its tables, its transactions, what it says when it cannot.

What this file owes: the tables are made once whoever comes first; each fault of the machine is an error of ours.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from maksa.model.errors import (
    DiskFullError,
    LockedError,
    ReadOnlyError,
    SchemaVersionError,
    SettingsError,
    StorageError,
)
from maksa.web.gateway import schema
from maksa.web.gateway.store import Store

FAILURE = {"failures": 1, "forgotten_at": 0.0, "trusted_until": 0.0}


def revision_of(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(
            select(schema.counter.c.value).where(schema.counter.c.name == "revision")
        ).scalar_one()


def take_revision(store: Store) -> int:
    with store.writing() as connection:
        return schema.next_revision(connection)


def fill(store: Store, rows: list[dict[str, object]]) -> None:
    with store.writing() as connection:
        connection.execute(insert(schema.login_failure), rows)


def test_a_store_opened_again_has_what_it_had(store, store_url, opened):
    """Preparing is idempotent."""
    assert take_revision(store) == 1

    again = opened(store_url)
    assert revision_of(again) == 1


def test_a_failed_transaction_leaves_nothing(store):
    """What was written before the fault is not there after it."""
    with contextlib.suppress(ZeroDivisionError), store.writing() as connection:
        assert schema.next_revision(connection) == 1
        raise ZeroDivisionError

    assert revision_of(store) == 0


def test_a_fault_of_our_own_shows_no_value(store):
    """It is logged with all that it says."""
    asked = text("SELECT 1 FROM no_such_table WHERE name = :name")
    with pytest.raises(DBAPIError, match="no_such_table") as raised, store.reading() as connection:
        connection.execute(asked, {"name": "pharmacy-1"})

    assert "pharmacy-1" not in str(raised.value)


def test_a_store_of_another_version_is_refused(store, store_url):
    """A newer maksa's tables are neither read nor changed."""
    with store.writing() as connection:
        connection.execute(update(schema.counter).where(schema.counter.c.name == "schema_version").values(value=99))

    with pytest.raises(SchemaVersionError, match="its tables are of version 99, this maksa knows 1"):
        Store(store_url)


def test_many_processes_may_open_a_new_store_at_once(store_url, opened):
    """Workers start together: the tables are made by one of them and found by the others."""
    program = "import sys; from maksa.web.gateway.store import Store; Store(sys.argv[1])"
    starting = [
        subprocess.Popen([sys.executable, "-c", program, store_url], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]

    assert [process.communicate()[1] for process in starting] == [""] * 6
    store = opened(store_url)
    assert revision_of(store) == 0


def test_threads_take_revisions_one_after_another(store):
    """No two changes have the same number, and none is skipped."""
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: take_revision(store), range(40)))

    assert sorted(taken) == list(range(1, 41))


def test_a_revision_becomes_visible_in_its_order(store):
    """A change that has its number and is not committed holds back the next: a poll misses none."""
    second_done = threading.Event()
    with ThreadPoolExecutor(1) as threads, store.writing() as connection:
        assert schema.next_revision(connection) == 1
        second = threads.submit(lambda: (take_revision(store), second_done.set()))
        assert not second_done.wait(0.2)
        connection.commit()
        assert second.result(timeout=5)[0] == 2


def test_a_store_that_another_holds_is_locked(store_url, opened):
    """The wait ends, with an error that names the place."""
    first, second = opened(store_url), opened(store_url, wait_s=0.1)
    with first.writing() as connection:
        schema.next_revision(connection)
        with pytest.raises(LockedError) as caught:
            take_revision(second)

    assert caught.value.path == second.place
    assert take_revision(second) == 2


def test_readers_go_on_while_one_writes(store):
    """A password grant for a live token needs no lock."""
    with store.writing() as connection:
        schema.next_revision(connection)
        assert revision_of(store) == 0


def test_a_full_sqlite_says_so(tmp_path, opened):
    """The database may not grow: the row is not there, what was there is."""
    store = opened(f"sqlite:///{tmp_path / 'accounts.db'}")
    rows = [{"key": os.urandom(32) * 100, **FAILURE} for _ in range(1000)]
    with store.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(DiskFullError):
        fill(store, rows)

    assert revision_of(store) == 0


def test_a_read_only_sqlite_says_so(tmp_path, opened):
    """Reading goes on."""
    store = opened(f"sqlite:///{tmp_path / 'accounts.db'}")
    with store.reading() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(ReadOnlyError, match="cannot be written"):
        take_revision(store)

    assert revision_of(store) == 0


def test_a_read_only_postgresql_says_so(postgres_database, opened):
    """A standby answers reads."""
    opened(postgres_database)
    standby = opened(postgres_database + "&options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(ReadOnlyError, match="cannot be written"):
        take_revision(standby)

    assert revision_of(standby) == 0


def test_a_file_that_is_no_database_says_so(tmp_path):
    """A foreign file is named, and left as it is."""
    file = tmp_path / "accounts.db"
    file.write_bytes(b"not a database, " * 100)

    with pytest.raises(StorageError, match=r"accounts\.db: file is not a database"):
        Store(f"sqlite:///{file}")
    assert file.read_bytes() == b"not a database, " * 100


def test_a_directory_that_is_not_there_says_so(tmp_path):
    """The store makes no directories."""
    with pytest.raises(StorageError, match="unable to open database file"):
        Store(f"sqlite:///{tmp_path / 'nowhere' / 'accounts.db'}")


def test_a_server_that_does_not_answer_is_named_without_its_password():
    """Nothing listens on port 1."""
    with pytest.raises(StorageError, match="Connection refused") as caught:
        Store("postgresql://maksa:Gol-e-Sorkh@127.0.0.1:1/maksa", wait_s=1)

    assert "Gol-e-Sorkh" not in str(caught.value)
    assert caught.value.path == "postgresql+psycopg://***@127.0.0.1:1/maksa"


@pytest.mark.parametrize("url", ["mysql://h/d", "not a url", "oracle+nothing://h"])
def test_a_url_of_another_kind_is_a_settings_error(url):
    """SQLite or PostgreSQL."""
    with pytest.raises(SettingsError, match="accounts_url: "):
        Store(url)


def test_a_connection_that_the_server_ended_is_made_again(postgres_database, opened):
    """PostgreSQL was restarted while the service ran: the next request is answered."""
    store = opened(postgres_database)
    other = opened(postgres_database)
    with store.reading() as connection:
        connection.execute(text("SELECT 1"))
    with other.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )

    assert revision_of(store) == 0


def test_sqlite_keeps_its_log_beside_it_so_that_readers_do_not_wait(tmp_path, opened):
    """WAL, and every commit on the disk."""
    opened(f"sqlite:///{tmp_path / 'accounts.db'}")

    with sqlite3.connect(tmp_path / "accounts.db") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()
