"""What is asked again, and what is not: only what may go better and can harm nothing, and never past the deadline."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from collections.abc import AsyncIterator, Iterator

import httpx2
import msgspec
import pytest

from maksa.client import (
    AccessRefusedError,
    AsyncMaksa,
    Found,
    Maksa,
    Patience,
    RefusedError,
    RequestError,
    RequestRefusedError,
    ServiceFaultError,
    TimedOutError,
    TooFastError,
    TransportError,
    UnreadableAnswerError,
)
from maksa.client.pacing import Pace
from maksa.client.retrying import Repetition, retry_after_s
from tests.client.conftest import BRISK, TRUST
from tests.simulator import Altered, Cut, Drip, Refuse, Stall


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def empty(_: bytes) -> bytes:
    return b""


def page(_: bytes) -> bytes:
    return b"<html>welcome to the hotel</html>"


def other(_: bytes) -> bytes:
    return b'{"result":{"data":[7],"status":{"statusCode":200}},"status":{"statusCode":200}}'


def named(value: object) -> str:
    """The id of a case, the same in every process."""
    return value.__name__ if isinstance(value, type) else re.sub(r"<function (\w+) at .*?>", r"\1", str(value))


CURABLE = [
    Refuse(429, retry_after="0"),
    Refuse(502, body=b"<html>"),
    Refuse(503),
    Refuse(504),
    Cut("before"),
    Cut("before", rst=True),
    Cut("status"),
    Cut("headers"),
    Cut("body"),
    Cut(0.5),
    Cut(0.5, rst=True),
    Altered(half),  # cut behind a proxy, which has counted what it got
    Altered(empty),
]


@pytest.mark.parametrize("mishap", CURABLE, ids=named)
def test_what_passes_is_asked_again(ask, ministry, mishap):
    """Twice over; the caller hears of nothing."""
    ministry.plan("TerminologyVersions", mishap, mishap)

    assert isinstance(ask.versions("eRX"), Found)
    assert ministry.count("TerminologyVersions") == 3


@pytest.mark.parametrize("mishap", [Cut("before"), Cut("headers"), Cut("body"), Cut(10), Refuse(503)], ids=named)
def test_a_list_that_has_not_begun_is_asked_again(ask, ministry, mishap):
    """Nobody has seen any of it."""
    ministry.plan("TerminologiesTermByVersion", mishap)

    assert len(ask.listed(ask.concepts("eRX", "10000"))) == 2
    assert ministry.count("TerminologiesTermByVersion") == 2


@pytest.mark.parametrize(
    ("mishap", "kind"),
    [
        (Refuse(400), RequestRefusedError),
        (Refuse(403), AccessRefusedError),
        (Refuse(410), RequestRefusedError),
        (Refuse(429), AccessRefusedError),  # without Retry-After it is the pid
        (Refuse(500), ServiceFaultError),
        (Refuse(520), ServiceFaultError),
        (Altered(page), UnreadableAnswerError),
        (Altered(other),
         UnreadableAnswerError),
    ],
    ids=named,
)  # fmt: skip
def test_what_would_be_so_again_is_told_at_once(ask, ministry, mishap, kind):
    """By whose fault it is, and with the requestId to tell its operator."""
    ministry.plan("TerminologyVersions", mishap)
    with pytest.raises(kind) as raised:
        ask.versions("eRX")

    assert type(raised.value) is kind
    assert raised.value.request_id == ministry.requests[-1].request_id
    assert ministry.count("TerminologyVersions") == 1


def test_a_refusal_says_what_the_gateway_said(ask, ministry):
    """Its words, its violations, its requestId: all that an operator will ask for."""
    body = (
        '{"status":{"statusCode":400,"message":"Bad request."},"violations":[{"field":"version","message":"is empty"}]}'
    )
    ministry.plan("TerminologyVersions", Refuse(400, body=body.encode()))
    with pytest.raises(RefusedError) as raised:
        ask.versions("eRX")

    said = "TerminologyVersions is refused: 400 Bad request.; version: is empty"
    assert str(raised.value) == f"{said} (requestId {ministry.requests[-1].request_id})"
    assert raised.value.violations == (("version", "is empty"),)


def test_a_page_of_a_proxy_is_named_and_not_repeated(ask, ministry):
    """What it holds is nobody's business; what it is tells whom to ask."""
    ministry.plan(
        "TerminologyVersions", Refuse(403, body=b"<html>secret</html>", headers=(("Content-Type", "text/html"),))
    )
    with pytest.raises(AccessRefusedError, match="403 not in the gateway's words but as text/html") as raised:
        ask.versions("eRX")
    assert "secret" not in str(raised.value)


