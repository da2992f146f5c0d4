"""Accounts' use: counted by hour and by day, kept over restarts, and no burden on the service."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.web.journal import BUCKETS_S, Tally
from maksa.web.record import HOUR
from maksa.web.usage import DAY, NAME, Usage, days, totals, use_of
from tests.web.conftest import put, running

NOON = 1_700_000_000.0  # 2023-11-15 01:43 in Tehran


def tallied(**statuses: int) -> Tally:
    return Tally({int(status[1:]): count for status, count in statuses.items()}, [0] * (len(BUCKETS_S) + 1))


def test_calls_are_counted_once_by_hour_and_by_day(tmp_path):
    """What was told before is not told again; a refusal and a failure are calls too."""
    usage, tally = Usage(tmp_path), tallied(s200=5, s429=2, s499=1)
    usage.note({"Terminology\nhospital": tally}, NOON)
    tally.statuses[200] += 3
    usage.note({"Terminology\nhospital": tally, "health\n": tallied(s200=9)}, NOON + 60)
    [hour] = use_of(tmp_path, "hospital", HOUR, 0)
    [day] = use_of(tmp_path, "hospital", DAY, 0)

    assert (hour.requests, hour.refused, hour.failed) == (11, 2, 0)
    assert (day.function, day.requests) == ("Terminology", 11)
    assert totals(tmp_path, NOON) == {"hospital": 11}


def test_workers_and_restarts_add_up(tmp_path):
    """Each begins at nought, the file does not."""
    for _ in range(3):
        Usage(tmp_path).note({"Terminology\nhospital": tallied(s200=2)}, NOON)

    assert totals(tmp_path, NOON) == {"hospital": 6}


def test_two_notes_at_once_count_what_there_is_once(tmp_path):
    """The last note of a worker that ends, and that of the minute, which its thread is still writing: another writes as well."""
    usage, tally = Usage(tmp_path), tallied(s200=1)
    usage.note({"Terminology\nhospital": tally}, NOON)
    tally.statuses[200] += 5
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other, ThreadPoolExecutor(2) as two:
        other.execute("BEGIN IMMEDIATE")
        notes = [two.submit(usage.note, {"Terminology\nhospital": tally}, NOON) for _ in range(2)]
        time.sleep(0.3)
        other.execute("COMMIT")
        for note in notes:
            note.result()

    assert totals(tmp_path, NOON) == {"hospital": 6}


def test_days_are_tehrans_and_old_ones_go(tmp_path):
    """A day begins at midnight there; hours are kept for a week, days for a year."""
    usage, tally = Usage(tmp_path), tallied(s200=1)
    for place in range(3):
        tally.statuses[200] += 1
        usage.note({"Terminology\nhospital": tally}, NOON + place * 300 * DAY)

    assert [use.start for use in use_of(tmp_path, "hospital", DAY, 0)] == [
        days(NOON + back * DAY, 1)[0] for back in (300, 600)
    ]
    assert len(use_of(tmp_path, "hospital", HOUR, 0)) == 1
    assert (days(NOON, 1)[0] + 12_600) % DAY == 0


def test_a_damaged_file_is_begun_anew(tmp_path):
    """Nothing is asked of it that could hold up an answer."""
    (tmp_path / NAME).write_bytes(b"no database at all, but long enough to be looked at" * 20)
    usage = Usage(tmp_path)
    usage.note({"Terminology\nhospital": tallied(s200=1)}, NOON)
    usage.note({"Terminology\nhospital": tallied(s200=1)}, NOON)

    assert totals(tmp_path, NOON) == {"hospital": 1}
    assert totals(tmp_path / "elsewhere", NOON) == {}


def test_a_service_leaves_what_its_accounts_asked(tmp_path):
    """A token and a question, by the account's name; the file is there when the service has ended."""
    home = Home.of(tmp_path / "home").made()
    put(home, "ContactType", "1", [Concept("1", "نشانی")])
    with running(home) as service:
        service.ask("CtsTerminologies")
    used = {use.function: use.requests for use in use_of(home.run, "test", DAY, 0)}

    assert used["CtsTerminologies"] == 1
