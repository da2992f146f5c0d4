"""What a worker remembers of tokens, and how soon it forgets; on both databases.

What this file owes: a change of an account ends what other workers remember, in every order of events; memory is bounded.
"""

from __future__ import annotations

import timeit
import uuid
from ipaddress import ip_address

import psycopg
import pytest
from sqlalchemy import event, make_url

from maksa.model.errors import StorageError
from maksa.web.gateway.accounts import Accounts, Credentials
from maksa.web.gateway.origin import number_of
from maksa.web.gateway.sessions import UNKNOWN_S, Sessions
from maksa.web.gateway.tokens import Grants
from maksa.wire.oauth import Client, PasswordGrant, RefreshGrant, TokenRequest, Tokens


@pytest.fixture
def accounts(store, clock) -> Accounts:
    return Accounts(store, clock=clock)


@pytest.fixture
def sessions(store, clock) -> Sessions:
    return Sessions(store, clock=clock)


@pytest.fixture
def credentials(accounts) -> Credentials:
    return accounts.add("pharmacy-1", pids=[["Terminology"], []], addresses=["10.20.0.0/16"], rate="500/minute")


@pytest.fixture
def login(store, clock):
    grants = Grants(store, 900, clock=clock)

    def given(to: Credentials, refresh_token: str = "") -> Tokens:
        grant = RefreshGrant(refresh_token) if refresh_token else PasswordGrant(to.username, to.password)
        return grants.tokens_for(TokenRequest(Client(to.client_id, to.client_secret), grant))

    return given


