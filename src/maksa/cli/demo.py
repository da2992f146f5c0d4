"""A service with real lists and a demo account, and request lines that answer when pasted."""

from __future__ import annotations

import click

from maksa.cli.output import with_home
from maksa.home import Home

DEMO_HOME = ".demo"


@click.command()
@click.option(
    "--port", default=8000, show_default=True, metavar="P", type=click.IntRange(0, 65535), help="0 takes a free one."
)
@with_home
@click.pass_context
def demo(context: click.Context, *, port: int, home: Home) -> None:
    """Serve the guide's samples, the world's countries and the units of measure, with a demo account.

    Keeps its lists in ./.demo, unless --home or MAKSA_HOME names a place; a second run starts at once.
    """
    from maksa.demo.running import run

    run(home if _is_named(context) else Home.of(DEMO_HOME), port)


def _is_named(context: click.Context) -> bool:
    """Whether the operator named a home: the demo does not settle in the place that is meant for real lists."""
    import os

    return bool(context.params.get("home_given") or context.find_root().obj or os.environ.get("MAKSA_HOME"))
