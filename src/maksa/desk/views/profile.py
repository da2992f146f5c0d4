"""One's own: sessions, password, recovery codes."""

from __future__ import annotations

from starlette.responses import Response

from maksa.desk.views.asking import Ask
from maksa.desk.views.jobs import moment
from maksa.model.errors import AccountFieldError, TooManyRequestsError
from maksa.web.gateway.throttle import Failed

_SHOWN = 20  # sessions


def show(ask: Ask, wrong: str = "", done: str = "") -> Response:
    """The page."""
    assert ask.session is not None
    sessions = ask.desk.sessions.of(ask.operator)[:_SHOWN]
    shown = {
        "sessions": [(each, moment(each.seen_at), each.hash == ask.session.hash) for each in sessions],
        "codes_left": ask.desk.second_factor.codes_left(ask.operator),
        "wrong": wrong,
        "done": done,
    }
    return ask.answer("profile.html", shown, status=400 if wrong else 200)


def change_password(ask: Ask) -> Response:
    """Another password: the one that was is asked for, and the other sessions end."""
    assert ask.session is not None
    if wrong := _wrong_password(ask):
        return show(ask, wrong)
    password, again = ask.form.get("password", ""), ask.form.get("again", "")
    try:
        ask.desk.operators.choose_password(ask.operator, password, again, ask.who)
    except AccountFieldError as error:
        return show(ask, str(ask.t(f"desk_password.{error.reason}")))
    ask.desk.signing_in.out_everywhere(ask.session, ask.caller)
    return show(ask, done=str(ask.t("desk_profile.changed")))


def renew_codes(ask: Ask) -> Response:
    """Ten other recovery codes, shown this once: the password is asked for."""
    if wrong := _wrong_password(ask):
        return show(ask, wrong)
    return ask.answer("codes.html", ask.desk.second_factor.renew_codes(ask.operator, ask.who), wanted="")


def sign_out_elsewhere(ask: Ask) -> Response:
    """Ends the other sessions."""
    assert ask.session is not None
    ask.desk.signing_in.out_everywhere(ask.session, ask.caller)
    return ask.see("profile")


def _wrong_password(ask: Ask) -> str:
    """What is wrong with the password that was given as the present one; "" where it is right. Guesses are counted."""
    try:
        given = ask.desk.signing_in.confirmed(ask.operator, ask.form.get("current", ""), ask.caller)
    except TooManyRequestsError:
        return str(ask.t("desk_profile.too-many"))
    if isinstance(given, Failed):
        ask.delay_s = given.delay_s
        return str(ask.t("desk_profile.wrong"))
    return ""
