"""`maksa account`: what is printed once, what is listed, what is refused."""

from __future__ import annotations

import re

import pytest

from maksa.wire.ditas.functions import FUNCTIONS


def test_add_prints_the_secrets_as_programs_expect_them(maksa):
    """These members in this order, and nothing else; without --function one pid grants all seven. [issue: Command line]"""
    told = maksa("account", "add", "pharmacy-1", "--json").json

    assert list(told) == ["client_id", "client_secret", "username", "password", "pids"]
    assert all(
        isinstance(told[name], str) and told[name] for name in ("client_id", "client_secret", "username", "password")
    )
    (pid,) = told["pids"]
    assert list(pid) == ["pid", "functions"]
    assert re.fullmatch("[0-9a-f]{24}", pid["pid"])
    assert pid["functions"] == list(FUNCTIONS)


def test_a_pid_grants_the_functions_that_are_named(maksa):
    """In the guide's spelling and order, however they were given."""
    told = maksa("account", "add", "a", "--function", "validatects", "--function", "Terminology", "--json").json

    assert [pid["functions"] for pid in told["pids"]] == [["Terminology", "ValidateCts"]]


def test_a_person_gets_a_line_for_each_and_a_warning(maksa):
    """The warning stands on standard error, so that a pipe has the secrets only."""
    done = maksa("account", "add", "a")

    assert [row[0] for row in done.rows][:4] == ["client id", "client secret", "username", "password"]
    assert done.err == "These secrets are not kept and cannot be shown again.\n"


def test_the_list_has_no_secret(maksa):
    """By name; enabled or not, addresses and rate."""
    told = maksa(
        "account", "add", "b", "--address", "10.20.0.0/16", "--address", "::1", "--rate", "500/minute", "--json"
    ).json
    maksa("account", "add", "a")
    maksa("account", "disable", "a")
    listed = maksa("account", "list", "--json")

    assert [(each["name"], each["enabled"]) for each in listed.json] == [("a", False), ("b", True)]
    assert (listed.json[1]["addresses"], listed.json[1]["rate"]) == (["10.20.0.0/16", "::1/128"], "500/minute")
    assert [row[:2] for row in maksa("account", "list").rows] == [["a", "disabled"], ["b", "enabled"]]
    assert not {told["client_secret"], told["password"]} & set(re.findall(r'"([^"]*)"', listed.out))


def test_rotate_changes_the_secrets_only(maksa):
    """Client, user and pids stay as the caller's configuration has them."""
    before = maksa("account", "add", "a", "--json").json
    after = maksa("account", "rotate", "a", "--json").json

    same = ("client_id", "username", "pids")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["client_secret"] != before["client_secret"]
    assert after["password"] != before["password"]


def test_disable_and_enable(maksa):
    """Said in a word."""
    maksa("account", "add", "a")

    assert maksa("account", "disable", "a").out == "a is disabled\n"
    assert maksa("account", "enable", "a").out == "a is enabled\n"
    assert [row[1] for row in maksa("account", "list").rows] == ["enabled"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "a"), 2, "there is an account 'a' already"),
        (("add", " "), 2, "name ' ': a name is 1 to 100 printable characters"),
        (
            ("add", "b", "--function", "Lookup"),
            2,
            "function 'Lookup': there is no such function; there are Terminology,",
        ),
        (("add", "b", "--address", "10.0.0.1/8"), 2, "address '10.0.0.1/8': "),
        (("add", "b", "--rate", "fast"), 2, "rate 'fast': one rate is wanted: 500/minute"),
        (("add", "b", "--rate", "0/second"), 2, "rate '0/second': "),
        (("rotate", "b"), 1, "there is no account 'b'"),
        (("disable", "b"), 1, "there is no account 'b'"),
        (("enable", "b"), 1, "there is no account 'b'"),
    ],
)
def test_what_cannot_be_names_the_field_and_the_value(maksa, arguments, code, said):
    """And no account is made or changed."""
    maksa("account", "add", "a")
    done = maksa("account", *arguments)

    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"maksa: {said}")
    assert [row[0] for row in maksa("account", "list").rows] == ["a"]


def test_limits_change_and_what_is_not_given_stays(maksa):
    """A new network or rate costs the caller no new secrets. `any` lifts."""
    maksa("account", "add", "a", "--address", "10.20.0.0/16", "--rate", "500/minute")
    faster = maksa("account", "limit", "a", "--rate", "900/minute").out
    moved = maksa("account", "limit", "a", "--address", "10.30.0.0/16", "--address", "::1").out
    lifted = maksa("account", "limit", "a", "--address", "any", "--rate", "any").out

    assert faster == "a may call from 10.20.0.0/16, 900/minute\n"
    assert moved == "a may call from 10.30.0.0/16 ::1/128, 900/minute\n"
    assert lifted == "a may call from any address, at any rate\n"


def test_a_pid_is_granted_and_revoked(maksa):
    """The pids that the account has stay, and so do its secrets."""
    [first] = maksa("account", "add", "a", "--json").json["pids"]
    granted = maksa("account", "grant", "a", "--function", "validatects", "--json").json
    both = maksa("account", "list", "--json").json[0]["pids"]
    maksa("account", "revoke", "a", first["pid"])

    assert granted["functions"] == ["ValidateCts"]
    assert both == [first, granted]
    assert maksa("account", "list", "--json").json[0]["pids"] == [granted]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("limit", "nobody", "--rate", "1/minute"), "nobody"),
        (("limit", "a", "--rate", "often"), "often"),
        (("limit", "a", "--address", "10.0.0.300"), "10.0.0.300"),
        (("grant", "a", "--function", "Everything"), "Everything"),
        (("revoke", "a", "0" * 24), "the account has no such pid"),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_changes(maksa, arguments, said):
    maksa("account", "add", "a", "--rate", "500/minute")
    before = maksa("account", "list", "--json").json
    done = maksa("account", *arguments)

    assert done.code != 0
    assert said in done.err
    assert maksa("account", "list", "--json").json == before
