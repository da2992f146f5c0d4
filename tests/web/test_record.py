"""The record of the service's state: added to by many, bounded, and never in the way."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.web.journal import BUCKETS_S, Entry, Journal
from maksa.web.record import HOUR, MINUTE, NAME, Record, Span, counted, spans, start_of
from maksa.web.state import DAYS, state_of
from maksa.wire.dates import TEHRAN
from tests.web.conftest import put, running

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=TEHRAN).timestamp()


def heard(*answers: tuple[str, int, float]) -> Journal:
    """A journal that has counted (function, status, seconds) of each answer."""
    journal = Journal(None)
    for function, status, seconds in answers:
        journal.note(Entry(NOON, "id", function, "hospital", "10.0.0.1", status, 0, seconds, 100))
    journal.flush()
    return journal


def took(seconds: float, count: int = 1) -> list[int]:
    """The buckets of *count* answers that took so long."""
    place = next(place for place, limit in enumerate(BUCKETS_S) if seconds <= limit)
    return [count if each == place else 0 for each in range(len(BUCKETS_S) + 1)]


def test_what_callers_ask_is_counted_and_who_they_are_is_not():
    """Pages and health are left out; a caller who hung up was neither refused nor failed."""
    journal = heard(
        ("Terminology", 200, 0.001), ("token", 401, 0.04), ("ValidateCts", 503, 0.002),
        ("Terminology", 499, 0.0), ("portal", 500, 0.1), ("health", 200, 0.001),
    )  # fmt: skip
    span = counted(journal)

    assert (span.requests, span.refused, span.failed, sum(span.buckets)) == (4, 1, 1, 4)


def test_a_minute_gets_what_was_counted_in_it(tmp_path):
    """A note at the beginning of a minute tells what the minute before has seen, once."""
    record = Record(tmp_path)
    record.note(Span(), NOON)
    record.note(Span(7, 1, 2, took(0.001, 7)), NOON + 60)
    record.note(Span(10, 1, 2, took(0.001, 10)), NOON + 120)

    minutes = [(start, span.requests, span.up) for start, span in spans(tmp_path, MINUTE, 0)]
    assert minutes == [(NOON, 7, 1), (NOON + 60, 3, 1), (NOON + 120, 0, 1)]
    ((start, hour),) = spans(tmp_path, HOUR, 0)
    assert (start, hour.requests, hour.refused, hour.failed, hour.up) == (NOON, 10, 1, 2, 0b111)


def test_the_minutes_of_an_hour_are_those_that_were_lived_in(tmp_path):
    """A service that began at twenty past has not been down since the hour's first minute, nor up in it."""
    record = Record(tmp_path)
    for minute in (20, 21, 22):
        record.note(Span(), NOON + minute * 60)

    ((_, hour),) = spans(tmp_path, HOUR, 0)
    assert hour.up == 0b111 << 20
    assert state_of(tmp_path, NOON + 23 * 60).days[-1].up == 1.0


def test_a_note_is_due_once_a_minute(tmp_path):
    """The worker asks each second."""
    record = Record(tmp_path)

    assert record.is_due(NOON)
    record.note(Span(), NOON)
    assert not record.is_due(NOON + 59.9)
    assert record.is_due(NOON + 60)


def test_workers_add_to_one_record(tmp_path):
    """At the same moment, each what it has counted itself; a minute that two lived in is one minute."""

    def work() -> None:
        record = Record(tmp_path)
        for minute in range(5):
            record.note(Span(requests=minute * 10, buckets=took(0.001, minute * 10)), NOON + minute * 60)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ((_, hour),) = spans(tmp_path, HOUR, 0)

    assert (hour.requests, hour.up.bit_count()) == (160, 5)


def test_two_notes_at_once_count_what_there_is_once(tmp_path):
    """The last note of a worker that ends, and that of the minute, which its thread is still writing: another writes as well."""
    record = Record(tmp_path)
    record.note(Span(), NOON)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other, ThreadPoolExecutor(2) as two:
        other.execute("BEGIN IMMEDIATE")
        notes = [two.submit(record.note, Span(5, buckets=took(0.001, 5)), NOON) for _ in range(2)]
        time.sleep(0.3)
        other.execute("COMMIT")
        for note in notes:
            note.result()
    ((_, hour),) = spans(tmp_path, HOUR, 0)

    assert hour.requests == 5


