"""Questions whose answer is a list: what changed since a date, what is found by words. An empty list is a no."""

from __future__ import annotations

import datetime as dt

import click

from maksa.cli.asking import at_option, in_force, say_unknown, view_of
from maksa.cli.dates import moment_of
from maksa.cli.output import as_json, print_json, print_rows, say_no, with_home
from maksa.home import Home
from maksa.model.answers import Found
from maksa.model.concept import Match
from maksa.service.search import search as search_for
from maksa.service.since import concepts_since, terminologies_since
from maksa.snapshot.reader import moment
from maksa.snapshot.shelf import View
from maksa.wire.dates import jalali

terminology_option = click.option("--terminology", "terminology_id", metavar="ID", help="Search this one only.")


@click.command()
@click.argument("date")
@click.argument("terminology_id", metavar="[ID]", required=False)
@at_option
@as_json
@with_home
@click.pass_context
def since(
    context: click.Context, date: str, terminology_id: str | None, *, at: str | None, home: Home, as_json: bool
) -> None:
    """List the concepts of ID created or changed since DATE; without ID, the terminologies defined since.

    DATE is Jalali (1400/05/06) or ISO (2021-07-28). The exit code is 1 where there is none.
    """
    asked, as_of = moment_of(date, "DATE"), in_force(at)
    view = view_of(home)
    if terminology_id is None:
        count = _print_terminologies(terminologies_since(view, asked, as_of), as_json=as_json)
    else:
        count = _print_concepts(context, view, terminology_id, asked, as_of, as_json=as_json)
    if not count:
        say_no(context, f"nothing since {jalali(asked)}")


def _print_terminologies(ids: list[str], *, as_json: bool) -> int:
    if as_json:
        print_json(ids)
        return len(ids)
    return print_rows(("TERMINOLOGY",), ((each,) for each in ids))


def _print_concepts(
    context: click.Context,
    view: View,
    terminology_id: str,
    asked: dt.datetime,
    as_of: dt.datetime | None,
    *,
    as_json: bool,
) -> int:
    answer = concepts_since(view, terminology_id, asked, as_of=as_of)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    if as_json:
        facts = [{"code": code, "display": display, "changed": moment(at)} for code, display, at in answer.value]
        print_json(facts)
        return len(facts)
    rows = ((code, jalali(moment(at)), display) for code, display, at in answer.value)
    return print_rows(("CODE", "CHANGED", "DISPLAY"), rows)


@click.command()
@click.argument("text")
@terminology_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@at_option
@as_json
@with_home
@click.pass_context
def search(
    context: click.Context,
    text: str,
    *,
    terminology_id: str | None,
    limit: int,
    at: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Find concepts by words, or by the beginning of a code. The exit code is 1 where there is none.

    Each word of TEXT is the beginning of a word of what is found, in any order; Persian or English, any keyboard.
    """
    view = view_of(home)
    answer = search_for(view, text, terminology_id, limit=limit, as_of=in_force(at))
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    _say_what_was_not_searched(view)
    if as_json:
        print_json(answer.value)
    else:
        print_rows(
            ("TERMINOLOGY", "CODE", "DISPLAY", "MATCHED"),
            ((_ids(each), each.code, each.display, each.matched) for each in answer.value),
        )
    if not answer.value:
        say_no(context, f"nothing has {text!r}")


def _ids(match: Match) -> str:
    """The terminology of *match*, and the other of a pair."""
    return f"{match.terminology_id}, {match.pair}" if match.pair else match.terminology_id


def _say_what_was_not_searched(view: View) -> None:
    """A damaged file spoils its own list only; but who searches should know that it was left out."""
    for edition in view.editions():
        if edition.fault is not None:
            version = edition.version
            click.echo(f"maksa: {version.terminology_id} {version.label} was not searched: {edition.fault}", err=True)