def questions_to(store) -> list[str]:
    """The statements that the store is asked from now on."""
    asked: list[str] = []
    event.listen(store._dialect.engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    return asked


def test_a_token_is_asked_for_once(sessions, credentials, login, store):
    """Then it is a dict's hit."""
    token = login(credentials).access_token
    assert sessions.get(token) is None

    session = sessions.load(token)
    asked = questions_to(store)
    assert sessions.get(token) is session
    assert sessions.load(token) is session
    assert asked == []


def test_a_session_has_what_the_checks_need(sessions, credentials, login, clock):
    """Account, end, pids with their functions, networks, rate. [contract §3]"""
    session = sessions.load(login(credentials).access_token)

    first, second = (pid.pid.encode() for pid in credentials.pids)
    assert (session.account, session.expires_at) == ("pharmacy-1", clock() + 900)
    assert session.pids[first] == {"Terminology"}
    assert len(session.pids[second]) == 7
    assert [number_of(ip_address(a)) in session.networks for a in ("10.20.3.4", "10.21.0.1")] == [True, False]
    assert (session.rate.account_id, session.rate.amount, session.rate.period_s) == (session.account_id, 500, 60)


def test_an_account_without_addresses_and_rate_has_falsy_ones(sessions, accounts, login):
    """From anywhere, as often as it likes."""
    session = sessions.load(login(accounts.add("pharmacy-2")).access_token)

    assert not session.networks
    assert session.rate.amount == 0


@pytest.mark.parametrize(
    "presented", ["", "x" * 36, "c8abceda-aa31-4a7e-95c0-213e5709e6b6", "\x00" * 36, "\udc80" * 36]
)
def test_what_is_no_token_is_none(sessions, presented):
    """Whatever stands in the header."""
    assert sessions.load(presented) is None


def test_an_expired_token_is_none(sessions, credentials, login, clock):
    """A worker that never saw it while it lived."""
    token = login(credentials).access_token
    clock.pass_s(900)

    assert sessions.load(token) is None


def test_an_unknown_token_is_asked_for_once_in_a_while(sessions, clock, store):
    """A flood of one bad token, or of what has not even its shape, does not reach the store."""
    token = str(uuid.uuid4())
    sessions.load(token)
    asked = questions_to(store)
    for presented in [token, "short", "x" * 37] * 10:
        assert sessions.is_unknown(presented)
        assert sessions.load(presented) is None
    assert asked == []

    clock.pass_s(UNKNOWN_S)
    assert not sessions.is_unknown(token)
    assert sessions.load(token) is None
    assert len([statement for statement in asked if "SELECT" in statement]) == 1


@pytest.mark.parametrize("verb", ["disable", "rotate"])
def test_another_workers_memory_ends_at_its_next_refresh(sessions, credentials, login, accounts, verb):
    """And the store has nothing more to load."""
    token = login(credentials).access_token
    sessions.load(token)
    getattr(accounts, verb)("pharmacy-1")
    assert sessions.get(token) is not None

    sessions.refresh()
    assert sessions.get(token) is None
    assert sessions.load(token) is None


def test_a_refresh_grant_ends_the_old_token_and_no_other_accounts(sessions, credentials, login, accounts):
    """What did not change stays remembered."""
    old = login(credentials)
    other = login(accounts.add("pharmacy-2")).access_token
    sessions.load(old.access_token)
    sessions.refresh()
    sessions.load(other)
    new = login(credentials, old.refresh_token)

    sessions.refresh()
    assert sessions.get(old.access_token) is None
    assert sessions.get(other) is not None
    assert sessions.load(new.access_token) is not None


def test_a_refresh_without_changes_is_one_question(sessions, credentials, login, store):
    """Once a second on every worker."""
    token = login(credentials).access_token
    sessions.load(token)
    sessions.refresh()
    asked = questions_to(store)
    sessions.refresh()

    assert len([statement for statement in asked if "SELECT" in statement]) == 1
    assert sessions.get(token) is not None


def test_what_was_read_before_a_change_is_not_remembered_after_it(store, clock, credentials, login, accounts):
    """The store answers, the account is disabled, its change is seen, and only then the answer arrives."""
    sessions = Sessions(store, clock=clock)
    token = login(credentials).access_token
    asked = sessions._asked

    def slow(presented: str):
        session = asked(presented)
        if session is not None:
            accounts.disable("pharmacy-1")
            sessions.refresh()
        return session

    sessions._asked = slow  # type: ignore[method-assign]  # the moment between two lines, which no clock can hit
    assert sessions.load(token) is None
    assert sessions.get(token) is None


def test_memory_is_bounded_and_the_oldest_goes_first(store, clock, accounts, login):
    """Two places: the third account's token takes the first's; unknown tokens likewise."""
    sessions = Sessions(store, clock=clock, most=2)
    tokens = [login(accounts.add(name)).access_token for name in ("a", "b", "c")]
    for token in tokens:
        sessions.load(token)
    unknown = [str(uuid.uuid4()) for _ in range(5)]
    for token in unknown:
        sessions.load(token)

    assert [sessions.get(token) is None for token in tokens] == [True, False, False]
    assert [sessions.is_unknown(token) for token in unknown] == [False, False, False, True, True]
    assert sessions.load(tokens[0]) is not None


def test_without_the_store_what_is_remembered_goes_on(postgres_url, postgres_database, opened, clock):
    """PostgreSQL goes away: known tokens answer, new ones and the refresh say what is wrong."""
    store = opened(postgres_database, wait_s=1)
    credentials = Accounts(store, clock=clock).add("pharmacy-1")
    grant = PasswordGrant(credentials.username, credentials.password)
    request = TokenRequest(Client(credentials.client_id, credentials.client_secret), grant)
    token = Grants(store, 900, clock=clock).tokens_for(request).access_token
    sessions = Sessions(store, clock=clock)
    sessions.load(token)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {make_url(postgres_database).database} WITH (FORCE)")

    assert sessions.get(token) is not None
    with pytest.raises(StorageError):
        sessions.refresh()
    with pytest.raises(StorageError):
        sessions.load(str(uuid.uuid4()))


def test_a_remembered_token_costs_a_dicts_hit(sessions, credentials, login):
    """A call's share of the hot path: under a microsecond on any machine, 0.05 in practice."""
    token = login(credentials).access_token
    sessions.load(token)
    rounds = 100_000

    assert min(timeit.repeat(lambda: sessions.get(token), number=rounds, repeat=3)) / rounds < 1e-6
