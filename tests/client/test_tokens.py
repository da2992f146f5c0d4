"""One login for all who ask at once, a token that is always fresh, and no secret anywhere it can be read."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

import httpx2
import msgspec
import pytest

from maksa.client import (
    AccessRefusedError,
    Account,
    AsyncMaksa,
    BadClientError,
    BadGrantError,
    Found,
    KeptTokens,
    Maksa,
    MaksaError,
    RequestRefusedError,
    TransportError,
    UnreadableAnswerError,
)
from maksa.client.steps import Alone, Answer, Load, Plan, Save
from maksa.client.tokens import EARLY_S, Session
from maksa.wire.oauth import Grant, PasswordGrant, RefreshGrant, Tokens
from tests.client.conftest import BRISK, TRUST
from tests.simulator import ACCOUNT, Altered, Cut, Refuse, Stall

MANY = 50


def by_threads(maksa: Maksa) -> list[Found[object] | MaksaError]:
    """What comes of the same call by fifty threads that start at once."""
    start = threading.Barrier(MANY)

    def call(_: int) -> Found[object] | MaksaError:
        start.wait(10)
        try:
            return maksa.versions("eRX")
        except MaksaError as error:
            return error

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(call, range(MANY)))


def by_tasks(url: str, account: Account) -> list[object]:
    """What comes of the same call by fifty tasks that start at once."""

    async def main() -> list[object]:
        async with AsyncMaksa(url, account, patience=BRISK, verify=TRUST) as maksa:
            calls = (maksa.versions("eRX") for _ in range(MANY))
            return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(main())


def test_fifty_threads_are_one_login(ministry, account):
    """While it goes on, the others wait for it; when the token is ended under them, one of them renews it."""
    ministry.plan("token", Stall(0.1))
    with Maksa(ministry.url, account, patience=BRISK, verify=TRUST) as maksa:
        first = by_threads(maksa)
        ministry.tokens.expire()
        second = by_threads(maksa)

    assert all(isinstance(answer, Found) for answer in first + second)
    assert ministry.count("token") == 2


def test_fifty_tasks_are_one_login(ministry, account):
    """The same for those who are awaited."""
    ministry.plan("token", Stall(0.05))
    answers = by_tasks(ministry.url, account)

    assert all(isinstance(answer, Found) for answer in answers)
    assert ministry.count("token") == 1


def test_a_task_that_is_cancelled_while_it_logs_in_leaves_the_login_to_the_next(ministry, account):
    """Who waited for it does it then, and nobody waits for ever."""
    ministry.plan("token", Stall(5))

    async def main() -> object:
        async with AsyncMaksa(ministry.url, account, patience=BRISK, verify=TRUST) as maksa:
            first, second = (asyncio.create_task(maksa.versions("eRX")) for _ in range(2))
            while not ministry.count("token"):
                await asyncio.sleep(0.01)
            first.cancel()
            return await second

    assert isinstance(asyncio.run(main()), Found)
    assert ministry.count("token") == 2


def test_a_login_that_fails_fails_for_all_who_waited(ministry, account):
    """Fifty failed logins would lock the account; the next call after it tries again."""
    wrong = msgspec.structs.replace(account, password="another")
    with Maksa(ministry.url, wrong, patience=BRISK, verify=TRUST) as maksa:
        ministry.plan("token", Stall(0.2))
        answers = by_threads(maksa)
        with pytest.raises(BadGrantError):
            maksa.versions("eRX")

    assert {type(answer) for answer in answers} == {BadGrantError}
    assert ministry.count("token") == 2
    ministry.forget()
    ministry.plan("token", Stall(0.05))
    assert {type(answer) for answer in by_tasks(ministry.url, wrong)} == {BadGrantError}
    assert ministry.count("token") == 1


def test_a_wrong_client_is_told_with_the_request_id(made, ministry, account):
    """And is asked once: a second time it would be as wrong."""
    ask = made(account=msgspec.structs.replace(account, client_secret="another"))
    with pytest.raises(BadClientError) as refused:
        ask.versions("eRX")

    assert refused.value.request_id == ministry.requests[-1].request_id
    assert f"(requestId {refused.value.request_id})" in str(refused.value)
    assert ministry.count() == 1


def test_a_token_is_renewed_once_and_then_refused(ask, ministry):
    """A function that refuses a fresh token too refuses the account."""
    ministry.always["TerminologyVersions"] = Refuse(401)
    with pytest.raises(AccessRefusedError, match="TerminologyVersions is refused: 401 Credential is not valid!"):
        ask.versions("eRX")

    assert ministry.count("TerminologyVersions") == 2


def test_a_login_that_a_401_refuses_is_not_repeated(ask, ministry):
    """Of the gateway's own shape, which is no error of a token endpoint: there was no token that it could mean."""
    ministry.always["token"] = Refuse(401)
    with pytest.raises(AccessRefusedError, match="/oauth/token is refused: 401"):
        ask.versions("eRX")

    assert ministry.count() == 1


