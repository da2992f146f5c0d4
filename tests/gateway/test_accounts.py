"""Accounts as an operator makes and changes them, on SQLite and on PostgreSQL.

What this file owes: what is shown once is stored nowhere; each fault names the field and the value.
"""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from rich.console import Console
from sqlalchemy import select

from maksa.model.errors import AccountExistsError, AccountFieldError, UnknownAccountError
from maksa.web.gateway import schema
from maksa.web.gateway.accounts import Accounts
from maksa.wire.ditas.functions import FUNCTIONS

SEVEN = tuple(FUNCTIONS)


@pytest.fixture
def accounts(store, clock) -> Accounts:
    return Accounts(store, clock=clock)


def stored_text(store) -> str:
    """Everything in the store, as text."""
    with store.reading() as connection:
        return "\n".join(
            repr(row) for table in schema.metadata.sorted_tables for row in connection.execute(select(table))
        )


def revision_of(store, name: str) -> int:
    with store.reading() as connection:
        return connection.execute(select(schema.account.c.revision).where(schema.account.c.name == name)).scalar_one()


def test_an_account_without_more_is_one_pid_for_all_seven_functions(accounts):
    """From any address, at any rate."""
    given = accounts.add("pharmacy-1")

    [account] = accounts.list()
    assert (account.name, account.enabled, account.addresses, account.rate) == ("pharmacy-1", True, (), "")
    assert (account.client_id, account.username, account.pids) == (given.client_id, given.username, given.pids)
    assert [pid.functions for pid in given.pids] == [SEVEN]
    assert re.fullmatch("[0-9a-f]{24}", given.pids[0].pid)
    assert account.created_at == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)


def test_an_account_has_what_was_asked(accounts):
    """Two pids, in the order given; functions in any case, once each; addresses as networks."""
    given = accounts.add(
        "بیمارستان امید",
        pids=[["validatects", " Terminology ", "ValidateCts"], ["TerminologyVersions"]],
        addresses=["10.20.0.0/16", "2001:db8::7"],
        rate="500/minute",
    )

    [account] = accounts.list()
    assert [pid.functions for pid in given.pids] == [("Terminology", "ValidateCts"), ("TerminologyVersions",)]
    assert account.pids == given.pids
    assert account.addresses == ("10.20.0.0/16", "2001:db8::7/128")
    assert account.rate == "500/minute"


@pytest.mark.parametrize(
    ("rate", "amount", "period_s"),
    [("500/minute", 500, 60), ("10 per second", 10, 1), ("5/2 hours", 5, 7200), ("1000/day", 1000, 86_400), ("", 0, 0)],
)
def test_a_rate_is_read_as_people_write_it(accounts, store, rate, amount, period_s):
    """Requests in a window of seconds."""
    accounts.add("pharmacy-1", rate=rate)

    with store.reading() as connection:
        row = connection.execute(select(schema.account.c.rate_amount, schema.account.c.rate_period_s)).one()
    assert tuple(row) == (amount, period_s)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": " "}, "name ' ': a name is 1 to 100 printable characters"),
        ({"name": "a\nb"}, r"name 'a\nb': "),
        ({"name": "x" * 101}, "a name is 1 to 100 printable characters"),
        ({"pids": [["Terminolgy"]]}, "function 'Terminolgy': there is no such function; there are Terminology, "),
        ({"addresses": ["10.0.0.1/8"]}, "address '10.0.0.1/8': 10.0.0.1/8 has host bits set"),
        ({"addresses": ["pharmacy.example"]}, "does not appear to be an IPv4 or IPv6 network"),
        ({"rate": "fast"}, "rate 'fast': one rate is wanted: 500/minute"),
        ({"rate": "5/second; 9/minute"}, "one rate is wanted"),
        ({"rate": "0/minute"}, "rate '0/minute': 1 to 1000000000 requests in a year at most are wanted"),
        ({"rate": "99999999999/day"}, "requests in a year at most are wanted"),
        ({"rate": "1/9 years"}, "requests in a year at most are wanted"),
    ],
)
def test_a_fault_names_the_field_and_the_value_and_writes_nothing(accounts, asked, said):
    """An operator reads what he gave and what is wanted."""
    with pytest.raises(AccountFieldError) as caught:
        accounts.add(**{"name": "pharmacy-1"} | asked)

    assert said in str(caught.value)
    assert accounts.list() == ()


