"""The feed of changes over all lists."""

from __future__ import annotations

import click

from maksa.cli.asking import view_of
from maksa.cli.dates import moment_of
from maksa.cli.output import as_json, print_json, print_rows, with_home
from maksa.home import Home
from maksa.model.feed import Page
from maksa.service.changes import changes_since
from maksa.wire.dates import jalali
from maksa.wire.feed import atom_feed, cursor_of, json_feed, token_of


@click.command()
@click.option("--since", metavar="DATE", required=True, help="From this date on.")
@click.option("--page", metavar="TOKEN", help="Go on after the page that ended with this token.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many at most.")
@click.option("--atom", "as_atom", is_flag=True, help="Print an Atom feed.")
@as_json
@with_home
def changes(*, since: str, page: str | None, limit: int, as_atom: bool, home: Home, as_json: bool) -> None:
    """List what changed in all lists since DATE: new, relabelled and retired codes, oldest first, in pages.

    A page ends in a token; asking with it gives what came after, now or later.
    """
    after = cursor_of(page) if page else None
    found = changes_since(view_of(home), moment_of(since, "--since"), after=after, limit=limit)
    if as_atom and as_json:
        raise click.UsageError("--atom and --json both say how to print; give one")
    if as_atom:
        click.echo(atom_feed(found), nl=False)
    elif as_json:
        print_json(json_feed(found))
    else:
        _print(found)


def _print(page: Page) -> None:
    print_rows(
        ("CHANGED", "TERMINOLOGY", "VERSION", "KIND", "CODE", "DISPLAY"),
        ((jalali(c.at), c.terminology_id, c.version, c.kind, c.code, c.display) for c in page.changes),
    )
    if page.cursor:
        click.echo(f"{'more' if page.more else 'later ones'}: --page {token_of(page.cursor)}", err=True)
