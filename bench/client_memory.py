"""How much a process grows while it reads a whole version: by `bench.client`, which gives what to read on standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from bench.home import TERMINOLOGY
from maksa.client import Account, Maksa


def read_by_hand(given: dict[str, Any]) -> None:
    """The body as one, decoded as one."""
    question = msgspec.json.encode({"terminologyId": TERMINOLOGY, "version": "2"})
    with httpx2.Client(timeout=60) as http:
        url = f"{given['bare']['url']}/TerminologiesTermByVersion"
        answer = http.post(url, content=question, headers=given["bare"]["headers"])
        assert msgspec.json.decode(answer.content)["result"]["data"]


def read_by_maksa(given: dict[str, Any]) -> None:
    """Each concept as it arrives, and none kept."""
    with Maksa(given["url"], Account(**given["account"])) as maksa:
        assert sum(1 for _ in maksa.concepts(TERMINOLOGY, "2"))


def main() -> None:
    """Prints the megabytes between the most that is resident before, and the most after."""
    given = msgspec.json.decode(sys.stdin.buffer.read())
    with Maksa(given["url"], Account(**given["account"])) as maksa, httpx2.Client() as http:
        maksa.terminologies_since()  # connections, codecs, what is made once
        http.get(f"{given['url']}/health")
    before = _most_resident_mb()
    {"bare": read_by_hand, "maksa": read_by_maksa}[given["name"]](given)
    print(max(0.0, _most_resident_mb() - before))


def _most_resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
