"""A service whose machine lets it down: a lock, a full disk. The rest goes on serving."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from tests.cli.test_machine import mounted, needs_root
from tests.web.conftest import put, running


def published(folder):
    """A home with two versions of a list."""
    home = Home.of(folder / "home")
    put(home, "eRX", "1", [Concept(str(n), f"دارو {n}") for n in range(2000)], at="1400/01/01")
    put(home, "eRX", "2", [Concept(str(n), f"drug {n}") for n in range(2000)])
    return home


def value(service):
    answer = service.ask("Terminology", terminologyId="eRX", codedString="7")
    return answer.status, answer.json()["result"].get("data")


def login(service, username=None):
    given = service.credentials
    return service.grant(grant_type="password", username=username or given["username"], password=given["password"])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_accounts_locked_by_another_hold_up_new_tokens_only(tmp_path, workers):
    """A login waits, then is told to come again in RFC 6749's words; who has a token goes on; unlocked, all is as before."""
    with running(published(tmp_path), "--workers", workers) as service:
        assert value(service) == (200, '"drug 7"')
        with closing(sqlite3.connect(service.home.path / "accounts.db", isolation_level=None)) as shell:
            shell.execute("BEGIN IMMEDIATE")
            refused = service.grant(grant_type="refresh_token", refresh_token="none")
            assert (refused.status, refused.json()["error"]) == (503, "temporarily_unavailable")
            assert str(service.home.path) not in refused.body.decode()
            assert {value(service) for _ in range(10)} == {(200, '"drug 7"')}
        assert service.grant(grant_type="refresh_token", refresh_token="none").status == 400
        assert login(service).status == 200


@needs_root
def test_a_full_disk_holds_up_what_must_be_written_only(tmp_path):
    """Codes, prepared bodies and live tokens are answered; a body that must be prepared is a 500; with room, it is there."""
    with mounted(tmp_path / "disk", "16m") as disk, running(published(disk)) as service:
        assert service.ask("TerminologiesTermByVersion", terminologyId="eRX", version="1").status == 200
        free = os.statvfs(disk)
        (disk / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize))
        shutil.rmtree(service.home.cache)  # version 2's body would have to be made

        assert value(service) == (200, '"drug 7"')
        assert service.ask("TerminologiesTermByVersion", terminologyId="eRX", version="1").status == 200
        assert login(service).status == 200
        refused = service.ask("TerminologiesTermByVersion", terminologyId="eRX", version="2")
        assert (refused.status, refused.json()["status"]["message"]) == (500, "Internal server error!")
        assert service.send("GET", "/health/ready").status == 200
        (disk / "filler").unlink()
        assert service.ask("TerminologiesTermByVersion", terminologyId="eRX", version="2").status == 200