def test_attempts_are_bounded_and_the_last_error_says_so(made, ministry):
    """The note is for whoever reads the traceback."""
    ministry.always["TerminologyVersions"] = Refuse(503)
    with pytest.raises(ServiceFaultError) as raised:
        made(patience=msgspec.structs.replace(BRISK, attempts=3)).versions("eRX")

    assert ministry.count("TerminologyVersions") == 3
    assert raised.value.__notes__ == ["maksa.client: given up at attempt 3"]


def test_no_pause_goes_past_the_deadline(ask, ministry):
    """An hour is not waited for where a call has ten seconds."""
    ministry.plan("TerminologyVersions", Refuse(429, retry_after="3600"))
    with pytest.raises(TooFastError) as raised:
        ask.versions("eRX")

    assert raised.value.retry_after_s == 3600
    assert "; Retry-After 3600 s (requestId " in str(raised.value)
    assert ministry.count("TerminologyVersions") == 1


@pytest.mark.parametrize("mishap", [Stall(5), Stall(5, after_head=True)], ids=named)
def test_a_silence_ends_by_itself(made, ministry, mishap):
    """Once as a try of many, in the end as an error that says what did not come."""
    ministry.always["TerminologyVersions"] = mishap
    ask = made(patience=Patience(read_s=0.3, pause_s=0.01, attempts=2))
    with pytest.raises(TimedOutError, match=f"127.0.0.1:{ministry.port}: no answer in time"):
        ask.versions("eRX")

    assert ministry.count("TerminologyVersions") == 2


def test_a_slow_answer_is_waited_for(ask, ministry):
    """Slow lines are what these systems have."""
    ministry.always["*"] = Drip(40, 0.001)

    assert isinstance(ask.versions("eRX"), Found)


class Drops(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body of a blank now and then, for ever."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            time.sleep(0.01)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b" "


@pytest.mark.parametrize("call", [("versions", "eRX"), ("concepts", "eRX", "10000")])
def test_drops_do_not_outlast_the_deadline(made, call):
    """Each silence is short, and all together are too long: the answer is given up, and its repetition would be too late."""
    name, *arguments = call
    tokens = b'{"access_token":"a","refresh_token":"r","expires_in":900}'

    def answer(request: httpx2.Request) -> httpx2.Response:
        is_login = request.url.path == "/oauth/token"
        return httpx2.Response(200, content=tokens) if is_login else httpx2.Response(200, stream=Drops())

    ask = made(transport=httpx2.MockTransport(answer), patience=Patience(deadline_s=0.2))
    with pytest.raises(TimedOutError, match="too slowly"):
        getattr(ask, name)(*arguments)


@pytest.mark.parametrize("call", [("versions", "eRX"), ("concepts", "eRX", "10000")])
def test_a_head_of_drops_does_not_outlast_a_tasks_deadline(ministry, account, call):
    """Threads have only the silences of their line to go by, and say so in docs/client.md."""
    name, *arguments = call
    ministry.always["*"] = Drip(1, 0.1)

    async def main() -> None:
        async with AsyncMaksa(ministry.url, account, patience=Patience(deadline_s=0.5), verify=TRUST) as maksa:
            await getattr(maksa, name)(*arguments)

    with pytest.raises(TimedOutError, match="too slowly") as raised:
        asyncio.run(main())
    assert isinstance(raised.value.__cause__, TimeoutError)  # the head had not arrived


def test_an_answer_without_an_end_is_given_up(account):
    """No short answer is as long as that."""

    def endless() -> Iterator[bytes]:
        while True:
            yield b"0" * 1024 * 1024

    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=endless()))
    with Maksa("http://x", account, transport=transport) as maksa, pytest.raises(UnreadableAnswerError, match="longer"):
        maksa.versions("eRX")


