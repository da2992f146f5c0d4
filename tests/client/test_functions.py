"""The seven functions against the guide's gateway: what is asked is in the guide's words, what comes back is the model's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from persiantools.jdatetime import JalaliDate, JalaliDateTime

from maksa.client import (
    Account,
    CodedText,
    Found,
    Maksa,
    NothingFound,
    RequestError,
    UnknownTerminology,
    VersionRow,
)
from maksa.settings import Settings, load
from tests.simulator import ACCOUNT


def test_a_code_has_a_display_in_the_last_version_and_in_each(ask):
    """Terminology, and TerminologyValueByVersion where a version is named."""
    assert ask.display_of("thritaEHR.Religion", "1") == Found("اسلام")
    assert ask.display_of("eRX", "60002", "1000") == Found("ACETAMINOPHEN 100 mg / 1mL 15 mL SOLUTION / DROPS ORAL")


def test_nothing_found_is_a_value_that_repeats_the_question(ask):
    """The wire does not say which part of it names nothing."""
    assert ask.display_of("thritaEHR.Religion", "99") == NothingFound("thritaEHR.Religion", code="99")
    assert ask.display_of("eRX", "1", "77") == NothingFound("eRX", "77", "1")
    assert ask.versions("x") == UnknownTerminology("x")
    assert ask.validate_code("x", "1", "اسلام") == UnknownTerminology("x")
    assert ask.concepts("eRX", "77").nothing == NothingFound("eRX", "77")
    assert ask.concepts_since("eRX", "1500/01/01").nothing == NothingFound("eRX")
    assert ask.terminologies_since("1500/01/01") == ()


def test_a_coded_text_is_true_or_not(ask):
    """ValidateCts; a code that it does not know has no display."""
    assert ask.validate_code("thritaEHR.Religion", "1", "اسلام") == Found(True)
    assert ask.validate_code("thritaEHR.Religion", "1", "مسیحی") == Found(False)
    assert ask.validate_code("thritaEHR.Religion", "99", "") == Found(False)


def test_versions_come_in_order_and_one_is_the_last(ask):
    """TerminologyVersions."""
    rows = ask.versions(" erx ").value

    assert [(row.label, row.is_last) for row in rows] == [("1000", False), ("10000", True)]
    assert isinstance(rows[0], VersionRow)
    assert rows[0].terminology_id == "eRX"


def test_all_terminologies_come_where_no_date_is_given(ask, ministry):
    """CtsTerminologies, in the order of definition."""
    assert ask.terminologies_since() == tuple(ministry.lists.editions)


def test_a_whole_version_arrives(ask, ministry):
    """TerminologiesTermByVersion, in the service's order."""
    concepts = ask.concepts("eRX", "10000")

    assert (concepts.nothing, concepts.is_unchanged, concepts.etag) == (None, False, "")
    assert concepts.request_id == ministry.requests[-1].request_id
    assert ask.listed(concepts) == [
        CodedText("eRX", code, display) for code, display in ministry.lists.last_of("eRX").since()
    ]


def test_what_changed_since_a_date_arrives_and_says_from_when_to_ask_next(ask, ministry):
    """SearchTerminology; ours is the clock where the gateway's answer has no Date."""
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    ministry.lists.publish("eRX", "10001", {"1": "یک", "2": "دو"}, at="1402/07/25")
    changes = ask.concepts_since("eRX", "1402/07/25")

    assert before <= changes.asked_at <= dt.datetime.now(dt.UTC)
    assert [each.code for each in ask.listed(changes)] == ["1", "2"]


@pytest.mark.parametrize(
    "when",
    [
        "1402/07/25 10:30",
        "۱۴۰۲/۰۷/۲۵ ۱۰:۳۰",
        "2023-10-17T07:00:00Z",
        dt.datetime(2023, 10, 17, 10, 30),
        dt.datetime(2023, 10, 17, 10, 30, tzinfo=ZoneInfo("Asia/Tehran")),
        dt.datetime(2023, 10, 17, 7, tzinfo=dt.UTC),
        JalaliDateTime(1402, 7, 25, 10, 30),
    ],
    ids=str,
)
def test_a_moment_may_be_given_in_any_form(ask, ministry, when):
    """All of these are one moment, and are asked in the guide's words: Jalali numbers, Tehran's clock."""
    ask.terminologies_since(when)
    date = ministry.requests[-1].fields["FromDate"]

    assert [date[f"{part}Field"] for part in ("year", "month", "day", "hour", "minute")] == [1402, 7, 25, 10, 30]
    assert date["iSOStringField"] == "2023-10-17T07:00:00Z"


