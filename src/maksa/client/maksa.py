"""`Maksa` and `AsyncMaksa`: the seven functions of a service as methods, from one description of each.

A plan of `functions` is made a method by `Function`: called on a `Maksa` it returns what the plan returns, on an `AsyncMaksa`
it is awaited. Type checkers see the plan's own parameters and result at either. (No Any in the coroutine's type: with one, mypy finds
several of `asyncio.gather`'s overloads, and knows nothing of the answers.)
"""

from __future__ import annotations

import inspect
import os
import ssl
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from types import MethodType, TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload
from weakref import WeakSet

import httpx2

from maksa.client import functions
from maksa.client.account import Account, Patience
from maksa.client.arriving import Whole
from maksa.client.asynchronous import AsyncConcepts, AsyncDriver
from maksa.client.caller import Caller
from maksa.client.steps import Plan
from maksa.client.sync import Concepts, Driver
from maksa.client.tokens import AsyncTokenStore, TokenStore

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C")

PATIENCE = Patience()


class Function(Generic[P, T]):
    """A plan as a method of both clients."""

    def __init__(self, plan: Callable[Concatenate[Caller, P], Plan[T]]) -> None:
        self._method = _method(plan, lambda client: client._ask)

    @overload
    def __get__(self, client: None, owner: type) -> Callable[..., Any]: ...
    @overload
    def __get__(self, client: Maksa, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncMaksa, owner: type) -> Callable[P, Coroutine[object, None, T]]: ...
    def __get__(self, client: Maksa | AsyncMaksa | None, owner: type) -> Any:
        return self._method if client is None else MethodType(self._method, client)


class ListFunction(Generic[P]):
    """A plan of a list as a method of both clients: `Concepts` of the one, `AsyncConcepts` of the other."""

    def __init__(self, plan: Callable[Concatenate[Caller, P], Plan[Whole]]) -> None:
        self._method = _method(plan, lambda client: client._open)

    @overload
    def __get__(self, client: None, owner: type) -> Callable[..., Any]: ...
    @overload
    def __get__(self, client: Maksa, owner: type) -> Callable[P, Concepts]: ...
    @overload
    def __get__(self, client: AsyncMaksa, owner: type) -> Callable[P, Coroutine[object, None, AsyncConcepts]]: ...
    def __get__(self, client: Maksa | AsyncMaksa | None, owner: type) -> Any:
        return self._method if client is None else MethodType(self._method, client)


def _method(plan: Callable[..., Plan[Any]], does: Callable[[Any], Callable[..., Any]]) -> Callable[..., Any]:
    """The function that stands in the classes: it reads, to `help`, as the plan does, with what comes of it."""

    @wraps(plan)
    def method(client: Maksa | AsyncMaksa, *args: Any, **options: Any) -> Any:
        return does(client)(plan, *args, **options)

    described = inspect.signature(plan)
    first, *rest = described.parameters.values()
    outcome = (
        str(described.return_annotation)
        .removeprefix("Plan[")
        .removesuffix("]")
        .replace("Whole", "Concepts | AsyncConcepts")
    )
    method.__signature__ = described.replace(  # type: ignore[attr-defined]
        parameters=[first.replace(name="self", annotation=inspect.Parameter.empty), *rest], return_annotation=outcome
    )
    return method


def _connector(
    kind: Callable[..., C], transport: object, verify: ssl.SSLContext | bool, proxy: object, trust_env: bool
) -> Callable[[], C]:
    """What makes clients of *kind* that trust alike: certificates are read once, since that is slow."""
    trusted = verify if transport else httpx2.create_ssl_context(verify, trust_env=trust_env)
    return partial(kind, transport=transport, verify=trusted, proxy=proxy, trust_env=trust_env)


