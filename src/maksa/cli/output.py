"""How commands take their common options and print facts: a table for a person, lines for a pipe, JSON for a program."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import click
import msgspec

from maksa.home import Home

P = ParamSpec("P")
R = TypeVar("R")

EXIT_NO = 1
"""The exit code of a command whose answer is no, or nothing found."""


def with_home(command: Callable[..., R]) -> Callable[..., R]:
    """Gives *command* a `home`: its own --home, else the group's, else MAKSA_HOME's, else ./maksa-home."""

    @click.option("--home", "home_given", metavar="DIR", help="Where maksa keeps things (or MAKSA_HOME).")
    @click.pass_context
    @functools.wraps(command)
    def wrapped(context: click.Context, /, *args: Any, home_given: str | None, **options: Any) -> R:
        return command(*args, home=Home.of(home_given or context.find_root().obj), **options)

    return wrapped


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(facts: Any) -> None:
    """Prints *facts* as one JSON document, Persian letters as they are."""
    click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())


def print_json_stream(
    head: dict[str, Any], name: str, items: Iterable[Any], tail: Callable[[], dict[str, Any]]
) -> None:
    """Prints one JSON document as it comes: the members of *head*, the array *name* of *items*, the members of *tail*.

    Neither *head* nor *tail* is empty; *tail* is asked when the items have ended.
    """
    click.echo(f'{msgspec.json.encode(head)[:-1].decode()},"{name}":[')
    for place, item in enumerate(items):
        click.echo(("," if place else "") + msgspec.json.encode(item).decode())
    click.echo(f"],{msgspec.json.encode(tail())[1:].decode()}")


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints *rows* under *columns*: a table on a terminal, tab-separated lines with a header line in a pipe."""
    if sys.stdout.isatty():
        _print_table(columns, rows)
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join(str(cell) for cell in row))


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)


def say_no(context: click.Context, message: str, facts: Any, *, as_json: bool) -> None:
    """Ends a command whose answer is no: in one line on standard error, or as JSON where that was asked. Exit code 1."""
    if as_json:
        print_json(facts)
    else:
        click.echo(f"maksa: {message}", err=True)
    context.exit(EXIT_NO)
