"""A version, or what sets two apart, as a file for another program."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from maksa.cli.asking import at_option, in_force, label_option, say_unknown, view_of
from maksa.cli.output import with_home
from maksa.cli.progress import Steps
from maksa.export import FORMATS, Content, Format, content_of, differences_of, format_of, write
from maksa.home import Home
from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.service.compare import compare
from maksa.service.editions import edition_in
from maksa.snapshot.shelf import Edition, View

_DEFAULT = "csv"


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.option("--format", "form_name", metavar="F", type=click.Choice(list(FORMATS)), help=f"Of {', '.join(FORMATS)}.")
@click.option("--map", "is_map", is_flag=True, help="ID is that of a map.")
@click.option("--from", "earlier", metavar="LABEL", help="Only what is otherwise than in this version.")
@label_option
@at_option
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Write this file; else standard output.",
)
@with_home
@click.pass_context
def export(
    context: click.Context,
    terminology_id: str,
    *,
    form_name: str | None,
    is_map: bool,
    earlier: str | None,
    label: str | None,
    at: str | None,
    output: Path | None,
    home: Home,
) -> None:
    """Write a version of the terminology ID as CSV, XLSX, JSON, Parquet or its own file.

    The form is --format's, else the one that FILE's ending means, else csv. FILE is replaced when the new one is whole.
    """
    form = _form(form_name, output, is_difference=earlier is not None)
    view = view_of(home)
    found = _edition(view, terminology_id, label, at, is_map=is_map)
    if not isinstance(found, Edition):
        say_unknown(context, found, as_json=False, kind="map" if is_map else "terminology")
    content = content_of(found.snapshot) if earlier is None else _otherwise(context, view, found, earlier)
    with Steps(total=content.total) as steps:
        if output is not None:
            write(content, output, form, progress=partial(steps, "written"))
            return
        for chunk in form.chunks(content):
            click.echo(chunk, nl=False)


def _form(name: str | None, output: Path | None, *, is_difference: bool) -> Format:
    """The form that is asked for. Raises: click.UsageError for one that cannot be."""
    meant = format_of(output) if output else FORMATS[_DEFAULT]
    form: Format | None = FORMATS[name] if name else meant
    if form is None:
        raise click.UsageError(f"{output}: its ending means no form; --format says which")
    if is_difference and form.of_versions:
        raise click.UsageError(f"--from: what sets two versions apart has no {form.name}")
    if output is None and not form.is_text and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(f"{form.name} is nothing to read on a terminal; -o FILE takes it")
    return form


def _edition(
    view: View, given: str, label: str | None, at: str | None, *, is_map: bool
) -> Edition | UnknownTerminology | UnknownVersion:
    found = view.map(given) if is_map else view.terminology(given)
    return UnknownTerminology(given) if found is None else edition_in(found, label, in_force(at, label))


def _otherwise(context: click.Context, view: View, later: Edition, earlier: str) -> Content:
    """What *later* has otherwise than the version labelled *earlier*; where there is no such version the command ends."""
    version = later.version
    if version.kind == "map":
        raise click.UsageError("--from compares versions of terminologies, not of maps")
    answer = compare(view, version.terminology_id, earlier, version.label)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=False)
    return differences_of(answer.value)
