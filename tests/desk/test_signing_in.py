"""Signing in: what lets somebody in, and all that must not."""

from __future__ import annotations

import sqlite3

import pytest

from maksa.desk.audit import Who
from maksa.desk.sessions import HALF_S, hash_of
from maksa.desk.signing_in import Caller
from maksa.model.errors import AccountExistsError, AccountFieldError, TooManyRequestsError, UnknownAccountError
from maksa.web.gateway.throttle import Failed
from tests.desk.conftest import HERE, PASSWORD, TERMINAL, Signed, code_of


def half(desk, password=PASSWORD, name="zahra"):
    """The session of whoever has given a password."""
    cookie = desk.signing_in.password(name, password, HERE)
    return desk.sessions.get(cookie) if isinstance(cookie, str) else cookie


def test_password_and_code_let_in(either, clock):
    """The whole way, on either kind of database."""
    zahra = Signed(either, clock)
    session = half(either)
    cookie = either.signing_in.code(session, code_of(zahra.secret, clock()), HERE)

    assert session.stage == "code"
    assert either.sessions.get(cookie).stage == "full"
    assert either.sessions.get(cookie).operator.roles == ("operator", "releaser", "administrator")


def test_a_code_is_taken_once(desk, clock, zahra):
    """Whoever looked over the shoulder comes too late, in the same half minute too."""
    code = code_of(zahra.secret, clock())
    first = desk.signing_in.code(half(desk), code, HERE)
    second = desk.signing_in.code(half(desk), code, Caller("10.0.0.9", "other"))

    assert isinstance(first, str)
    assert isinstance(second, Failed)


def test_an_earlier_code_is_not_taken_after_a_later_one(desk, clock, zahra):
    """The clock may be half a minute wrong; what was shown before the last one is spent all the same."""
    early = code_of(zahra.secret, clock() - 30)
    desk.signing_in.code(half(desk), code_of(zahra.secret, clock()), HERE)

    assert isinstance(desk.signing_in.code(half(desk), early, HERE), Failed)


@pytest.mark.parametrize(("seconds", "is_taken"), [(-30, True), (0, True), (30, True), (-90, False), (90, False)])
def test_a_telephone_may_be_half_a_minute_wrong(desk, clock, zahra, seconds, is_taken):
    """And no more."""
    given = desk.signing_in.code(half(desk), code_of(zahra.secret, clock() + seconds), HERE)

    assert isinstance(given, str) == is_taken


def test_persian_digits_are_digits(desk, clock, zahra):
    """A code is typed as the keyboard has it, with a blank in the middle."""
    code = code_of(zahra.secret, clock()).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert isinstance(desk.signing_in.code(half(desk), f"{code[:3]} {code[3:]}", HERE), str)


def test_a_recovery_code_is_used_up(desk, zahra):
    """Each of the ten once, with or without its lines."""
    assert isinstance(desk.signing_in.code(half(desk), zahra.codes[0].upper(), HERE), str)
    assert isinstance(desk.signing_in.code(half(desk), zahra.codes[0], HERE), Failed)
    assert isinstance(desk.signing_in.code(half(desk), zahra.codes[1].replace("-", ""), HERE), str)
    assert desk.second_factor.codes_left(zahra.operator) == 8


def test_a_strangers_name_costs_what_a_wrong_password_does(desk, zahra):
    """As many runs of argon2: no clock tells who is an operator, who is disabled, whose first password has expired."""
    desk.operators.add("omid", (), TERMINAL)
    desk.operators.disable("omid", TERMINAL)
    runs = []
    for name in ("zahra", "nobody", "omid"):
        before = desk.operators.secrets.runs
        assert isinstance(half(desk, "wrong", name), Failed)
        runs.append(desk.operators.secrets.runs - before)

    assert runs == [1, 1, 1]


def test_guessing_passwords_comes_to_an_end(desk, zahra):
    """Ten at an address, then none for a while, the right one neither."""
    delays = [half(desk, f"guess {place}").delay_s for place in range(10)]

    assert delays == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]
    with pytest.raises(TooManyRequestsError):
        half(desk)


