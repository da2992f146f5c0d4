"""Operators: who may sign in at the desk."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click

from maksa.cli.joined import settings_of
from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.desk.audit import Who
from maksa.desk.desk import Desk
from maksa.desk.operators import GIVEN_S, ROLES, Operator, plain_name
from maksa.home import Home
from maksa.model.errors import AccountExistsError, UnknownAccountError

NAME = click.argument("name")


@click.group()
def operator() -> None:
    """Add, list, assign, reset, disable and enable the desk's operators."""


def _terminal() -> Who:
    """Whoever types, as the audit names him: by the system's word."""
    try:
        return Who("terminal", getpass.getuser())
    except (OSError, KeyError):
        return Who("terminal")


@contextmanager
def _desk(home: Home) -> Iterator[Desk]:
    """The desk of *home*. Whom it has already, or has not, is told as an operator: accounts are the callers'."""
    try:
        with Desk(home, settings_of(home)) as desk:
            yield desk
    except (AccountExistsError, UnknownAccountError) as error:
        raise type(error)(**error.facts | {"kind": "operator"}) from None


@operator.command()
@NAME
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="R",
    type=click.Choice(ROLES),
    help="operator loads and asks, releaser decides, administrator keeps accounts and reads the audit. All, if none is given.",
)
@as_json
@with_home
def add(name: str, *, roles: tuple[str, ...], home: Home, as_json: bool) -> None:
    """Add the operator NAME. His first password is shown once, now; with it he chooses his own, and a second factor."""
    with _desk(home) as desk:
        password = desk.operators.add(name, roles, _terminal())
    _show(name, password, as_json=as_json)


@operator.command("list")
@as_json
@with_home
def list_(*, home: Home, as_json: bool) -> None:
    """List the operators: names, states, roles."""
    with _desk(existing(home)) as desk:
        known = desk.operators.list()
    if as_json:
        print_json(known)
    else:
        print_rows(("NAME", "STATE", "ROLES"), map(_row, known))


def _row(each: Operator) -> tuple[str, str, str]:
    state = "disabled" if not each.enabled else "to choose password and second factor" if each.must_enrol else "enabled"
    return each.name, state, " ".join(each.roles)


@operator.command()
@NAME
@as_json
@with_home
def reset(name: str, *, home: Home, as_json: bool) -> None:
    """Give the operator NAME a first password again; his old one, his second factor and his sessions end."""
    with _desk(existing(home)) as desk:
        password = desk.operators.reset(name, _terminal())
    _show(name, password, as_json=as_json)


@operator.command()
@NAME
@click.option("--role", "roles", multiple=True, required=True, metavar="R", type=click.Choice(ROLES), help="As of add.")
@with_home
def assign(name: str, *, roles: tuple[str, ...], home: Home) -> None:
    """Give the operator NAME these roles, and no others, from his next page on."""
    with _desk(existing(home)) as desk:
        desk.operators.assign(name, roles, _terminal())
    click.echo(f"{plain_name(name)}: {' '.join(roles)}")


@operator.command()
@NAME
@with_home
def disable(name: str, *, home: Home) -> None:
    """Let the operator NAME sign in no more: his sessions end at once."""
    with _desk(existing(home)) as desk:
        desk.operators.disable(name, _terminal())
    click.echo(f"{name} is disabled")


@operator.command()
@NAME
@with_home
def enable(name: str, *, home: Home) -> None:
    """Let the operator NAME sign in again, with the password he had."""
    with _desk(existing(home)) as desk:
        desk.operators.enable(name, _terminal())
    click.echo(f"{name} is enabled")


def _show(name: str, password: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": plain_name(name), "password": password})
        return
    print_rows(("WHAT", "VALUE"), [("name", plain_name(name)), ("first password", password)])
    click.echo(f"It is not kept and cannot be shown again. It is good for {GIVEN_S // 86_400} days.", err=True)
