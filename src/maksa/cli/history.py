"""What became of a code over all versions."""

from __future__ import annotations

import click

from maksa.cli.asking import say_unknown, view_of
from maksa.cli.differences import text_of
from maksa.cli.output import as_json, print_json, print_rows, with_home
from maksa.home import Home
from maksa.model.answers import Found
from maksa.service.history import history as history_of
from maksa.wire.dates import jalali


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("code")
@as_json
@with_home
@click.pass_context
def history(context: click.Context, terminology_id: str, code: str, *, home: Home, as_json: bool) -> None:
    """List what became of CODE: the versions of ID in which it appeared, changed, was retired or came back."""
    answer = history_of(view_of(home), terminology_id, code)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    if as_json:
        print_json(answer.value)
        return
    print_rows(
        ("VERSION", "PUBLISHED", "KIND", "DISPLAY", "BEFORE", "AFTER"),
        (
            (each.label, jalali(each.published_at), each.kind, each.display, text_of(each.before), text_of(each.after))
            for each in answer.value
        ),
    )