@pytest.mark.parametrize(
    ("mishap", "kind", "said"),
    [
        (Refuse(400, body=b'{"error":"unsupported_grant_type","error_description":"password"}'),
         RequestRefusedError, 'is refused: 400 "unsupported_grant_type", "password"'),
        (Altered(lambda body: body.replace(b"access", b"excess")), UnreadableAnswerError, "missing required field `access_token`"),
        (Altered(lambda _: b"<html>"), UnreadableAnswerError, "not a JSON object"),
    ],
    ids=["another error of RFC 6749", "no token", "a page"],
)  # fmt: skip
def test_a_login_that_is_answered_otherwise_is_told_and_not_repeated(ask, ministry, mishap, kind, said):
    """By what it is; nothing of a body that might hold a token is shown."""
    ministry.plan("token", mishap)
    with pytest.raises(kind, match=said) as raised:
        ask.versions("eRX")

    assert raised.value.request_id == ministry.requests[-1].request_id
    assert ministry.count() == 1


def test_after_a_401_the_password_is_given_again(ask, ministry):
    """A refresh would end the token that another program of the same account has just had."""
    ask.versions("eRX")
    ministry.tokens.expire()
    ask.versions("eRX")

    assert [b"grant_type=password" in request.body for request in ministry.asked("token")] == [True, True]


def test_a_token_that_the_functions_refuse_is_refreshed(ask, ministry):
    """Where a login hands out the refused one again, nothing but a refresh gives another."""
    ask.versions("eRX")
    ministry.plan("TerminologyVersions", Refuse(401))
    ask.versions("eRX")

    grants = [request.body.split(b"grant_type=")[1].split(b"&")[0] for request in ministry.asked("token")]
    assert grants == [b"password", b"password", b"refresh_token"]


@pytest.mark.parametrize("mishap", [Cut("before"), Refuse(503), Refuse(429, retry_after="0"), Cut(20)], ids=repr)
def test_a_login_is_repeated_where_the_line_or_the_service_fails(ask, ministry, mishap):
    """As any other call."""
    ministry.plan("token", mishap)

    assert isinstance(ask.versions("eRX"), Found)
    assert ministry.count("token") == 2


class Stepped:
    """A session whose steps are done by hand: its clock, its store, and a gateway that gives what it is told."""

    def __init__(self, life_s: int = 900) -> None:
        self.now = 1_000_000.0
        self.life_s = life_s
        self.grants: list[Grant] = []
        self.kept: KeptTokens | None = None
        self.is_refresh_ended = False
        account = Account(**ACCOUNT)
        self.session = Session(account, self.login, clock=lambda: self.now)

    def login(self, grant: Grant, until: float) -> Plan[Tokens]:
        self.grants.append(grant)
        if isinstance(grant, RefreshGrant) and self.is_refresh_ended:
            raise BadGrantError
        return Tokens(access_token=f"a{len(self.grants)}", refresh_token="r", expires_in=self.life_s)
        yield

    def token(self, refused: str = "") -> str:
        return self.run(self.session.token(0.0, refused))

    def run(self, plan: Plan[str]) -> str:
        came = None
        try:
            while True:
                step = plan.send(came)
                came = self.run(step.plan) if isinstance(step, Alone) else self.stored(step)
        except StopIteration as end:
            return end.value

    def stored(self, step: Load | Save) -> KeptTokens | None:
        if isinstance(step, Save):
            self.kept = step.tokens
        return self.kept


def test_a_token_is_refreshed_before_its_end():
    """Half a minute before; until then it is what was had."""
    stepped = Stepped()
    tokens = [stepped.token()]
    for seconds in (0, 900 - EARLY_S - 1, 2):
        stepped.now += seconds
        tokens.append(stepped.token())

    assert tokens == ["a1", "a1", "a1", "a2"]
    assert [type(grant) for grant in stepped.grants] == [PasswordGrant, RefreshGrant]


def test_a_refresh_token_that_has_ended_is_a_login():
    """It is tried first, and nobody hears of it."""
    stepped = Stepped()
    stepped.token()
    stepped.now += 900
    stepped.is_refresh_ended = True

    assert stepped.token() == "a3"
    assert [type(grant) for grant in stepped.grants] == [PasswordGrant, RefreshGrant, PasswordGrant]


def test_a_life_beyond_all_dates_is_a_long_one():
    """As of a gateway that counts in units of its own."""
    stepped = Stepped(life_s=10**18)
    stepped.token()

    assert stepped.token() == "a1"
    assert stepped.kept is not None
    assert stepped.kept.ends_at.year < 2000


