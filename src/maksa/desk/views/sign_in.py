"""The way in: a name and a password, then a code; and, the first time, a password and a second factor of one's own."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from maksa.desk.second_factor import qr_of, uri_of
from maksa.desk.sessions import hash_of
from maksa.desk.views.asking import Ask
from maksa.model.errors import AccountFieldError, TooManyRequestsError
from maksa.pages import responses
from maksa.web.gateway.throttle import Failed

LOST = "lost"
"""The parameter with which the form for name and password says that what was sent was not saved."""


def theme(ask: Ask) -> Response:
    """Remembers light or dark, and goes back."""
    return responses.themed(ask.form.get("to", ""), ask.form.get("back", "/"))


def show(ask: Ask) -> Response:
    """The form for name and password."""
    return ask.answer("sign_in.html", {"wrong": "", "wait_s": 0, "is_lost": LOST in ask.query})


def give_password(ask: Ask) -> Response:
    """On to the code, or the form again."""
    try:
        given = ask.desk.signing_in.password(ask.form.get("name", ""), ask.form.get("password", ""), ask.caller)
    except TooManyRequestsError as error:
        return _again(ask, "sign_in.html", "too-many", error.retry_after_s)
    if isinstance(given, Failed):
        ask.delay_s = given.delay_s
        return _again(ask, "sign_in.html", "password")
    ask.keep(given)
    session = ask.desk.sessions.get(given)
    return ask.see("enrol" if session and session.stage == "enrol" else "code")


def show_code(ask: Ask) -> Response:
    """The form for the code."""
    return ask.answer("code.html", {"wrong": "", "wait_s": 0})


def give_code(ask: Ask) -> Response:
    """In, to the page that was asked for before signing in; or the form again."""
    assert ask.session is not None
    try:
        given = ask.desk.signing_in.code(ask.session, ask.form.get("code", ""), ask.caller)
    except TooManyRequestsError as error:
        return _again(ask, "code.html", "too-many", error.retry_after_s)
    if isinstance(given, Failed):
        ask.delay_s = given.delay_s
        return _again(ask, "code.html", "code")
    ask.keep(given)
    wanted = ask.wanted()
    return ask.go(wanted) if wanted else ask.see()


def show_enrolment(ask: Ask) -> Response:
    """The form for a password of one's own and a second factor, with what an authenticator reads."""
    return _enrolment(ask)


def enrol(ask: Ask) -> Response:
    """The recovery codes, shown this once; or the form again."""
    assert ask.session is not None
    password, again = ask.form.get("password", ""), ask.form.get("again", "")
    try:
        ask.desk.operators.check_password(ask.operator, password, again)
    except AccountFieldError as error:
        return _enrolment(ask, "password", str(ask.t(f"desk_password.{error.reason}")))
    codes = ask.desk.second_factor.enrol(hash_of(ask.cookie), ask.operator, ask.form.get("code", ""), ask.who)
    if codes is None:
        return _enrolment(ask, "code")
    ask.desk.operators.choose_password(ask.operator, password, again, ask.who)
    cookie = ask.desk.signing_in.enrolled(ask.session, ask.caller)
    ask.keep(cookie)
    return ask.answer("codes.html", codes, wanted=ask.wanted())


def out(ask: Ask) -> Response:
    """Out, and to the form for whoever comes next."""
    if ask.session is not None:
        ask.desk.signing_in.out(ask.session, ask.caller)
    ask.keep("")
    ask.wanted()  # whoever comes next wants another
    return ask.see("sign-in")


def _again(ask: Ask, template: str, wrong: str, wait_s: int = 0) -> Response:
    return ask.answer(template, {"wrong": wrong, "wait_s": wait_s, "is_lost": False}, status=429 if wait_s else 401)


def _enrolment(ask: Ask, wrong: str = "", why: str = "") -> Response:
    secret = ask.desk.second_factor.offered(hash_of(ask.cookie), ask.operator)
    shown = {
        "wrong": wrong,
        "why": why,
        "name": ask.operator.name,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "uri": uri_of(secret, ask.operator),
        "qr": Markup(qr_of(secret, ask.operator)),  # noqa: S704 # of letters and digits that were chosen here
    }
    return ask.answer("enrol.html", shown, status=400 if wrong else 200)
