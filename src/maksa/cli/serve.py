"""Serving."""

from __future__ import annotations

from typing import Any

import click

from maksa.cli.following import Follower
from maksa.cli.joined import settings_of
from maksa.cli.output import with_home
from maksa.home import Home
from maksa.web import serving


@click.command()
@click.option("--host", metavar="H", help="Address to listen on [127.0.0.1].")
@click.option("--port", metavar="P", type=int, help="Port to listen on; 0 takes a free one [8000].")
@click.option("--workers", metavar="N", type=int, help="Processes that answer [1].")
@click.option("--allow-http", is_flag=True, default=None, help="Answer plain HTTP from other machines too.")
@click.option("--tls-cert", metavar="F", help="PEM file of the certificate and its chain.")
@click.option("--tls-key", metavar="F", help="PEM file of its private key.")
@with_home
def serve(*, home: Home, **options: Any) -> None:
    """Answer the guide's functions over HTTP, until a signal ends it.

    Upstreams that the home follows (`maksa mirror add`) are looked at now and then, by a process beside it.

    Options stand over the environment (MAKSA_PORT), which stands over maksa.toml in the home; see docs/settings.md.
    """
    settings = settings_of(home, **options)
    serving.prepare(home, settings)
    opened = serving.listening(settings)
    for warning in serving.warnings(settings):
        click.echo(f"maksa: {warning}", err=True)
    click.echo(f"maksa: serving on {serving.address_of(opened, settings)} with {settings.workers} worker(s)", err=True)
    with Follower(home, settings):
        serving.serve(home, settings, opened)
