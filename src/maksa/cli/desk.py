"""The desk: served, and its audit read and proved at a terminal."""

from __future__ import annotations

import click

from maksa.cli.joined import settings_of
from maksa.cli.output import as_json, existing, print_json, print_rows, say_no, with_home
from maksa.desk import serving
from maksa.desk.audit import Entry, as_csv
from maksa.desk.desk import Desk
from maksa.home import Home
from maksa.web.serving import address_of, listening, warnings


@click.group()
def desk() -> None:
    """Serve the operators' application, and read its audit."""


@desk.command()
@click.option("--host", metavar="H", help="Address to listen on [127.0.0.1].")
@click.option("--port", metavar="P", type=int, help="Port to listen on; 0 takes a free one [8100].")
@click.option("--tls-cert", metavar="F", help="PEM file of the certificate and its chain.")
@click.option("--tls-key", metavar="F", help="PEM file of its private key.")
@with_home
def serve(*, host: str | None, port: int | None, tls_cert: str | None, tls_key: str | None, home: Home) -> None:
    """Serve the desk to operators' browsers, until a signal ends it.

    The first operator is made at the terminal: maksa operator add NAME. Plain HTTP is answered to this machine alone.
    """
    given = settings_of(home, desk_host=host, desk_port=port, tls_cert=tls_cert, tls_key=tls_key)
    settings = serving.as_served(given)
    serving.prepare(home, settings)
    opened = listening(settings)
    for warning in warnings(settings):
        click.echo(f"maksa: {warning}", err=True)
    click.echo(f"maksa: the desk is on {address_of(opened, settings)}", err=True)
    serving.serve(home, settings, opened)


@desk.command()
@click.option("--csv", "as_table", is_flag=True, help="Print all of it as CSV, with the sums that prove it.")
@as_json
@with_home
def audit(*, as_table: bool, home: Home, as_json: bool) -> None:
    """Print who did what, when, from where: every act of the desk, the oldest first."""
    with Desk(existing(home), settings_of(home)) as opened:
        if as_json:
            for entry in opened.audit.entries():
                print_json(entry)
        elif as_table:
            for line in as_csv(opened.audit.entries()):
                click.echo(line, nl=False)
        else:
            columns = ("NUMBER", "TIME", "WHO", "FROM", "ACT", "ABOUT", "FACTS")
            print_rows(columns, map(_row, opened.audit.entries()))


def _row(entry: Entry) -> tuple[object, ...]:
    return (entry.number, entry.time.isoformat(), entry.actor, entry.address, entry.action, entry.subject, entry.facts)


@desk.command()
@as_json
@with_home
@click.pass_context
def verify(context: click.Context, *, home: Home, as_json: bool) -> None:
    """Prove that no entry of the audit was changed, moved or taken away.

    Keep the last sum somewhere else: whoever owns the database could write all of it anew, and then it would be another.
    """
    with Desk(existing(home), settings_of(home)) as opened:
        verdict = opened.audit.verify()
    if verdict.broken_at is not None:
        say_no(context, f"entry {verdict.broken_at} is not as it was written", verdict, as_json=as_json)
    if as_json:
        print_json(verdict)
    else:
        click.echo(f"{verdict.entries:,} entries hang together; the last sum is {verdict.head}")
