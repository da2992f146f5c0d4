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
