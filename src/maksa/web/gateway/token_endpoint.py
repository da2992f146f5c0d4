"""`POST /oauth/token`: tokens by password and by refresh token. Source: contract, section 1; RFC 6749.

Rules of this file:
- logins run in threads of their own, two at a time: a flood of them does not hold up the functions;
- a client whose secret was right lately has two threads apart: strangers who guess, however many, do not hold it up;
- a failed login is kept back before it is answered, and after many is refused with the gateway's 429;
- what is answered to a wrong name, a wrong secret and a disabled account is the same, at the same cost.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter, time

from maksa.model.errors import BadGrantError, MaksaError, TooManyRequestsError
from maksa.web.asgi import HUNG_UP, Header, HungUpError, Receive, Reply, Scope, Send, body_of
from maksa.web.gateway.gate import Gate
from maksa.web.gateway.hashing import Marks
from maksa.web.gateway.origin import Origin
from maksa.web.gateway.throttle import Failed, Throttle
from maksa.web.gateway.tokens import Grants
from maksa.web.heard import Heard, heard_from
from maksa.web.journal import Entry
from maksa.web.worker import Worker
from maksa.wire.oauth import PasswordGrant, TokenRequest, Tokens, fault_answer, read_token_request, tokens_answer

_log = logging.getLogger("maksa.web")

_FORM_LIMIT = 8192  # bytes of a form; the longest honest one has some hundred
_WHO_ARE_YOU: Header = (b"www-authenticate", b'Basic realm="maksa"')
_DO_NOT_KEEP: tuple[Header, ...] = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))  # RFC 6749, section 5.1


class _ForeignAddressError(Exception):
    """The account names its addresses, and the caller's is none of them."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


class TokenEndpoint:
    """The ASGI callable of the token path."""

    def __init__(self, gate: Gate, worker: Worker) -> None:
        self._gate = gate
        self._worker = worker
        self._grants = Grants(gate.store, worker.settings.token_ttl_s)
        self._throttle = Throttle(gate.store, worker.settings)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="logins")
        self._threads_of_known = ThreadPoolExecutor(max_workers=2, thread_name_prefix="known-logins")
        self._known = Marks()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        reply = Reply(send, self._worker.request_ids.fresh())
        heard = heard_from(scope)
        origin = self._gate.origin_of(heard)
        self._gate.comes_through_unnamed_proxy(heard)  # said here, since everybody logs in, and not on the hot path
        account = ""
        try:
            account = await self._answer(heard, origin, receive, reply)
        except HungUpError:
            reply.status = HUNG_UP
        except Exception as error:  # noqa: BLE001 # the outermost place: the caller is told a status, the log the rest
            _log.error("no token (requestId %s)", reply.request_id, exc_info=error)
            if not reply.status:
                await reply.refuse(500)
        seconds = perf_counter() - started
        self._worker.journal.note(
            Entry(time(), reply.request_id, "token", account, origin.text, reply.status, 0, seconds, reply.size)
        )

    async def _answer(self, heard: Heard, origin: Origin, receive: Receive, reply: Reply) -> str:
        """Answers; the account's name where there was one to give a token to."""
        if origin.is_insecure or origin.is_refused:
            await reply.refuse(410 if origin.is_insecure else 403)
            return ""
        try:
            body = await body_of(receive, heard.named, _FORM_LIMIT)
            request = read_token_request(heard.named.get(b"authorization"), body, heard.query)
            tokens, account = await self._granted(request, origin)
        except TooManyRequestsError as error:
            await reply.refuse(429, retry_after_s=error.retry_after_s)
        except _ForeignAddressError as error:
            await reply.refuse(403)
            return error.account
        except TimeoutError:
            _log.error(
                "no token: the accounts' store does not answer, or too many log in (requestId %s)", reply.request_id
            )
            await reply.refuse(504)
        except MaksaError as error:
            status, fault = fault_answer(error)
            if status >= 500:
                _log.error("%s: %s (requestId %s)", error.slug, error, reply.request_id)
            await reply.json(status, fault, [*_DO_NOT_KEEP, _WHO_ARE_YOU] if status == 401 else _DO_NOT_KEEP)
        else:
            await reply.json(200, tokens_answer(tokens), _DO_NOT_KEEP)
            return account
        return ""

    async def _granted(self, request: TokenRequest, origin: Origin) -> tuple[Tokens, str]:
        """The tokens and whose they are. Raises: BadClientError, BadGrantError (kept back), TooManyRequestsError, …"""
        login = partial(self._login, request, origin)
        is_known = self._known.has(request.client.client_id, request.client.client_secret)
        threads = self._threads_of_known if is_known else self._threads
        judging = asyncio.get_running_loop().run_in_executor(
            threads, self._throttle.guarded, _name_in(request), origin.text, login
        )
        outcome = await asyncio.wait_for(judging, self._worker.settings.provider_timeout_s)
        if isinstance(outcome, Failed):
            await asyncio.sleep(outcome.delay_s)
            raise outcome.error
        self._known.add(request.client.client_id, request.client.client_secret)
        return outcome

    def _login(self, request: TokenRequest, origin: Origin) -> tuple[Tokens, str]:
        """In a thread: argon2 takes its time, and so may the store."""
        tokens = self._grants.tokens_for(request)
        if not isinstance(request.grant, PasswordGrant):
            self._gate.sessions.refresh()  # the token that this one replaces is out at once, here
        session = self._gate.sessions.load(tokens.access_token)
        if session is None:  # the account was disabled between two lines
            raise BadGrantError
        if session.networks and origin.number not in session.networks:
            raise _ForeignAddressError(session.account)
        return tokens, session.account


def _name_in(request: TokenRequest) -> str:
    """Whose failures are counted: the user's, where one is named, else the client's."""
    grant = request.grant
    return f"user {grant.username}" if isinstance(grant, PasswordGrant) else f"client {request.client.client_id}"
