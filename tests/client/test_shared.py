"""One client for a whole program: processes that are forked from it, and event loops that come and go."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from maksa.client import AsyncMaksa, Found
from tests.client.conftest import BRISK, TRUST
from tests.simulator import Stall

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")

AFTER_A_CALL = """
maksa.versions("eRX")
"""

DURING_A_LOGIN = """
import threading, time
Maksa(sys.argv[1], maksa._caller.account).versions("eRX")  # what is imported by the first call is there: Python locks that as well
threading.Thread(target=maksa.versions, args=["eRX"]).start()
while not maksa._driver._alone.locked(): time.sleep(0.01)
time.sleep(0.1)
"""

PROGRAM = """
import json, os, signal, sys
from maksa.client import Account, Maksa
maksa = Maksa(sys.argv[1], Account(**json.loads(sys.argv[2])))
{before}
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
signal.alarm(20)
print(maksa.display_of("thritaEHR.Religion", "1").value)
"""


@pytest.mark.parametrize("before", [AFTER_A_CALL, DURING_A_LOGIN], ids=["after a call", "during a login"])
def test_a_forked_process_shares_no_connection_and_no_lock(ministry, account, before):
    """As of a server that loads the program and then forks its workers: else two would read one another's answers."""
    ministry.plan("token", None, Stall(0.5))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before), ministry.url, msgspec.json.encode(account)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (run.stdout, run.returncode) == ("اسلام\n", 0), run.stderr
    parents = {request.connection for request in ministry.asked("TerminologyVersions")}
    assert parents
    assert parents & {request.connection for request in ministry.asked("Terminology")} == set()


@pytest.fixture
def made(ministry, account) -> Iterator[Callable[[], AsyncMaksa]]:
    """`made()`: one whose loops end before it is closed; of their connections Python says, rightly, that nobody closed them."""
    yield lambda: AsyncMaksa(ministry.url, account, patience=BRISK, verify=TRUST)
    gc.collect()


UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@UNCLOSED
def test_loops_one_after_another_have_connections_of_their_own_and_one_token(made, ministry):
    """As of a program that calls `asyncio.run` for each job: connections of a loop that has ended are of no use."""
    maksa = made()

    async def job() -> list[object]:
        return list(await asyncio.gather(*(maksa.versions("eRX") for _ in range(5))))

    for _ in range(3):
        assert all(isinstance(answer, Found) for answer in asyncio.run(job()))
    assert ministry.count("token") == 1


@UNCLOSED
def test_loops_of_several_threads_may_share_one(made):
    """Each waits with a lock of its own."""
    maksa = made()
    start = threading.Barrier(4)

    async def job() -> list[object]:
        start.wait(10)
        return list(await asyncio.gather(*(maksa.versions("eRX") for _ in range(20))))

    with ThreadPoolExecutor(4) as threads:
        answers = [each.result() for each in [threads.submit(asyncio.run, job()) for _ in range(4)]]
    assert all(isinstance(answer, Found) for each in answers for answer in each)


def test_a_closed_one_says_so(made):
    """To whoever asks it in any loop."""
    maksa = made()
    asyncio.run(maksa.aclose())

    with pytest.raises(RuntimeError, match="this AsyncMaksa is closed"):
        asyncio.run(maksa.versions("eRX"))


def test_each_loop_closes_its_own_connections(made, ministry):
    """Of several that run at once: the first to close it took from the others what they were to close."""
    maksa = made()
    asked, closed = threading.Barrier(2), threading.Barrier(2)

    async def job() -> None:
        await maksa.versions("eRX")
        asked.wait(10)
        await maksa.aclose()
        closed.wait(10)
        await maksa.aclose()  # and again does nothing

    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(asyncio.run, job()) for _ in range(2)]:
            each.result()
    gc.collect()  # connections that are not closed warn of it