class Functions:
    """The seven: Terminology and TerminologyValueByVersion are one, `display_of`."""

    display_of = Function(functions.display_of)
    validate_code = Function(functions.validate_code)
    versions = Function(functions.versions)
    terminologies_since = Function(functions.terminologies_since)
    concepts = ListFunction(functions.concepts)
    concepts_since = ListFunction(functions.concepts_since)
    _caller: Caller

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._caller.routes.url)!r}, {self._caller.account!r})"


_living: WeakSet[Maksa] = WeakSet()
"""Those that a child of this process would share."""


def _forked() -> None:
    for maksa in list(_living):
        maksa._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Maksa(Functions):
    """A service of the guide's functions, asked by the thread that calls. Threads may share one; `with` or `close` ends it.

    A process that is forked goes on with connections of its own, unless they are a *transport*'s.

    *url* is where the service is, `https://host`; *base* the functions' path there, None for either of the guide's two.
    *store* keeps tokens beyond this object. *transport*, *verify*, *proxy* and *trust_env* are httpx2's: by default certificates
    are verified and the environment's proxies used. Nothing is sent before the first call.
    Raises: MalformedParameterError for a url that is none.
    """

    def __init__(
        self, url: str, account: Account, *, patience: Patience = PATIENCE, base: str | None = None,
        store: TokenStore | None = None, transport: httpx2.BaseTransport | None = None,
        verify: ssl.SSLContext | bool = True, proxy: httpx2.Proxy | httpx2.URL | str | None = None, trust_env: bool = True,
    ) -> None:  # fmt: skip
        self._connect = _connector(httpx2.Client, transport, verify, proxy, trust_env)
        http = self._connect()
        self._driver = Driver(http, store)
        self._caller = Caller(url, account, patience, base=base, codings=http.headers["Accept-Encoding"])
        _living.add(self)

    def close(self) -> None:
        """Closes the connections. A call after it is a RuntimeError."""
        self._driver.close()

    def _forked(self) -> None:
        if not self._driver.http.is_closed:
            self._driver.forked(self._connect())
        self._caller.pace.forked()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, plan: Callable[Concatenate[Caller, P], Plan[T]], *args: P.args, **options: P.kwargs) -> T:
        return self._driver.run(plan(self._caller, *args, **options))

    def _open(
        self, plan: Callable[Concatenate[Caller, P], Plan[Whole]], *args: P.args, **options: P.kwargs
    ) -> Concepts:
        return Concepts(self._driver, self._driver.run(plan(self._caller, *args, **options)))


class AsyncMaksa(Functions):
    """A `Maksa` whose calls are awaited. Tasks may share one; `async with` or `aclose` ends it.

    Each event loop that asks has connections of its own, which are to be closed in it; the token is one for all.
    """

    def __init__(
        self, url: str, account: Account, *, patience: Patience = PATIENCE, base: str | None = None,
        store: AsyncTokenStore | None = None, transport: httpx2.AsyncBaseTransport | None = None,
        verify: ssl.SSLContext | bool = True, proxy: httpx2.Proxy | httpx2.URL | str | None = None, trust_env: bool = True,
    ) -> None:  # fmt: skip
        connect = _connector(httpx2.AsyncClient, transport, verify, proxy, trust_env)
        http = connect()
        self._driver = AsyncDriver(http, connect, store)
        self._caller = Caller(url, account, patience, base=base, codings=http.headers["Accept-Encoding"])

    async def aclose(self) -> None:
        """Closes the connections of the loop that runs. A call after it, in any loop, is a RuntimeError."""
        await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ask(self, plan: Callable[Concatenate[Caller, P], Plan[T]], *args: P.args, **options: P.kwargs) -> T:
        return await self._driver.run(plan(self._caller, *args, **options))

    async def _open(
        self, plan: Callable[Concatenate[Caller, P], Plan[Whole]], *args: P.args, **options: P.kwargs
    ) -> AsyncConcepts:
        return AsyncConcepts(self._driver, await self._driver.run(plan(self._caller, *args, **options)))