def test_a_persian_name_keeps_its_joiner(accounts):
    """درمانگاه‌های is written with it; it is not a character that hides."""
    accounts.add("درمانگاه\u200cهای شهر")

    assert [each.name for each in accounts.list()] == ["درمانگاه\u200cهای شهر"]


def test_a_name_is_taken_once(accounts):
    """The second account is not made, the first stays as it was."""
    accounts.add("pharmacy-1")
    with pytest.raises(AccountExistsError, match="there is an account 'pharmacy-1' already"):
        accounts.add(" pharmacy-1 ", rate="1/second")

    assert [account.rate for account in accounts.list()] == [""]


@pytest.mark.parametrize("verb", ["rotate", "disable", "enable"])
def test_a_name_that_is_not_there_is_said(accounts, verb):
    """Nothing is changed in silence."""
    with pytest.raises(UnknownAccountError, match="there is no account 'pharmacy-9'"):
        getattr(accounts, verb)("pharmacy-9")


def test_no_secret_is_stored_or_shown_again(accounts, store):
    """Neither in any table, nor in a list, nor in a repr."""
    given = accounts.add("pharmacy-1")
    console = Console(file=io.StringIO(), width=500)
    console.print(given)

    shown = stored_text(store) + repr(accounts.list()) + repr(given) + console.file.getvalue()
    assert given.client_secret not in shown
    assert given.password not in shown
    assert "$argon2id$" in shown


def test_rotating_gives_new_secrets_for_the_same_client_and_pids(accounts):
    """What stands in a caller's configuration beside the secrets stays."""
    old = accounts.add("pharmacy-1", pids=[["Terminology"]])
    new = accounts.rotate("pharmacy-1")

    assert (new.client_id, new.username, new.pids) == (old.client_id, old.username, old.pids)
    assert new.client_secret != old.client_secret
    assert new.password != old.password


def test_every_change_has_a_revision_of_its_own(accounts, store):
    """By which workers learn what to forget: from one sequence over all accounts."""
    revisions = []
    for verb, name in (
        ("add", "a"),
        ("add", "b"),
        ("disable", "a"),
        ("enable", "a"),
        ("rotate", "b"),
        ("disable", "a"),
    ):
        getattr(accounts, verb)(name)
        revisions.append(revision_of(store, name))

    assert revisions == [1, 2, 3, 4, 5, 6]


def test_accounts_are_listed_by_name(accounts):
    """An operator finds one in a long list."""
    for name in ("b", "a", "c"):
        accounts.add(name)
    accounts.disable("b")

    assert [(account.name, account.enabled) for account in accounts.list()] == [("a", True), ("b", False), ("c", True)]


def test_limits_and_pids_are_changed_without_new_secrets(accounts):
    """Another network, another rate, one pid more and one less; what it had goes on."""
    given = accounts.add("hospital", addresses=["10.0.0.0/8"], rate="5/second")
    accounts.limit("hospital", addresses=["192.0.2.7"], rate="")
    fresh = accounts.grant("hospital", ["searchterminology"])
    accounts.revoke("hospital", given.pids[0].pid)
    [account] = accounts.list()

    assert (account.addresses, account.rate, account.pids) == (("192.0.2.7/32",), "", (fresh,))
    assert fresh.functions == ("SearchTerminology",)
    with pytest.raises(AccountFieldError, match="no such pid"):
        accounts.revoke("hospital", given.pids[0].pid)
    with pytest.raises(AccountFieldError):
        accounts.limit("hospital", addresses=["here"], rate="")
    with pytest.raises(UnknownAccountError):
        accounts.grant("nobody", [])
