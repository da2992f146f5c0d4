"""Failed logins: slower and slower, then refused for a while; on both databases.

What this file owes: who can lock out whom; that strangers' names are counted as known ones are, and not kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from maksa.model.errors import BadClientError, BadGrantError, TooManyRequestsError
from maksa.settings import Settings
from maksa.web.gateway.schema import login_failure
from maksa.web.gateway.throttle import Failed, Throttle

SETTINGS = Settings(login_free_failures=3, login_lock_failures=10, login_lock_s=900)
HOSPITAL, ELSEWHERE = "10.20.0.7", "198.51.100.7"


@pytest.fixture
def throttle(store, clock) -> Throttle:
    return Throttle(store, SETTINGS, clock=clock)


def fail(throttle: Throttle, name: str, address: str, times: int) -> list[float]:
    return [throttle.failed(throttle.attempt(name, address)) for _ in range(times)]


def refused_s(throttle: Throttle, name: str, address: str) -> int:
    """The seconds for which an attempt is refused; 0 where it may go on."""
    try:
        throttle.attempt(name, address)
    except TooManyRequestsError as error:
        seconds: int = error.retry_after_s
        return seconds
    return 0


def rows_in(store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(login_failure)).scalar_one()


def test_failures_slow_down_and_are_then_refused_for_a_while(throttle, clock):
    """Three are free, ten lock, and a quarter of an hour ends it. [contract §3: 429]"""
    assert fail(throttle, "user-1", ELSEWHERE, 10) == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]
    clock.pass_s(60.5)
    assert refused_s(throttle, "user-1", ELSEWHERE) == 840

    clock.pass_s(840)
    assert fail(throttle, "user-1", ELSEWHERE, 4) == [0, 0, 0, 1]


def test_a_success_forgets_the_failures(throttle):
    """A slip of the hand costs nothing later."""
    fail(throttle, "user-1", HOSPITAL, 9)
    throttle.succeeded(throttle.attempt("user-1", HOSPITAL))

    assert fail(throttle, "user-1", HOSPITAL, 4) == [0, 0, 0, 1]


def test_failures_are_forgotten_with_time(throttle, clock):
    """A quarter of an hour after the last of them."""
    fail(throttle, "user-1", HOSPITAL, 9)
    clock.pass_s(900)

    assert fail(throttle, "user-1", HOSPITAL, 1) == [0]


def test_failures_of_a_clock_that_ran_ahead_lock_nobody_for_years(throttle, clock):
    """The clock is set right again: nobody is locked, and counting begins anew."""
    clock.pass_s(10 * 366 * 86_400)
    fail(throttle, "user-1", ELSEWHERE, 10)
    clock.pass_s(-10 * 366 * 86_400)
    assert refused_s(throttle, "user-1", ELSEWHERE) == 0

    assert fail(throttle, "user-1", ELSEWHERE, 4) == [0, 0, 0, 1]


def test_an_attacker_elsewhere_does_not_lock_out_a_user_where_he_logs_in(throttle):
    """Not from one address, and not from a hundred; he himself may still slip there."""
    throttle.succeeded(throttle.attempt("user-1", HOSPITAL))
    for number in range(100):
        fail(throttle, "user-1", f"203.0.113.{number}", 1)

    assert refused_s(throttle, "user-1", HOSPITAL) == 0
    assert refused_s(throttle, "user-1", ELSEWHERE) > 0
    assert fail(throttle, "user-1", HOSPITAL, 1) == [0]


def test_guesses_at_one_name_from_many_addresses_come_to_an_end(throttle):
    """A hundred failures lock a name for addresses where it has never logged in."""
    for number in range(100):
        fail(throttle, "user-1", f"203.0.113.{number}", 1)

    assert refused_s(throttle, "user-1", ELSEWHERE) == 900
    assert refused_s(throttle, "user-2", ELSEWHERE) == 0


def test_guesses_at_many_names_from_one_address_come_to_an_end(throttle):
    """A hundred failures lock an address for names that have never logged in there."""
    throttle.succeeded(throttle.attempt("user-1", ELSEWHERE))
    for number in range(100):
        fail(throttle, f"guess-{number}", ELSEWHERE, 1)

    assert refused_s(throttle, "guess-100", ELSEWHERE) == 900
    assert refused_s(throttle, "guess-100", HOSPITAL) == 0
    assert refused_s(throttle, "user-1", ELSEWHERE) == 0  # the real user behind the same address


def test_a_trusted_user_is_locked_by_his_own_failures(throttle):
    """Whoever sits at his address guesses ten times and no more."""
    throttle.succeeded(throttle.attempt("user-1", HOSPITAL))
    fail(throttle, "user-1", HOSPITAL, 10)

    assert refused_s(throttle, "user-1", HOSPITAL) == 900


def test_a_count_goes_on_by_a_clock_that_is_behind(store_url, opened, clock):
    """Another machine's; or of a thread that has looked at it before another, and came to write after him: ten are ten."""
    behind = Throttle(opened(store_url), SETTINGS, clock=lambda: clock() - 0.5)
    ahead = Throttle(opened(store_url), SETTINGS, clock=clock)
    counted = [fail(each, "user-1", ELSEWHERE, 1)[0] for each in (ahead, behind) * 5]

    assert counted == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]
    assert refused_s(behind, "user-1", ELSEWHERE) > 0
    assert refused_s(ahead, "user-1", ELSEWHERE) > 0


