"""Tokens: handed out again while they live, renewed by a refresh, ended with their account; on both databases.

What this file owes: each sentence of the contract's section 1 that is not about spelling; races between workers.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from maksa.model.errors import BadClientError, BadGrantError
from maksa.web.gateway import schema
from maksa.web.gateway.accounts import Accounts, Credentials
from maksa.web.gateway.sessions import Sessions
from maksa.web.gateway.tokens import Grants
from maksa.wire.oauth import Client, PasswordGrant, RefreshGrant, TokenRequest, Tokens

TTL_S = 900


class Caller:
    """One client and its user, asking one worker for tokens."""

    def __init__(self, grants: Grants, credentials: Credentials) -> None:
        self.grants = grants
        self.credentials = credentials

    def login(self, **other: str) -> Tokens:
        values = {
            name: getattr(self.credentials, name) for name in ("client_id", "client_secret", "username", "password")
        }
        values |= other
        grant = PasswordGrant(values["username"], values["password"])
        return self.grants.tokens_for(TokenRequest(Client(values["client_id"], values["client_secret"]), grant))

    def refresh(self, refresh_token: str) -> Tokens:
        client = Client(self.credentials.client_id, self.credentials.client_secret)
        return self.grants.tokens_for(TokenRequest(client, RefreshGrant(refresh_token)))


@pytest.fixture
def accounts(store, clock) -> Accounts:
    return Accounts(store, clock=clock)


@pytest.fixture
def grants(store, clock) -> Grants:
    return Grants(store, TTL_S, clock=clock)


@pytest.fixture
def caller(accounts, grants) -> Caller:
    return Caller(grants, accounts.add("pharmacy-1"))


def stored_tokens(store) -> list:
    with store.reading() as connection:
        return list(connection.execute(select(schema.token)))


def test_a_first_login_gives_a_token_at_full_life(caller):
    """Whole seconds, bearer, and a refresh token beside it. [contract §1]"""
    tokens = caller.login()

    assert (tokens.expires_in, tokens.token_type) == (900, "bearer")
    assert tokens.access_token != tokens.refresh_token


def test_a_second_login_gives_the_same_token_with_what_is_left(caller, clock):
    """The guide's sample shows 763. [contract §1]"""
    first = caller.login()
    clock.pass_s(136.5)
    second = caller.login()

    assert (second.access_token, second.refresh_token) == (first.access_token, first.refresh_token)
    assert second.expires_in == 763


def test_another_worker_gives_the_same_token(caller, opened, store_url, clock):
    """The store has no token, yet each worker makes the same text again (ADR 3)."""
    other = Caller(Grants(opened(store_url), TTL_S, clock=clock), caller.credentials)

    assert other.login() == caller.login()


def test_a_machine_whose_clock_is_behind_gives_the_same_token(caller, opened, store_url, clock):
    """Two seconds: else a login there would end the token that another machine has just given."""
    behind = Caller(Grants(opened(store_url), TTL_S, clock=lambda: clock() - 2), caller.credentials)

    first = caller.login()

    assert behind.login() == first
    assert first.expires_in == TTL_S


def test_a_login_after_the_end_gives_a_new_token_and_the_old_refresh_token(caller, clock):
    """Known clients keep only the first refresh token they ever saw. [contract §1]"""
    first = caller.login()
    clock.pass_s(TTL_S)
    second = caller.login()

    assert second.access_token != first.access_token
    assert (second.refresh_token, second.expires_in) == (first.refresh_token, 900)


def test_a_token_with_less_than_a_second_left_is_not_handed_out(caller, clock):
    """`expires_in` 0 would be of no use to anyone."""
    first = caller.login()
    clock.pass_s(TTL_S - 0.5)

    assert caller.login().access_token != first.access_token


