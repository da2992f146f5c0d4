"""What one version has otherwise than another: a table, JSON, a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from maksa.cli.asking import say_unknown, view_of
from maksa.cli.differences import COLUMNS, row_of
from maksa.cli.output import as_json, print_json_stream, print_rows, with_home
from maksa.home import Home
from maksa.model.answers import Found
from maksa.model.difference import KINDS, Comparison, Difference, Kind
from maksa.service.compare import compare as compare_versions

kind_option = click.option(
    "--kind", "kinds", metavar="K", multiple=True, type=click.Choice(KINDS), help="Only this kind of difference."
)
workbook_option = click.option(
    "--xlsx", metavar="FILE", type=click.Path(path_type=Path, readable=False), help="Write them into this workbook too."
)


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("earlier", metavar="V1")
@click.argument("later", metavar="V2")
@kind_option
@workbook_option
@as_json
@with_home
@click.pass_context
def compare(
    context: click.Context,
    terminology_id: str,
    earlier: str,
    later: str,
    *,
    kinds: tuple[Kind, ...],
    xlsx: Path | None,
    home: Home,
    as_json: bool,
) -> None:
    """List what the version V2 of the terminology ID has otherwise than V1.

    Kinds are added, retired, relabelled, moved, status, properties and designations.
    """
    answer = compare_versions(view_of(home), terminology_id, earlier, later, kinds=kinds)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    print_comparison(answer.value, xlsx=xlsx, as_json=as_json)


def print_comparison(comparison: Comparison, *, xlsx: Path | None, as_json: bool) -> None:
    """Prints the differences as they are found, then how many of each kind there were."""
    found: Iterable[Difference] = comparison
    if xlsx is not None:
        from maksa.cli.workbook import written

        found = written(comparison, xlsx)
    if as_json:
        names = ("terminology_id", "earlier", "later")
        head = {name: getattr(comparison, name) for name in names}
        print_json_stream(head, "differences", found, lambda: {"counts": comparison.counts})
        return
    print_rows(COLUMNS, map(row_of, found))
    said = " · ".join(f"{kind} {count:,}" for kind, count in comparison.counts.items())
    click.echo(f"{comparison.terminology_id} {comparison.earlier} → {comparison.later}: {said}", err=True)