@pytest.mark.parametrize("when", ["1402/07/25", dt.date(2023, 10, 17), JalaliDate(1402, 7, 25)], ids=str)
def test_a_day_is_its_first_moment_in_tehran(ask, ministry, when):
    """Not in the zone of the machine."""
    ask.terminologies_since(when)

    assert ministry.requests[-1].fields["FromDate"]["iSOStringField"] == "2023-10-16T20:30:00Z"


@pytest.mark.parametrize(
    ("call", "arguments", "field"),
    [
        ("display_of", ("eRX", " "), "code"),
        ("display_of", ("", "1"), "terminology_id"),
        ("display_of", ("eRX", "1", ""), "version"),
        ("display_of", ("eRX", 60002), "code"),
        ("validate_code", ("eRX", "60002", None), "display"),
        ("concepts_since", ("eRX", "1403/07/31"), "since"),
        ("terminologies_since", ("tomorrow",), "since"),
        ("terminologies_since", (1402,), "since"),
        ("terminologies_since", (dt.datetime.min,), "since"),
        ("terminologies_since", (dt.date.min,), "since"),
        ("terminologies_since", (dt.datetime.max.replace(tzinfo=dt.UTC),), "is not within the Jalali years"),
        ("display_of", ("eRX", "6000\udcd9"), "code"),
        ("validate_code", ("eRX", "60002", "\ud800"), "display"),
    ],
)
def test_what_cannot_be_asked_is_not_sent(ask, ministry, call, arguments, field):
    """A blank, a number that has lost its zeros, half a character, a date that does not exist: the error names the field."""
    with pytest.raises(RequestError, match=field):
        getattr(ask, call)(*arguments)
    assert ministry.requests == []


def test_an_account_may_have_a_pid_for_each_function(made, ministry):
    """What it does not name it cannot call; what is none of the functions is refused when the account is made."""
    account = Account(**{**ACCOUNT, "pid": {"Terminology": ACCOUNT["pid"]}})
    ask = made(account=account)

    assert ask.display_of("thritaEHR.Religion", "1") == Found("اسلام")
    with pytest.raises(RequestError, match="pid: the account has none for ValidateCts"):
        ask.validate_code("thritaEHR.Religion", "1", "اسلام")
    with pytest.raises(RequestError, match='pid: "Terminologies" is none of Terminology, '):
        Account(**{**ACCOUNT, "pid": {"Terminologies": "1"}})


@pytest.mark.parametrize("name", ["client_id", "client_secret", "username", "password"])
@pytest.mark.parametrize("nothing", ["", None])
def test_an_account_without_a_secret_is_refused_at_once(name, nothing):
    """As of a variable that is not set: the gateway would only say that somebody is unknown."""
    with pytest.raises(RequestError, match=f"{name}: is no text, or an empty one"):
        Account(**{**ACCOUNT, name: nothing})


def test_an_account_stands_in_the_environment():
    """Under names that the service's own settings are not mistaken for; what is not set is named."""
    environment = {f"MAKSA_{name.upper()}": value for name, value in ACCOUNT.items()}

    assert Account.of_environment(environment) == Account(**ACCOUNT)
    assert load(Path("/nowhere"), environment=environment) == Settings()
    for name in environment:
        with pytest.raises(RequestError, match=f"{name}: is not set"):
            Account.of_environment({**environment, name: ""})


def test_a_client_id_that_no_header_can_carry_is_refused_at_once():
    """What follows the colon would be taken for the secret. [RFC 7617, section 2]"""
    with pytest.raises(RequestError, match="client_id: has a colon"):
        Account(**{**ACCOUNT, "client_id": "hospital:1"})


@pytest.mark.parametrize("pid", ["", "۶۲د", "62d7 c4a1", "62d7\n"])
def test_a_pid_that_no_header_can_carry_is_refused_at_once(pid):
    """As it comes from a letter that was copied: Persian digits, a blank, a line's end."""
    with pytest.raises(RequestError, match=r"pid: .* is not of letters and digits"):
        Account(**{**ACCOUNT, "pid": pid})


@pytest.mark.parametrize(
    "url", [None, "gateway.example", "ftp://x", "https://", "http://host:port", "https://ward:pass@gateway.example"]
)
def test_an_address_that_is_none_is_refused_at_once(account, url):
    """A password in it is not shown."""
    with pytest.raises(RequestError, match=r"^url: ") as refused:
        Maksa(url, account)
    assert "pass@" not in str(refused.value)


def test_a_client_that_is_closed_says_so(account, ministry):
    """Not half an answer."""
    with Maksa(ministry.url, account) as maksa:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        maksa.versions("eRX")