def test_a_token_of_a_clock_that_ran_ahead_is_not_handed_out_for_years(caller, store, clock):
    """The clock is set right again: a token lives its 900 seconds, and who has the old one in memory is told. [contract §1]"""
    early = Sessions(store, clock=clock)
    clock.pass_s(10 * 366 * 86_400)
    first = caller.login()
    assert early.load(first.access_token)
    clock.pass_s(-10 * 366 * 86_400)
    second = caller.login()
    early.refresh()

    assert second.access_token != first.access_token
    assert second.expires_in == 900
    assert early.get(first.access_token) is None


def test_a_refresh_gives_a_new_token_and_the_same_refresh_token(caller, store, clock):
    """At full life; the old access token is nowhere any more. [contract §1]"""
    first = caller.login()
    clock.pass_s(100)
    second = caller.refresh(first.refresh_token)

    assert second.access_token != first.access_token
    assert (second.refresh_token, second.expires_in) == (first.refresh_token, 900)
    assert len(stored_tokens(store)) == 1
    assert caller.login().access_token == second.access_token


def test_a_refresh_token_outlives_its_access_tokens(caller, clock):
    """A client that slept for a month refreshes with the first one it ever saw."""
    first = caller.login()
    clock.pass_s(30 * 86_400)
    again = [caller.refresh(first.refresh_token) for _ in range(3)]

    assert {tokens.refresh_token for tokens in again} == {first.refresh_token}
    assert len({tokens.access_token for tokens in again}) == 3


@pytest.mark.parametrize("wrong", ["client_id", "client_secret"])
def test_a_wrong_client_is_one_error(caller, wrong):
    """Unknown or with another secret: a stranger cannot tell. [contract §1: invalid_client]"""
    with pytest.raises(BadClientError, match="the client is unknown or its secret is another"):
        caller.login(**{wrong: "another"})


@pytest.mark.parametrize("wrong", ["username", "password"])
def test_a_wrong_user_is_one_error(caller, wrong):
    """Unknown or with another password. [contract §1: invalid_grant]"""
    with pytest.raises(BadGrantError, match="Bad credentials"):
        caller.login(**{wrong: "another"})


@pytest.mark.parametrize("text", ["", "\x00", "\udc80", "x" * 8000, "۱۲۳"])
def test_any_text_is_only_a_wrong_one(caller, text):
    """NUL, a lone surrogate, Persian digits, thousands of letters."""
    for field in ("client_id", "client_secret", "username", "password"):
        with pytest.raises((BadClientError, BadGrantError)):
            caller.login(**{field: text})
    with pytest.raises(BadGrantError):
        caller.refresh(text)


def test_a_user_belongs_to_his_own_client(caller, accounts, grants):
    """Another account's user, with his right password, gets nothing through this client."""
    other = accounts.add("pharmacy-2")
    with pytest.raises(BadGrantError):
        caller.login(username=other.username, password=other.password)


def test_a_refresh_token_belongs_to_its_own_client(caller, accounts, grants):
    """Another client cannot use it, and an access token is none."""
    other = Caller(grants, accounts.add("pharmacy-2"))
    tokens = caller.login()
    other.login()

    for refresh_token in (tokens.refresh_token, tokens.access_token, "84dc3bf1-7342-4c5e-adc3-c2304583ae02"):
        with pytest.raises(BadGrantError):
            other.refresh(refresh_token)


def test_a_client_that_never_logged_in_has_nothing_to_refresh(caller):
    """Bad credentials, as for any other wrong token."""
    with pytest.raises(BadGrantError):
        caller.refresh("84dc3bf1-7342-4c5e-adc3-c2304583ae02")


def test_a_disabled_account_gets_nothing_until_it_is_enabled(caller, accounts, store):
    """As if its client were unknown; its refresh token is dead for ever."""
    old = caller.login()
    accounts.disable("pharmacy-1")
    with pytest.raises(BadClientError):
        caller.login()
    with pytest.raises(BadClientError):
        caller.refresh(old.refresh_token)
    assert stored_tokens(store) == []

    accounts.enable("pharmacy-1")
    with pytest.raises(BadGrantError):
        caller.refresh(old.refresh_token)
    assert caller.login().access_token != old.access_token


