"""Accounts: who may call what, from where, how often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import msgspec

from maksa.cli.joined import settings_of
from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.home import Home
from maksa.web.gateway.accounts import ALL_FUNCTIONS, Account, Accounts, Credentials
from maksa.web.gateway.store import Store

NAME = click.argument("name")


@click.group()
def account() -> None:
    """Add, list, limit, rotate, disable and enable accounts, and grant or revoke pids."""


@contextmanager
def _accounts(home: Home, *, makes_home: bool = False) -> Iterator[Accounts]:
    url = settings_of(home).accounts_url
    store = Store(url or (home.made() if makes_home else existing(home)).accounts_url)
    try:
        yield Accounts(store)
    finally:
        store.close()


@account.command()
@NAME
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="F",
    help="A function that the pid grants; more than one may be given. All seven, if none is.",
)
@click.option(
    "--address", "addresses", multiple=True, metavar="CIDR", help="A network it may call from; any, if none is given."
)
@click.option("--rate", default="", metavar="R", help="How often it may call, as 500/minute.")
@as_json
@with_home
def add(
    name: str, *, functions: tuple[str, ...], addresses: tuple[str, ...], rate: str, home: Home, as_json: bool
) -> None:
    """Add the account NAME. Its secrets are shown once, now, and stored as hashes."""
    with _accounts(home, makes_home=True) as accounts:
        credentials = accounts.add(
            name, pids=[functions] if functions else ALL_FUNCTIONS, addresses=addresses, rate=rate
        )
    _show(credentials, as_json=as_json)


@account.command("list")
@as_json
@with_home
def list_(*, home: Home, as_json: bool) -> None:
    """List the accounts, without secrets."""
    with _accounts(home) as accounts:
        known = accounts.list()
    if as_json:
        print_json(known)
        return
    columns = ("NAME", "STATE", "CLIENT ID", "USERNAME", "RATE", "ADDRESSES", "PIDS")
    print_rows(columns, map(_row, known))


def _row(each: Account) -> tuple[str, ...]:
    pids = " ".join(f"{pid.pid} ({', '.join(pid.functions)})" for pid in each.pids)
    state = "enabled" if each.enabled else "disabled"
    return (
        each.name,
        state,
        each.client_id,
        each.username,
        each.rate or "any",
        " ".join(each.addresses) or "any",
        pids,
    )


@account.command()
@NAME
@as_json
@with_home
def rotate(name: str, *, home: Home, as_json: bool) -> None:
    """Give the account NAME a new secret and a new password; its tokens end."""
    with _accounts(home) as accounts:
        credentials = accounts.rotate(name)
    _show(credentials, as_json=as_json)


@account.command()
@NAME
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="CIDR",
    help="The networks it may call from now on; any lifts them.",
)
@click.option("--rate", metavar="R", help="How often it may call from now on, as 500/minute; any lifts it.")
@with_home
def limit(name: str, *, addresses: tuple[str, ...], rate: str | None, home: Home) -> None:
    """Let the account NAME call from other addresses or at another rate. Its secrets stay, and so does what is not given."""
    with _accounts(home) as accounts:
        before = accounts.of(name)
        accounts.limit(
            name,
            addresses=[each for each in addresses if not _is_any(each)] if addresses else before.addresses,
            rate=before.rate if rate is None else "" if _is_any(rate) else rate,
        )
        after = accounts.of(name)
    click.echo(
        f"{after.name} may call from {' '.join(after.addresses) or 'any address'}, {after.rate or 'at any rate'}"
    )


def _is_any(given: str) -> bool:
    return given.strip().casefold() == "any"


@account.command()
@NAME
@click.option("--function", "functions", multiple=True, metavar="F", help="As for add.")
@as_json
@with_home
def grant(name: str, *, functions: tuple[str, ...], home: Home, as_json: bool) -> None:
    """Give the account NAME another pid, that grants these functions. Its secrets and the pids it has stay."""
    with _accounts(home) as accounts:
        fresh = accounts.grant(name, functions)
    if as_json:
        print_json(fresh)
        return
    print_rows(("PID", "FUNCTIONS"), [(fresh.pid, ", ".join(fresh.functions))])


@account.command()
@NAME
@click.argument("pid")
@with_home
def revoke(name: str, pid: str, *, home: Home) -> None:
    """Let PID of the account NAME grant nothing any more."""
    with _accounts(home) as accounts:
        accounts.revoke(name, pid)
    click.echo(f"{name} has no pid {pid} any more")


@account.command()
@NAME
@with_home
def disable(name: str, *, home: Home) -> None:
    """Let the account NAME call no more: its tokens end within five seconds, on every worker."""
    with _accounts(home) as accounts:
        accounts.disable(name)
    click.echo(f"{name} is disabled")


@account.command()
@NAME
@with_home
def enable(name: str, *, home: Home) -> None:
    """Let the account NAME call again, with the secrets it had."""
    with _accounts(home) as accounts:
        accounts.enable(name)
    click.echo(f"{name} is enabled")


def _show(credentials: Credentials, *, as_json: bool) -> None:
    if as_json:
        print_json(msgspec.structs.asdict(credentials))
        return
    rows = [
        ("client id", credentials.client_id),
        ("client secret", credentials.client_secret),
        ("username", credentials.username),
        ("password", credentials.password),
        *((f"pid ({', '.join(pid.functions)})", pid.pid) for pid in credentials.pids),
    ]
    print_rows(("WHAT", "VALUE"), rows)
    click.echo("These secrets are not kept and cannot be shown again.", err=True)
