"""A desk over a home of the test's own, its clock in the test's hand; operators who have signed in; jobs that are really done."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest

from maksa.desk.audit import Who
from maksa.desk.desk import Desk
from maksa.desk.jobs import Job
from maksa.desk.operators import Operator
from maksa.desk.orders import Order
from maksa.desk.running import Runner
from maksa.desk.sessions import Session, hash_of
from maksa.desk.signing_in import Caller
from maksa.drafting.loading import Wanted
from maksa.home import Home
from maksa.settings import Settings
from tests.conftest import Clock

TERMINAL = Who("terminal")
HERE = Caller("127.0.0.1", "test")
PASSWORD = "سه کبوتر بر بام آبی"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.of(tmp_path / "home").made()


@pytest.fixture
def opened(home: Home, clock: Clock) -> Iterator[Callable[..., Desk]]:
    """Opens desks over the home, and closes them all at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(Desk(home, Settings(**settings), clock=clock))


@pytest.fixture
def desk(opened: Callable[..., Desk]) -> Desk:
    return opened()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, opened: Callable[..., Desk]) -> Desk:
    """A desk on either kind of database."""
    return opened(desk_url="" if request.param == "sqlite" else request.getfixturevalue("postgres_database"))


def code_of(secret: str, at: float) -> str:
    """What an authenticator shows."""
    return pyotp.TOTP(secret).at(int(at))


class Signed:
    """An operator who has chosen a password and a second factor."""

    def __init__(self, desk: Desk, clock: Clock, name: str = "zahra", roles: tuple[str, ...] = ()) -> None:
        first = desk.operators.add(name, roles, TERMINAL)
        cookie = desk.signing_in.password(name, first, HERE)
        assert isinstance(cookie, str)
        half = desk.sessions.get(cookie)
        assert half is not None
        desk.operators.choose_password(half.operator, PASSWORD, PASSWORD, Who(name))
        self.secret = desk.second_factor.offered(hash_of(cookie), half.operator)
        codes = desk.second_factor.enrol(hash_of(cookie), half.operator, code_of(self.secret, clock()), Who(name))
        assert codes is not None
        self.codes = codes
        self.cookie = desk.signing_in.enrolled(half, Caller("127.0.0.1", "test", half))
        clock.pass_s(60)
        session = desk.sessions.get(self.cookie)
        assert session is not None
        self.session: Session = session
        self.who = Who(name, "127.0.0.1")

    @property
    def operator(self) -> Operator:
        return self.session.operator


@pytest.fixture
def zahra(desk: Desk, clock: Clock) -> Signed:
    return Signed(desk, clock)


def order_of(desk: Desk, content: bytes | None = None, name: str = "list.csv", **wanted: str) -> Order:
    """The order to load *content* as what is *wanted*; or to review what was loaded, where there is none."""
    folder = desk.jobs.new_folder()
    if content is not None:
        (folder / "file" / name).write_bytes(content)
    given = Wanted(**{"terminology_id": "ContactType", "label": "1", **wanted})
    return desk.order("load" if content is not None else "review", folder, given, name if content is not None else "")


def done(desk: Desk, *jobs: Job) -> list[Job]:
    """The jobs once they are over, as a runner does them."""

    async def until_over() -> None:
        runner = Runner(desk.jobs, desk.home, longest_s=desk.settings.desk_job_s, ended=desk.ended)
        running = asyncio.create_task(runner.run())
        while desk.jobs.under_way():
            await asyncio.sleep(0.02)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(until_over())
    found = [desk.jobs.get(job.id) for job in jobs]
    assert all(found)
    return [job for job in found if job]


LIST = "کد,عنوان\n1,نشانی\n2,تلفن\n,بی‌کد\n".encode()


def loaded(desk: Desk, content: bytes = LIST, who: Who = TERMINAL, **wanted: str) -> Job:
    """The job that loaded *content*."""
    return done(desk, desk.jobs.add(order_of(desk, content, **wanted), who))[0]
