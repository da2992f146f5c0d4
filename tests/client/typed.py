"""How the users of the library see it: read by mypy in test_typing.py, which knows nothing of ours but what is installed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import assert_type

from maksa.client import (
    Account,
    AsyncConcepts,
    AsyncMaksa,
    CodedText,
    Concepts,
    Found,
    KeptTokens,
    Maksa,
    MaksaError,
    NothingFound,
    Patience,
    RefusedError,
    UnknownTerminology,
    VersionRow,
)


class Memory:
    """A store as a user writes one."""

    def load(self) -> KeptTokens | None:
        return None

    def save(self, tokens: KeptTokens) -> None:
        pass


def threaded(account: Account) -> None:
    with Maksa("https://gateway.example", account, patience=Patience(rate_per_s=5), store=Memory()) as maksa:
        assert_type(maksa, Maksa)
        assert_type(maksa.display_of("eRX", "1"), Found[str] | NothingFound)
        assert_type(maksa.display_of("eRX", "1", version="1000"), Found[str] | NothingFound)
        assert_type(maksa.validate_code("eRX", "1", "x"), Found[bool] | UnknownTerminology)
        assert_type(maksa.versions("eRX"), Found[tuple[VersionRow, ...]] | UnknownTerminology)
        assert_type(maksa.terminologies_since(dt.date(2021, 3, 21)), tuple[str, ...])
        with maksa.concepts("eRX", "1", if_none_match="x") as concepts:
            assert_type(concepts, Concepts)
            assert_type(concepts.nothing, NothingFound | None)
            assert_type(concepts.asked_at, dt.datetime)
            assert_type(list(concepts), list[CodedText])
        assert_type(maksa.concepts_since("eRX", "1400/01/01"), Concepts)


async def awaited(account: Account) -> None:
    async with AsyncMaksa("https://gateway.example", account) as maksa:
        assert_type(await maksa.display_of("eRX", "1"), Found[str] | NothingFound)
        assert_type(await maksa.validate_code("eRX", "1", "x"), Found[bool] | UnknownTerminology)
        assert_type(await maksa.versions("eRX"), Found[tuple[VersionRow, ...]] | UnknownTerminology)
        assert_type(await maksa.terminologies_since(), tuple[str, ...])
        display, rows = await asyncio.gather(maksa.display_of("eRX", "1"), maksa.versions("eRX"))
        assert_type(display, Found[str] | NothingFound)
        assert_type(rows, Found[tuple[VersionRow, ...]] | UnknownTerminology)
        assert_type(await asyncio.create_task(maksa.terminologies_since()), tuple[str, ...])
        async with await maksa.concepts("eRX", "1") as concepts:
            assert_type(concepts, AsyncConcepts)
            assert_type([each async for each in concepts], list[CodedText])


def refused(error: MaksaError) -> None:
    assert_type(error.request_id, str)
    if isinstance(error, RefusedError):
        assert_type(error.status, int)
        assert_type(error.violations, tuple[tuple[str, str], ...])
        assert_type(error.retry_after_s, float | None)


def refused_by_a_checker(maksa: Maksa) -> None:
    maksa.display_of("eRX", 60002)  # type: ignore[arg-type]
    maksa.display_of("eRX")  # type: ignore[call-arg]
    maksa.versions(terminology="eRX")  # type: ignore[call-arg]
    maksa.concepts_since("eRX", 1402)  # type: ignore[arg-type]
    maksa.concepts("eRX", "1", etag="x")  # type: ignore[call-arg]
    maksa.search("eRX")  # type: ignore[attr-defined]