def test_nobody_at_the_address_is_the_lines_fault(made, ministry):
    """With the place that was called, and no more of the address."""
    ask = made("http://127.0.0.1:1/prefix", patience=msgspec.structs.replace(BRISK, attempts=2))
    with pytest.raises(TransportError, match=r"^127\.0\.0\.1:1: ") as raised:
        ask.versions("eRX")
    assert raised.value.__notes__ == ["maksa.client: given up at attempt 2"]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("chance", "part"), [(0.0, 1.0), (1.0, 0.5)])
def test_pauses_double_less_a_random_part(chance, part):
    """Up to the longest; at least half of each is waited."""
    patience = Patience(pause_s=1, longest_pause_s=5, attempts=9, deadline_s=1000)
    repetition = Repetition(patience, clock=Clock(), chance=lambda: chance)
    lost = TransportError(place="x", reason="lost")

    assert [repetition.pause_after(lost) for _ in range(5)] == [part * pause for pause in (1, 2, 4, 5, 5)]


def test_what_the_service_asks_for_is_waited_at_least():
    """`Retry-After` stands over the pause where it is longer."""
    repetition = Repetition(Patience(), clock=Clock(), chance=lambda: 0.0)
    facts = {"function": "x", "status": 429, "message": "", "request_id": ""}

    assert repetition.pause_after(TooFastError(**facts, retry_after_s=7)) == 7
    assert repetition.pause_after(TooFastError(**facts, retry_after_s=0)) == 1.0


def test_the_deadline_ends_the_attempts():
    """However many are left."""
    clock = Clock()
    repetition = Repetition(Patience(deadline_s=30, pause_s=10, longest_pause_s=10), clock=clock, chance=lambda: 0.0)
    lost = TransportError(place="x", reason="lost")
    assert repetition.pause_after(lost) == 10
    clock.now += 20
    with pytest.raises(TransportError):
        repetition.pause_after(lost)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("Tue, 17 Oct 2023 07:00:30 GMT", 30.0),
        ("Tue, 17 Oct 2023 06:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    """What cannot be read is as good as absent. A date counts by the clock of who sent it. [RFC 9110, section 10.2.3]"""
    assert retry_after_s(header, "Tue, 17 Oct 2023 07:00:00 GMT") == seconds


def test_retry_after_counts_from_here_where_the_answer_has_no_date():
    """There is no better clock then."""
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)).strftime("%a, %d %b %Y %H:%M:%S GMT")

    assert 50 < (retry_after_s(soon) or 0) <= 60


def test_the_pace_is_kept_under_the_rate():
    """Ten slots a second, in order, whoever takes them; time that went by unused is not made up for."""
    clock = Clock()
    pace = Pace(10, clock=clock)
    first = [pace.take() for _ in range(3)]
    clock.now += 5
    second = [pace.take() for _ in range(2)]

    assert first == pytest.approx([0, 0.1, 0.2])
    assert second == pytest.approx([0, 0.1])


def test_a_pace_that_is_held_is_held_for_all():
    """Without a rate too; afterwards it goes on as before."""
    clock = Clock()
    pace = Pace(None, clock=clock)
    assert pace.take() == 0
    pace.hold(3)
    assert [pace.take(), pace.take()] == [3, 3]
    clock.now += 4
    assert pace.take() == 0


def test_calls_of_one_client_follow_one_another_at_its_rate(made, ministry):
    """The fifth cannot have been sent before its slot, however slow or quick the machine is."""
    ask = made(patience=msgspec.structs.replace(BRISK, rate_per_s=100))
    began = time.monotonic()
    for _ in range(5):
        ask.versions("eRX")

    assert time.monotonic() - began >= 4 / 100
    assert ministry.count("TerminologyVersions") == 5


def test_a_rate_that_leaves_no_room_before_the_deadline_is_said(made, ministry):
    """Not a silent wait beyond it."""
    ask = made(patience=Patience(rate_per_s=0.01, deadline_s=1))
    ask.versions("eRX")
    with pytest.raises(TimedOutError, match="the rate leaves no room"):
        ask.versions("eRX")
    assert ministry.count("TerminologyVersions") == 1


@pytest.mark.parametrize("name", Patience.__struct_fields__)
@pytest.mark.parametrize("value", [-1, 0, "5", float("nan")], ids=str)
def test_a_patience_that_makes_no_sense_is_refused(name, value):
    """Zero or less of anything, or what is no number."""
    with pytest.raises(RequestError, match=f"{name}: .* is not more than 0"):
        Patience(**{name: value})
