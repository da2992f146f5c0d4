"""A reset, or a disabling, that comes while its operator is on the way in: nothing that he had begun outlives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from maksa.desk.audit import Who
from maksa.desk.desk import Desk
from maksa.desk.schema import TABLES
from maksa.desk.sessions import Sessions, hash_of
from maksa.desk.signing_in import Caller, SigningIn
from maksa.model.errors import BadGrantError
from maksa.web.gateway.store import Store
from maksa.web.gateway.throttle import Failed, Throttle
from tests.conftest import Clock
from tests.desk.conftest import HERE, PASSWORD, TERMINAL, Signed, code_of


def reset(desk: Desk) -> str:
    return desk.operators.reset("zahra", TERMINAL)


def disabled_and_enabled(desk: Desk) -> None:
    desk.operators.disable("zahra", TERMINAL)
    desk.operators.enable("zahra", TERMINAL)


class Befalling:
    """A clock at whose next look something befalls: whoever asks it is in the middle of his work."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.what: Callable[[], object] | None = None

    def __call__(self) -> float:
        what, self.what = self.what, None
        if what:
            what()
        return self._clock()


@pytest.fixture
def befalling(clock: Clock) -> Befalling:
    """What befalls between what somebody gives and the session that begins by it."""
    return Befalling(clock)


@pytest.fixture
def way_in(either: Desk, befalling: Befalling, clock: Clock) -> Iterator[SigningIn]:
    """The desk's own, but for the clock by which sessions begin."""
    store = Store(either.settings.desk_url or either.home.desk_url, tables=TABLES, setting="desk_url")
    sessions = Sessions(store, either.settings, clock=befalling)
    throttle = Throttle(store, either.settings, clock=clock)
    yield SigningIn(either.operators, either.second_factor, sessions, throttle, either.audit)
    store.close()


@pytest.mark.parametrize("verb", [reset, disabled_and_enabled])
def test_a_code_that_was_taken_before_it_lets_nobody_in(either, way_in, befalling, clock, verb):
    """His telephone is in other hands: that is why he was reset."""
    zahra = Signed(either, clock)
    half = either.sessions.get(either.signing_in.password("zahra", PASSWORD, HERE))
    befalling.what = lambda: verb(either)
    given = way_in.code(half, code_of(zahra.secret, clock()), HERE)

    assert isinstance(given, Failed)
    assert either.sessions.of(zahra.operator) == []
    assert either.audit.page(limit=1)[0].action != "signed-in"


def test_a_password_that_was_right_before_it_is_worth_nothing(either, way_in, befalling, clock):
    """Nor does it come half way, to where a second factor is enrolled."""
    first = either.operators.add("zahra", ["operator"], TERMINAL)
    clock.pass_s(60)
    befalling.what = lambda: reset(either)

    assert isinstance(way_in.password("zahra", first, HERE), Failed)


def test_who_enrols_while_it_comes_chooses_no_password_and_is_out(either, clock):
    """Else the password that the administrator has given out would be no more, and another's would be right."""
    first = either.operators.add("zahra", ["operator"], TERMINAL)
    half = either.sessions.get(cookie := either.signing_in.password("zahra", first, HERE))
    secret = either.second_factor.offered(hash_of(cookie), half.operator)
    assert either.second_factor.enrol(hash_of(cookie), half.operator, code_of(secret, clock()), Who("zahra"))
    clock.pass_s(1)
    given = reset(either)

    with pytest.raises(BadGrantError):
        either.operators.choose_password(half.operator, PASSWORD, PASSWORD, Who("zahra"))
    with pytest.raises(BadGrantError):
        either.signing_in.enrolled(half, Caller("127.0.0.1", "test", half))
    assert either.operators.checked("zahra", given).must_enrol
