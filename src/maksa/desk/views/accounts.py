"""Accounts: who may call the service; made, limited, given new secrets, shut out, and what they ask of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from maksa.desk.limits import networks_of, rate_of
from maksa.desk.views.asking import Ask
from maksa.desk.views.jobs import moment
from maksa.desk.views.refusing import refused
from maksa.model.errors import MaksaError
from maksa.web.gateway.accounts import ALL_FUNCTIONS, Account
from maksa.web.usage import DAY, Use, days, totals, use_of
from maksa.wire.ditas.functions import FUNCTIONS

_DAYS = 30


def listed(ask: Ask, error: MaksaError | None = None) -> Response:
    """Every account, and the form for another."""
    shown = {
        "accounts": ask.desk.accounts.list(),
        "calls": totals(ask.desk.home.run, time.time() - _DAYS * DAY),
        "functions": list(FUNCTIONS),
        "days": _DAYS,
        "error": ask.told(error) if error else None,
    }
    return ask.answer("accounts.html", shown, status=400 if error else 200)


def add(ask: Ask) -> Response:
    """The secrets of a new account, shown this once."""
    name, functions = ask.form.get("name", "").strip(), ask.chosen.get("functions", [])
    limits = _limits(ask)
    try:
        with ask.desk.audit.around(ask.who, "account-add", name, functions=functions, **limits):
            pids = [functions] if functions else ALL_FUNCTIONS
            credentials = ask.desk.accounts.add(name, pids=pids, **limits)
    except MaksaError as error:
        return listed(ask, error)
    return ask.answer("credentials.html", {"name": name, "credentials": credentials})


def show(ask: Ask, error: MaksaError | None = None) -> Response:
    """One account: what it may, and what it asked lately."""
    account = _named(ask)
    if account is None:
        return refused(ask, 404)
    now = time.time()
    begins = days(now, _DAYS)
    use = use_of(ask.desk.home.run, account.name, DAY, begins[0])
    shown = {
        "account": account,
        "functions": list(FUNCTIONS),
        "days": _by_day(begins, use),
        "by_function": _by_function(use),
        "error": ask.told(error) if error else None,
    }
    return ask.answer("account.html", shown, status=400 if error else 200)


def act(ask: Ask) -> Response:
    """What is done to an account: rotate, disable, enable, limit, grant, revoke."""
    account, verb = _named(ask), _ACTS.get(ask.named["act"])
    if account is None or verb is None:
        return refused(ask, 404)
    try:
        with ask.desk.audit.around(ask.who, f"account-{ask.named['act']}", account.name, **_told(ask)):
            return verb(ask, account)
    except MaksaError as error:
        return show(ask, error)


def _rotate(ask: Ask, account: Account) -> Response:
    credentials = ask.desk.accounts.rotate(account.name)
    return ask.answer("credentials.html", {"name": account.name, "credentials": credentials})


def _disable(ask: Ask, account: Account) -> Response:
    ask.desk.accounts.disable(account.name)
    return ask.see("accounts", account.name)


def _enable(ask: Ask, account: Account) -> Response:
    ask.desk.accounts.enable(account.name)
    return ask.see("accounts", account.name)


def _limit(ask: Ask, account: Account) -> Response:
    ask.desk.accounts.limit(account.name, **_limits(ask))
    return ask.see("accounts", account.name)


def _grant(ask: Ask, account: Account) -> Response:
    ask.desk.accounts.grant(account.name, ask.chosen.get("functions", []))
    return ask.see("accounts", account.name)


def _revoke(ask: Ask, account: Account) -> Response:
    ask.desk.accounts.revoke(account.name, ask.form.get("pid", ""))
    return ask.see("accounts", account.name)


_ACTS: dict[str, Callable[[Ask, Account], Response]] = {
    "rotate": _rotate, "disable": _disable, "enable": _enable, "limit": _limit, "grant": _grant, "revoke": _revoke,
}  # fmt: skip


def _told(ask: Ask) -> dict[str, object]:
    """What an act was asked with, for the audit: none of it is secret."""
    return {name: ask.chosen[name] for name in ("addresses", "rate", "functions", "pid") if ask.chosen.get(name)}


def _named(ask: Ask) -> Account | None:
    return next((each for each in ask.desk.accounts.list() if each.name == ask.named["account"]), None)


def _limits(ask: Ask) -> dict[str, Any]:
    return {"addresses": networks_of(ask.form.get("addresses", "")), "rate": rate_of(ask.form.get("rate", ""))}


def _by_day(begins: list[int], use: list[Use]) -> list[dict[str, object]]:
    """(day, calls, refused, share of the busiest day in tenths of a percent) of each day, idle ones too."""
    sums = {begin: [0, 0] for begin in begins}
    for each in use:
        if each.start in sums:
            sums[each.start][0] += each.requests
            sums[each.start][1] += each.refused + each.failed
    most = max((requests for requests, _ in sums.values()), default=0) or 1
    return [
        {"day": moment(begin), "requests": requests, "wrong": wrong, "height": round(requests * 100 / most, 1)}
        for begin, (requests, wrong) in sums.items()
    ]


def _by_function(use: list[Use]) -> list[tuple[str, int, int]]:
    """(function, calls, refused or failed) of each that was called, the most first."""
    names = dict.fromkeys(each.function for each in use)
    rows = [
        (
            name,
            sum(u.requests for u in use if u.function == name),
            sum(u.refused + u.failed for u in use if u.function == name),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: -row[1])