def test_all_workers_count_together(store_url, opened, clock):
    """Four workers, forty failures at once: forty are counted."""
    workers = [Throttle(opened(store_url), SETTINGS, clock=clock) for _ in range(4)]
    attempts = [worker.attempt("user-1", ELSEWHERE) for worker in workers for _ in range(10)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: workers[n % 4].failed(attempts[n]), range(40)))

    with opened(store_url).reading() as connection:
        counts = connection.execute(select(login_failure.c.failures)).scalars().all()
    assert counts == [40, 40, 40]


def test_of_many_guesses_at_once_only_the_first_are_judged(throttle):
    """A hundred connections in one moment, two threads: ten guesses lock, and the other thread's is under way."""
    judged = []

    def guess() -> None:
        judged.append(1)
        raise BadGrantError

    with ThreadPoolExecutor(2) as threads:
        coming = [threads.submit(throttle.guarded, "user-1", ELSEWHERE, guess) for _ in range(100)]
    ends = [type(each.exception() or each.result()) for each in coming]

    assert len(judged) in (10, 11)
    assert (ends.count(Failed), ends.count(TooManyRequestsError)) == (len(judged), 100 - len(judged))


def test_what_is_guarded_is_given_or_fails_with_its_delay(throttle):
    """A success forgets; a wrong client counts as a wrong user does; any other fault is not the caller's."""

    def fault(error: Exception) -> None:
        raise error

    for wrong in (BadGrantError(), BadClientError(), BadGrantError()):
        assert throttle.guarded("user-1", HOSPITAL, lambda wrong=wrong: fault(wrong)) == Failed(wrong, 0.0)
    with pytest.raises(ZeroDivisionError):
        throttle.guarded("user-1", HOSPITAL, lambda: fault(ZeroDivisionError()))
    assert throttle.guarded("user-1", HOSPITAL, lambda: fault(BadGrantError())).delay_s == 1.0

    assert throttle.guarded("user-1", HOSPITAL, lambda: "tokens") == "tokens"
    assert fail(throttle, "user-1", HOSPITAL, 1) == [0.0]


def test_a_success_that_is_no_news_writes_nothing(throttle, store):
    """Known clients log in before every call; another may hold the store's lock meanwhile."""
    throttle.succeeded(throttle.attempt("user-1", HOSPITAL))
    with store.writing() as connection:
        connection.execute(login_failure.update().values(failures=login_failure.c.failures))
        throttle.succeeded(throttle.attempt("user-1", HOSPITAL))


def test_what_has_expired_is_deleted(throttle, store, clock):
    """A flood of made-up names leaves nothing behind, but a success is remembered for a month."""
    throttle.succeeded(throttle.attempt("user-1", HOSPITAL))
    for number in range(20):
        fail(throttle, f"guess-{number}", ELSEWHERE, 1)
    clock.pass_s(900)
    fail(throttle, "another", HOSPITAL, 1)
    assert rows_in(store) == 1 + 3

    clock.pass_s(30 * 86_400)
    fail(throttle, "another", HOSPITAL, 1)
    assert rows_in(store) == 3


def test_no_name_and_no_address_is_kept(throttle, store):
    """Someone types his password where his name belongs."""
    fail(throttle, "Gol-e-Sorkh", HOSPITAL, 1)

    with store.reading() as connection:
        shown = repr(connection.execute(select(login_failure)).all())
    assert "Gol-e-Sorkh" not in shown
    assert HOSPITAL not in shown


@pytest.mark.parametrize("name", ["", "\x00", "\udc80", "x" * 8000])
def test_any_text_may_be_a_name(throttle, name):
    """NUL, a lone surrogate, nothing, thousands of letters: counted as any other."""
    assert fail(throttle, name, HOSPITAL, 4) == [0, 0, 0, 1]


def test_a_name_and_an_address_of_the_same_text_are_two(throttle):
    """Nobody chooses a name that counts against an address."""
    fail(throttle, HOSPITAL, ELSEWHERE, 10)

    assert refused_s(throttle, "user-1", HOSPITAL) == 0