def test_guessing_codes_comes_to_an_end_wherever_it_comes_from(desk, clock, zahra):
    """Ten from as many addresses; whoever guesses codes has the password already."""
    session = half(desk)
    for place in range(10):
        assert isinstance(desk.signing_in.code(session, "000000", Caller(f"10.0.0.{place}", "")), Failed)

    with pytest.raises(TooManyRequestsError):
        desk.signing_in.code(session, code_of(zahra.secret, clock()), Caller("10.0.0.99", ""))


def test_a_cookie_that_was_planted_is_worth_nothing(desk, clock, zahra):
    """Each stage has a cookie of its own, and the one before is no more: fixation gains nothing."""
    planted = desk.signing_in.password("zahra", PASSWORD, HERE)
    session = desk.sessions.get(planted)
    cookie = desk.signing_in.code(session, code_of(zahra.secret, clock()), Caller("127.0.0.1", "", session))

    assert cookie != planted
    assert desk.sessions.get(planted) is None


def test_half_a_session_ends_soon(desk, clock, zahra):
    """A password without a code is worth ten minutes."""
    session = desk.signing_in.password("zahra", PASSWORD, HERE)
    clock.pass_s(HALF_S + 1)

    assert desk.sessions.get(session) is None


def test_a_session_ends_when_nothing_is_done_with_it(desk, clock, zahra):
    """After half an hour; what is done meanwhile counts from then."""
    clock.pass_s(1700)
    assert desk.sessions.get(zahra.cookie)
    clock.pass_s(1700)
    assert desk.sessions.get(zahra.cookie)
    clock.pass_s(1801)
    assert desk.sessions.get(zahra.cookie) is None


def test_a_session_ends_after_a_working_day_whatever_was_done(desk, clock, zahra):
    """Twelve hours, used every quarter of one."""
    for _ in range(4 * 12):
        clock.pass_s(900)
        desk.sessions.get(zahra.cookie)

    assert desk.sessions.get(zahra.cookie) is None


def test_signing_out_elsewhere_leaves_this_session_alone(desk, clock, zahra):
    """A telephone that was lost is out."""
    lost = desk.signing_in.code(half(desk), code_of(zahra.secret, clock()), HERE)

    assert desk.signing_in.out_everywhere(zahra.session, HERE) == 1
    assert desk.sessions.get(lost) is None
    assert desk.sessions.get(zahra.cookie)


@pytest.mark.parametrize("verb", ["disable", "reset"])
def test_what_is_taken_away_ends_sessions_at_once(desk, zahra, verb):
    """In the same transaction."""
    getattr(desk.operators, verb)("ZAHRA", TERMINAL)

    assert desk.sessions.get(zahra.cookie) is None


def test_roles_are_assigned_anew(desk, zahra):
    """In the session that is open, from the next page on; with what he has now in the audit; and never none."""
    desk.operators.assign("Zahra", ["releaser"], TERMINAL)
    entry = desk.audit.page(limit=1)[0]

    assert desk.sessions.get(zahra.cookie).operator.roles == ("releaser",)
    assert (entry.action, entry.subject, entry.facts) == ("operator-assigned", "zahra", '{"roles":["releaser"]}')
    for roles in ([], ["king"]):
        with pytest.raises(AccountFieldError):
            desk.operators.assign("zahra", roles, TERMINAL)


def test_a_reset_takes_the_second_factor_and_its_codes(desk, zahra):
    """And the new password is for once: its owner must choose his own."""
    first = desk.operators.reset("zahra", TERMINAL)

    assert half(desk, first).stage == "enrol"
    assert isinstance(half(desk), Failed)
    assert desk.second_factor.codes_left(zahra.operator) == 0


