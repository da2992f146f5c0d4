"""Signing in: a password, then a code, then a session; each attempt counted, each outcome written down.

Rules of this file:
- a name that nobody has, a disabled operator and a wrong password are one answer, and take as long;
- a code is guessed at ten times from anywhere, then not for a while: whoever guesses codes has the password already;
- nothing that was typed is written down but a name that is an operator's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from maksa.desk.audit import Audit, Who
from maksa.desk.operators import Operator, Operators, plain_name
from maksa.desk.second_factor import SecondFactor
from maksa.desk.sessions import Session, Sessions, Stage
from maksa.model.errors import BadGrantError
from maksa.web.gateway.throttle import Failed, Throttle

T = TypeVar("T")

_ANYWHERE = ""
_STRANGER = "unknown"


class Caller(Struct, frozen=True):
    """Whoever knocks: where from, with what browser, and the cookie he has brought, if it is of a live session."""

    address: str
    agent: str
    session: Session | None = None


class SigningIn:
    """The way in. Every verb raises StorageError where the store cannot, TooManyRequestsError where attempts are used up."""

    def __init__(
        self, operators: Operators, second_factor: SecondFactor, sessions: Sessions, throttle: Throttle, audit: Audit
    ) -> None:
        self._operators = operators
        self._second_factor = second_factor
        self._sessions = sessions
        self._throttle = throttle
        self._audit = audit

    def password(self, name: str, password: str, caller: Caller) -> str | Failed:
        """The cookie of a session that has come half way; or how it failed, and how long to keep the answer back."""
        name = plain_name(name)
        given = self._guarded(
            f"desk\n{name}", caller, lambda: self._operators.checked(name, password), "sign-in-failed", name
        )
        if isinstance(given, Failed):
            return given
        stage: Stage = "enrol" if given.must_enrol else "code"
        try:
            cookie = self._begin(given, stage, caller, caller.session)
        except BadGrantError as error:
            return Failed(error, 0.0)
        self._audit.note(Who(given.name, caller.address), "password-accepted", given.name)
        return cookie

    def code(self, session: Session, code: str, caller: Caller) -> str | Failed:
        """The cookie of a whole session for one of the stage `code`; or how it failed."""
        operator = session.operator
        used = self._guarded(
            f"desk code\n{operator.name}", caller, lambda: self._taken(operator, code), "code-refused",
            operator.name, from_anywhere=True,
        )  # fmt: skip
        if isinstance(used, Failed):
            return used
        try:
            cookie = self._begin(operator, "full", caller, session)
        except BadGrantError as error:
            return Failed(error, 0.0)
        self._audit.note(Who(operator.name, caller.address), "signed-in", operator.name, by=used)
        return cookie

    def enrolled(self, session: Session, caller: Caller) -> str:
        """The cookie of a whole session for one that has chosen a password and a second factor.

        Raises: BadGrantError where the session has ended meanwhile.
        """
        cookie = self._begin(session.operator, "full", caller, session)
        who = Who(session.operator.name, caller.address)
        self._audit.note(who, "signed-in", session.operator.name, by="enrolment")
        return cookie

    def confirmed(self, operator: Operator, password: str, caller: Caller) -> Operator | Failed:
        """*operator*, where the password is his; or how it failed: a session left open is no password."""
        return self._guarded(
            f"desk\n{operator.name}", caller, lambda: self._operators.checked(operator.name, password),
            "password-refused", operator.name,
        )  # fmt: skip

    def out(self, session: Session, caller: Caller) -> None:
        """Ends the session."""
        self._sessions.end(session)
        self._audit.note(Who(session.operator.name, caller.address), "signed-out", session.operator.name)

    def out_everywhere(self, session: Session, caller: Caller) -> int:
        """Ends every other session of the operator; how many there were."""
        ended = self._sessions.end_all(session.operator, but=session)
        who = Who(session.operator.name, caller.address)
        self._audit.note(who, "signed-out-elsewhere", session.operator.name, sessions=ended)
        return ended

    def _begin(self, operator: Operator, stage: Stage, caller: Caller, instead_of: Session | None) -> str:
        old = instead_of.hash if instead_of else None
        return self._sessions.begin(operator, stage, address=caller.address, agent=caller.agent, instead_of=old)

    def _taken(self, operator: Operator, code: str) -> str:
        used = self._second_factor.take(operator, code)
        if used is None:
            raise BadGrantError
        return used

    def _guarded(
        self, key: str, caller: Caller, attempt: Callable[[], T], action: str, name: str, *, from_anywhere: bool = False
    ) -> T | Failed:
        """What *attempt* gives, counted under *key*; a failure is written down as *action*."""
        shown = name if self._operators.is_known(name) else _STRANGER
        given = self._throttle.guarded(key, _ANYWHERE if from_anywhere else caller.address, attempt)
        if isinstance(given, Failed):
            self._audit.note(Who(shown, caller.address), action, shown)
        return given