def test_it_outlives_the_service_and_forgets_what_is_old(tmp_path):
    """Minutes for a day, hours for weeks; a worker that starts again counts from nothing."""
    for day in range(50):
        record = Record(tmp_path)
        record.note(Span(), NOON + day * 86_400)
        record.note(Span(requests=5, buckets=took(0.001, 5)), NOON + day * 86_400 + 60)

    assert len(spans(tmp_path, MINUTE, 0)) <= 4
    hours = spans(tmp_path, HOUR, 0)
    assert len(hours) == 40
    assert {span.requests for _, span in hours} == {5}


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""])
def test_a_damaged_record_is_begun_anew(tmp_path, content):
    """The service is not held up by it, and no reader fails on it."""
    (tmp_path / NAME).write_bytes(content)
    record = Record(tmp_path)

    assert spans(tmp_path, HOUR, 0) == []
    record.note(Span(), NOON)
    record.note(Span(), NOON + 60)
    assert len(spans(tmp_path, HOUR, 0)) == 1


def test_figures_that_nobody_wrote_are_no_figures(tmp_path):
    """A file of ours with nonsense in it is begun anew like any other."""
    record = Record(tmp_path)
    record.note(Span(), NOON)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("UPDATE span SET figures = '[]'")
    db.close()

    assert spans(tmp_path, HOUR, 0) == []
    record.note(Span(), NOON + 60)
    record.note(Span(), NOON + 120)
    assert len(spans(tmp_path, HOUR, 0)) == 1


def test_what_could_not_be_written_is_written_later(tmp_path):
    """A folder that is not there yet: nothing is lost of what was counted."""
    folder = tmp_path / "run"
    record = Record(folder)
    record.note(Span(requests=3, buckets=took(0.001, 3)), NOON)
    folder.mkdir()
    record.note(Span(requests=8, buckets=took(0.001, 8)), NOON + 60)

    assert sum(span.requests for _, span in spans(folder, HOUR, 0)) == 8


def test_hours_are_tehrans():
    """They begin at half past by UTC, so that a day is 24 of them."""
    local = dt.datetime(2026, 11, 22, 0, 10, tzinfo=TEHRAN)

    assert start_of(HOUR, local.timestamp()) == local.replace(minute=0).timestamp()
    assert start_of(MINUTE, local.timestamp() + 59) == local.timestamp()


def test_days_say_how_long_the_service_lived(tmp_path):
    """A day before the first minute on record says nothing; one that the service slept through says 0; today counts to now."""
    record = Record(tmp_path)
    begin = NOON - 2 * 86_400
    for minute in range(60):
        record.note(Span(), begin + minute * 60)
    for minute in range(60):
        record.note(Span(requests=minute, buckets=took(0.0005, minute)), NOON - 3600 + minute * 60)
    state = state_of(tmp_path, NOON)

    assert len(state.days) == DAYS
    assert [day.up for day in state.days[:-3]] == [None] * (DAYS - 3)
    assert [round(day.up, 3) for day in state.days[-3:]] == [round(60 / 720, 3), 0, round(60 / 720, 3)]
    assert state.days[-1].figures.requests == 59
    assert state.since == dt.datetime.fromtimestamp(begin, dt.UTC)


def test_nothing_on_record_is_no_day_and_no_figure(tmp_path):
    """A service that has just been made."""
    state = state_of(tmp_path, NOON)

    assert (state.since, state.lately.requests, state.lately.p95_ms) == (None, 0, None)
    assert all(day.up is None for day in state.days)


def test_quantiles_are_right_to_the_width_of_a_bucket(tmp_path):
    """Against the durations themselves."""
    chance = random.Random(5)
    durations = sorted(chance.lognormvariate(-6, 1) for _ in range(2000))
    journal = heard(*(("Terminology", 200, seconds) for seconds in durations))
    record = Record(tmp_path)
    record.note(Span(), NOON)
    record.note(counted(journal), NOON + 60)
    lately = state_of(tmp_path, NOON + 100).lately

    for part, found in ((0.5, lately.p50_ms), (0.95, lately.p95_ms)):
        exact = durations[int(part * len(durations)) - 1]
        floor, limit = next(pair for pair in zip((0, *BUCKETS_S), BUCKETS_S, strict=False) if exact <= pair[1])
        assert floor * 1000 <= found <= limit * 1000
    assert lately.requests == 2000


def test_a_service_writes_its_record_and_goes_on_with_it_when_it_starts_again(tmp_path):
    """By two workers, the last counts when they end."""
    home = Home.of(tmp_path / "home")
    put(home, "Country", "1", [Concept("1", "ایران")])
    for workers in ("2", "1"):
        with running(home, "--workers", workers) as service:
            for _ in range(10):
                assert service.ask("Terminology", terminologyId="Country", codedString="1").status == 200
    hours = [span for _, span in spans(home.run, HOUR, 0)]

    assert sum(span.requests for span in hours) == 22  # twice ten questions and a token
    assert any(span.up for span in hours)