def test_a_password_that_was_given_out_expires(desk, clock):
    """Three days in a letter are enough."""
    first = desk.operators.add("omid", ["operator"], TERMINAL)
    clock.pass_s(3 * 86_400 + 1)

    assert isinstance(half(desk, first, "omid"), Failed)


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("short", "short"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
        ("123456789012", "123456789012"),
        ("abcdefghabcdefgh", "abcdefghabcdefgh"),
        ("zahra is my name", "zahra is my name"),
        (PASSWORD, "another"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(desk, zahra, password, again):
    """And the error does not repeat it."""
    with pytest.raises(AccountFieldError) as refused:
        desk.operators.choose_password(zahra.operator, password, again, zahra.who)

    assert password not in str(refused.value)


def test_no_secret_lies_in_the_database(desk, home, zahra):
    """Not the cookie, the password, the second factor or a recovery code: none in any page of the file."""
    with sqlite3.connect(home.path / "desk.db") as db:
        content = "\n".join(db.iterdump()).encode() + b"".join(
            db.execute("SELECT secret FROM desk_operator").fetchone()
        )

    for secret in (zahra.cookie, PASSWORD, zahra.secret, *zahra.codes, zahra.codes[0].replace("-", "")):
        assert secret.encode() not in content
    assert (home.path / "desk.key").stat().st_mode & 0o777 == 0o600


def test_a_sealed_factor_opens_for_its_owner_alone(desk):
    """Moved to another operator's row it is worth nothing."""
    sealed = desk.sealer.seal("SECRET", "zahra")

    assert desk.sealer.open(sealed, "zahra") == "SECRET"
    with pytest.raises(Exception, match="not the key"):
        desk.sealer.open(sealed, "omid")


def test_a_name_is_an_operators_once(desk, zahra):
    """In any case; and the terminal's own name is nobody's."""
    with pytest.raises(AccountExistsError):
        desk.operators.add("Zahra", (), TERMINAL)
    for name in ("terminal", "", "x" * 61, "a\nb"):
        with pytest.raises(AccountFieldError):
            desk.operators.add(name, (), TERMINAL)
    with pytest.raises(AccountFieldError):
        desk.operators.add("omid", ["king"], TERMINAL)
    with pytest.raises(UnknownAccountError):
        desk.operators.disable("nobody", TERMINAL)


def test_a_persian_name_is_one_on_any_keyboard(desk):
    """With the joiner or without it, with the letters of an Arabic keyboard; added once."""
    first = desk.operators.add("علی\u200cرضا", ["operator"], TERMINAL)

    assert not isinstance(half(desk, first, "عليرضا"), Failed)
    with pytest.raises(AccountExistsError):
        desk.operators.add("علیرضا", (), TERMINAL)


def test_what_was_typed_by_a_stranger_is_not_written_down(desk, zahra):
    """A password typed into the box for names would stand in the audit for ever."""
    desk.signing_in.password("my secret password", "x", HERE)
    entry = desk.audit.page(limit=1)[0]

    assert (entry.action, entry.actor, entry.subject, entry.address) == (
        "sign-in-failed",
        "unknown",
        "unknown",
        "127.0.0.1",
    )


def test_a_factor_that_is_not_shown_to_work_is_not_enrolled(desk, clock):
    """A wrong code leaves the operator as he was, and the same secret is offered again."""
    first = desk.operators.add("omid", ["operator"], TERMINAL)
    cookie = desk.signing_in.password("omid", first, HERE)
    session = desk.sessions.get(cookie)
    secret = desk.second_factor.offered(hash_of(cookie), session.operator)

    assert desk.second_factor.enrol(hash_of(cookie), session.operator, "000000", Who("omid")) is None
    assert desk.second_factor.offered(hash_of(cookie), session.operator) == secret


def test_of_two_who_enrol_with_one_first_password_the_second_does_not(desk, clock):
    """Whoever has read the letter on its way, and waits half way in, is out when its owner has enrolled."""
    first = desk.operators.add("omid", ["operator"], TERMINAL)
    thief, owner = (desk.signing_in.password("omid", first, HERE) for _ in range(2))
    half_in = desk.sessions.get(thief)
    secret = {each: desk.second_factor.offered(hash_of(each), half_in.operator) for each in (thief, owner)}

    assert desk.second_factor.enrol(hash_of(owner), half_in.operator, code_of(secret[owner], clock()), Who("omid"))
    assert desk.sessions.get(thief) is None
    assert (
        desk.second_factor.enrol(hash_of(thief), half_in.operator, code_of(secret[thief], clock()), Who("omid")) is None
    )
