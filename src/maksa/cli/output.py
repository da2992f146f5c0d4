"""How commands take their common options and print facts: a table for a person, lines for a pipe, JSON for a program."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

import click
import msgspec

from maksa.home import Home
from maksa.model.errors import StorageError

R = TypeVar("R")

EXIT_NO = 1
"""The exit code of a command whose answer is no, or nothing found."""

HOME = "maksa.home"
"""Where a command's context keeps the home that was named."""


def with_home(command: Callable[..., R]) -> Callable[..., R]:
    """Gives *command* a `home`: its own --home, else the group's, else MAKSA_HOME's, else ./maksa-home.

    Raises: click.UsageError for an argument or option whose bytes are no text, StorageError for a home that is a file.
    """

    @click.option("--home", "home_given", metavar="DIR", help="Where maksa keeps things (or MAKSA_HOME).")
    @click.pass_context
    @functools.wraps(command)
    def wrapped(context: click.Context, /, *args: Any, home_given: str | None, **options: Any) -> R:
        _refuse_bytes(options)
        home = context.meta[HOME] = _there(Home.of(home_given or context.find_root().obj))
        return command(*args, home=home, **options)

    return wrapped


def _refuse_bytes(options: dict[str, Any]) -> None:
    """Bytes that are not UTF-8 reach Python as halves of characters, which no file and no database takes."""
    for given in options.values():
        for text in given if isinstance(given, tuple) else (given,):
            if isinstance(text, str) and not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
                raise click.UsageError(f"{text!r} is not text in UTF-8")


def _there(home: Home) -> Home:
    for path in (home.path, *home.path.parents):
        if path.exists() and not path.is_dir():
            raise StorageError(path=str(path), reason="is a file; a home is a directory")
    return home


def existing(home: Home) -> Home:
    """*home*, which is there. Where it is not the command ends, and nothing was made: a mistyped one must not look healthy."""
    if not home.path.is_dir():
        context = click.get_current_context()
        message = f"there is no home at {home.path} (maksa load makes one; --home or MAKSA_HOME names it)"
        facts = {"error": "no-home", "message": message}
        say_no(context, message, facts, as_json=bool(context.params.get("as_json")))
    return home


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


_ONE_LINE = str.maketrans("\t\n\r", "   ")  # what parts cells and lines does not stand in a cell


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Prints *rows* under *columns*: a table on a terminal, tab-separated lines with a header line in a pipe; how many."""
    if sys.stdout is not None and sys.stdout.isatty():  # None: whoever began us closed it
        return _print_table(columns, rows)
    click.echo("\t".join(columns))
    count = 0
    for row in rows:
        count += 1
        click.echo("\t".join(str(cell).translate(_ONE_LINE) for cell in row))
    return count


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(markup=False, emoji=False, highlight=False).print(table)  # [AXAR] in a display is its maker, no markup
    return table.row_count


def say_no(context: click.Context, message: str, facts: Any = None, *, as_json: bool = False) -> NoReturn:
    """Ends a command whose answer is no: in one line on standard error, or with *facts* as JSON. Exit code 1."""
    if as_json:
        print_json(facts)
    else:
        click.echo(f"maksa: {message}", err=True)
    context.exit(EXIT_NO)