def test_a_token_that_no_header_can_carry_is_not_shown(ask, ministry):
    """Nor in the traceback: what refuses to send it repeats it."""
    ministry.plan("token", Altered(lambda body: body.replace(b"-", b"\\n", 1)))
    with pytest.raises(TransportError, match="the request has what no header can carry") as raised:
        ask.versions("eRX")

    assert "Bearer" not in "".join(traceback.format_exception(raised.value))


def test_a_short_life_is_used_for_three_quarters():
    """A login answers with what is left of a live token: of eight seconds, two are kept for the way."""
    stepped = Stepped(life_s=8)
    stepped.token()
    stepped.now += 5.9
    assert stepped.token() == "a1"
    stepped.now += 0.2
    assert stepped.token() == "a2"


def test_what_another_process_stored_is_used_before_any_login():
    """Also in the place of one that was refused; its refresh token where it nears its end."""
    first, second = Stepped(), Stepped()
    first.token()
    second.kept = first.kept
    assert (second.token(), second.grants) == ("a1", [])
    second.kept = msgspec.structs.replace(first.kept, access_token="b")
    assert (second.token(refused="a1"), second.grants) == ("b", [])
    third = Stepped()
    third.kept, third.now = first.kept, first.now + 899
    third.token()
    assert [type(grant) for grant in third.grants] == [RefreshGrant]


class Memory:
    """A store that processes might share."""

    def __init__(self) -> None:
        self.tokens: KeptTokens | None = None

    def load(self) -> KeptTokens | None:
        return self.tokens

    def save(self, tokens: KeptTokens) -> None:
        self.tokens = tokens


class AwaitedMemory(Memory):
    async def load(self) -> KeptTokens | None:
        return self.tokens

    async def save(self, tokens: KeptTokens) -> None:
        self.tokens = tokens


def test_a_store_spares_the_next_program_its_login(made, ministry):
    """What was saved says when it ends, in UTC."""
    store = AwaitedMemory() if isinstance(made().client, AsyncMaksa) else Memory()
    made(store=store).versions("eRX")
    made(store=store).versions("eRX")

    assert ministry.count("token") == 1
    assert store.tokens is not None
    assert dt.timedelta(minutes=14) < store.tokens.ends_at - dt.datetime.now(dt.UTC) < dt.timedelta(minutes=16)


class Broken(Memory):
    """A store whose disk is full, or whose file was half written when it was read."""

    def load(self) -> KeptTokens | None:
        raise ValueError("Input data was truncated")

    def save(self, tokens: KeptTokens) -> None:
        raise OSError("No space left on device")


class AwaitedBroken(Broken):
    async def load(self) -> KeptTokens | None:
        return super().load()

    async def save(self, tokens: KeptTokens) -> None:
        super().save(tokens)


def test_a_store_that_fails_is_done_without(made, ministry, caplog):
    """It spares logins; who looks a drug up is not to hear of it, and who reads the log is."""
    ask = made(store=AwaitedBroken() if isinstance(made().client, AsyncMaksa) else Broken())
    answers = [ask.versions("eRX") for _ in range(3)]

    assert all(isinstance(answer, Found) for answer in answers)
    assert ministry.count("token") == 1
    assert [record.getMessage().partition(";")[0] for record in caplog.records if record.levelname == "WARNING"] == [
        "the token store does not load",
        "the token store does not save",
    ]


def test_no_secret_is_in_a_repr_a_log_or_an_error(made, ministry, account, caplog):
    """With every logger of the process at its most talkative."""
    caplog.set_level(logging.DEBUG)
    store = AwaitedMemory() if isinstance(made().client, AsyncMaksa) else Memory()
    ask = made(store=store)
    ask.versions("eRX")
    said = [repr(ask.client), repr(account), repr(store.tokens), repr(ask.client._caller)]
    first = next(ask.client._caller._login(account.grant, 0.0))
    said += [repr(first), repr(Answer(200, httpx2.Headers(), store.tokens.access_token.encode()))]
    for mishap in (Refuse(500), Refuse(403, body=b"<html>"), Cut("before", rst=True)):
        ministry.always["*"] = mishap
        with pytest.raises(MaksaError) as raised:
            made(patience=msgspec.structs.replace(BRISK, attempts=1)).versions("eRX")
        said += [str(raised.value), repr(raised.value), repr(raised.value.facts), repr(raised.value.__cause__)]
    said += [record.getMessage() for record in caplog.records]

    secrets = [account.client_secret, account.password, store.tokens.access_token, store.tokens.refresh_token]
    assert len(said) > 20
    assert [secret for secret in secrets if any(secret in each for each in said)] == []