def test_rotated_secrets_end_the_old_ones_at_once(caller, accounts, grants):
    """Though this worker remembers that the old ones were right."""
    old = caller.login()
    fresh = Caller(grants, accounts.rotate("pharmacy-1"))
    with pytest.raises(BadClientError):
        caller.login()
    with pytest.raises(BadGrantError):
        fresh.login(password=caller.credentials.password)
    with pytest.raises(BadGrantError):
        fresh.refresh(old.refresh_token)

    assert fresh.login().access_token != old.access_token


def test_no_token_is_stored(caller, store):
    """Neither of the two, in any form but its SHA-256: a thief of the store can call nothing."""
    tokens = caller.login()
    shown = repr(stored_tokens(store))

    assert [secret in shown for secret in (tokens.access_token, tokens.refresh_token)] == [False, False]
    assert tokens.access_token.replace("-", "") not in shown


def at_once(number: int, act) -> list:
    """What *act* gave to each of *number* threads that began together."""
    together = threading.Barrier(number)

    def one(which: int):
        together.wait()
        return act(which)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def test_logins_at_one_moment_give_one_token(caller, opened, store_url, clock, store):
    """Four workers, eight threads, five times after the token's end: no two live tokens."""
    workers = [Caller(Grants(opened(store_url), TTL_S, clock=clock), caller.credentials) for _ in range(4)]
    for worker in workers:
        worker.login()
    seen = set()
    for _ in range(5):
        clock.pass_s(TTL_S)
        tokens = at_once(8, lambda which: workers[which % 4].login())
        assert len({each.access_token for each in tokens}) == 1
        seen.add(tokens[0].access_token)

    assert len(seen) == 5
    assert len(stored_tokens(store)) == 1


def test_refreshes_and_logins_at_one_moment_leave_one_live_token(caller, opened, store_url, clock, store):
    """Nobody waits for ever, and the last one to write is the one that lives."""
    workers = [Caller(Grants(opened(store_url), TTL_S, clock=clock), caller.credentials) for _ in range(4)]
    refresh_token = caller.login().refresh_token
    for worker in workers:
        worker.login()

    tokens = at_once(8, lambda n: workers[n % 4].refresh(refresh_token) if n % 2 else workers[n % 4].login())
    assert {each.refresh_token for each in tokens} == {refresh_token}
    assert caller.login().access_token in {each.access_token for each in tokens}
    assert len(stored_tokens(store)) == 1


def test_disabling_while_others_log_in_leaves_no_token(caller, opened, store_url, clock, store):
    """Whoever comes later is refused; whoever came before loses what he got."""
    workers = [Caller(Grants(opened(store_url), TTL_S, clock=clock), caller.credentials) for _ in range(3)]
    admin = Accounts(opened(store_url), clock=clock)
    refresh_token = caller.login().refresh_token
    for worker in workers:
        worker.login()

    def act(which: int) -> str:
        if which == 0:
            admin.disable("pharmacy-1")
            return "disabled"
        try:
            workers[which - 1].refresh(refresh_token)
        except (BadClientError, BadGrantError) as error:
            return error.slug
        return "given"

    assert set(at_once(4, act)) <= {"disabled", "given", "bad-client", "bad-grant"}
    assert stored_tokens(store) == []


def test_a_login_with_a_live_token_waits_for_nobody(caller, store):
    """Known clients log in before every call: that is a read, while another writes."""
    first = caller.login()
    with store.writing() as connection:
        schema.next_revision(connection)
        assert caller.login().access_token == first.access_token


def test_a_refresh_is_a_change_and_a_login_is_none(caller, store):
    """Only what takes a token away is told to the other workers."""

    def revision() -> int:
        with store.reading() as connection:
            return connection.execute(select(func.max(schema.account.c.revision))).scalar_one()

    before = revision()
    tokens = caller.login()
    assert revision() == before
    caller.refresh(tokens.refresh_token)
    assert revision() == before + 1
