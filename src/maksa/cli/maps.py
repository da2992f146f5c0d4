"""Maps: loaded from a table, listed, asked in both directions, checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click

from maksa.cli.asking import at_option, in_force, label_option, say_unknown, view_of
from maksa.cli.joined import catalog_of, warn_of_follower
from maksa.cli.output import as_json, print_json, print_json_stream, print_rows, say_no, with_home
from maksa.cli.progress import Steps
from maksa.drafting.loading import imprint_after
from maksa.home import Home
from maksa.loaders.mapping import MapTableSource
from maksa.model.answers import Found
from maksa.model.concept_map import ConceptMap, MapEntry, Relationship, StrayCode
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint, checked_label
from maksa.service.translate import snapshot_of, stray_codes, translate
from maksa.snapshot.shelf import Shelf, Terminology
from maksa.wire.dates import jalali

_SHOWN = 20  # findings, on a terminal


class _Asked(click.Group):
    """A group whose question needs no word of its own: `maksa map eRX 60002 --to ATC` is `maksa map show eRX …`."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and arguments[0] not in self.commands:
            arguments = ["show", *arguments]
        return super().resolve_command(context, arguments)


@click.group("map", cls=_Asked)
def maps() -> None:
    """Load, list, ask and check maps between terminologies; `maksa map ID CODE --to ID` asks."""


@maps.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--map", "map_id", metavar="ID", required=True, help="The map this is a version of.")
@click.option("--version", "label", metavar="LABEL", required=True, help="The publisher's label of the version.")
@click.option("--source", "source_id", metavar="ID", required=True, help="The terminology of the source codes.")
@click.option("--target", "target_id", metavar="ID", required=True, help="The terminology of the target codes.")
@click.option("--source-column", metavar="COL", required=True, help="The column of source codes.")
@click.option("--target-column", metavar="COL", required=True, help="The column of target codes.")
@click.option(
    "--relationship",
    metavar="R",
    default="related-to",
    show_default=True,
    type=click.Choice(get_args(Relationship)),
    help="Of the source to the target, in rows that do not say.",
)
@click.option("--source-version", default="", metavar="LABEL", help="The version of the source it was made for.")
@click.option("--target-version", default="", metavar="LABEL", help="The version of the target it was made for.")
@click.option("--title", default="", metavar="T", help="What the map is, in a line.")
@click.option("--sheet", metavar="S", help="A workbook's sheet, by name or number.")
@as_json
@with_home
def load(
    file: Path,
    *,
    map_id: str,
    label: str,
    source_column: str,
    target_column: str,
    relationship: Relationship,
    sheet: str | None,
    home: Home,
    as_json: bool,
    **facts: str,
) -> None:
    """Read FILE (CSV, TSV, XLSX) into a draft of one version of a map, and report on every row.

    The draft is published by `maksa publish`, with its notice, as that of a terminology.
    """
    source = MapTableSource(
        file,
        source_column=source_column,
        target_column=target_column,
        map_id=map_id,
        label=checked_label(label),
        relationship=relationship,
        sheet=sheet,
    )
    view = Shelf.open(home.shelf).view
    warn_of_follower(home, map_id)
    with catalog_of(home) as catalog, source, Steps() as steps:
        entries = _counted(source.entries(), steps)
        concept_map = ConceptMap(map_id=map_id, **facts)
        catalog.write_map(
            concept_map, label, entries, published=view.manifest.versions, report=source.report(),
            imprint=imprint_after(view.map(map_id), Imprint()),
        )  # fmt: skip
    _print_report(source.report(), as_json=as_json)


def _counted(entries: Iterator[MapEntry], steps: Steps) -> Iterator[MapEntry]:
    for count, entry in enumerate(entries, 1):
        yield entry
        if count % 5_000 == 0:
            steps("read", count)


def _print_report(report: LoadReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    click.echo(
        f"rows read {report.read:,} · kept {report.kept:,} · refused {report.refused:,} · skipped {report.skipped:,}"
    )
    for finding in report.findings[:_SHOWN]:
        click.echo(
            f"{finding.severity} {finding.slug}, row {finding.row}, column {finding.column!r}: {finding.message}"
        )
    if (more := sum(report.counts.values()) - len(report.findings[:_SHOWN])) > 0:
        click.echo(f"and {more:,} findings more: --json has the first 100 of each kind")
    click.echo(f"\nDraft made. Next: maksa publish {report.terminology_id} {report.label}")


@maps.command("list")
@as_json
@with_home
def list_maps(*, home: Home, as_json: bool) -> None:
    """List the published maps in order of definition."""
    known = [(each, snapshot_of(each.last).concept_map) for each in view_of(home).maps]
    if as_json:
        print_json([_facts(each, between) for each, between in known])
        return
    columns = ("MAP", "SOURCE", "TARGET", "LAST VERSION", "ENTRIES", "PUBLISHED", "TITLE")
    print_rows(columns, (_row(each, between) for each, between in known))


def _row(each: Terminology, between: ConceptMap) -> tuple[object, ...]:
    last = each.last.version
    published = jalali(last.published_at)
    return each.id, between.source_id, between.target_id, last.label, last.concepts, published, each.title


def _facts(each: Terminology, between: ConceptMap) -> dict[str, object]:
    labels = [edition.version.label for edition in each.editions]
    return {"map": between, "versions": labels, "last": each.last.version}


@maps.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("code")
@click.option("--to", metavar="ID", required=True, help="The terminology whose codes are asked for.")
@at_option
@as_json
@with_home
@click.pass_context
def show(
    context: click.Context, terminology_id: str, code: str, *, to: str, at: str | None, home: Home, as_json: bool
) -> None:
    """Show what corresponds to CODE of the terminology ID in another, by every map between the two, either way."""
    answer = translate(view_of(home), terminology_id, code, to, as_of=in_force(at))
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    if not answer.value:
        say_no(context, f"no map has {code!r} of {terminology_id} to {to}", [], as_json=as_json)
    if as_json:
        print_json(answer.value)
        return
    print_rows(
        ("CODE", "DISPLAY", "RELATIONSHIP", "ORDER", "GROUP", "RULE", "ADVICE", "MAP", "MAP VERSION"),
        (
            (e.code, e.display, e.relationship, e.order, e.group, e.rule, e.advice, e.map_id, e.map_version)
            for e in answer.value
        ),
    )


@maps.command()
@click.argument("map_id", metavar="MAP")
@label_option
@as_json
@with_home
@click.pass_context
def check(context: click.Context, map_id: str, *, label: str | None, home: Home, as_json: bool) -> None:
    """List the codes of MAP that exist in no version of their terminology; the exit code is 1 where there are any."""
    answer = stray_codes(view_of(home), map_id, label)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json, kind="map")
    told = _Told(answer.value)
    if as_json:
        print_json_stream({"map": map_id}, "codes", told, lambda: {"count": told.count})
    else:
        print_rows(("SIDE", "TERMINOLOGY", "CODE"), ((each.side, each.terminology_id, each.code) for each in told))
        click.echo(f"{told.count:,} codes exist in no version of their terminology", err=True)
    context.exit(1 if told.count else 0)


class _Told:
    """Codes counted while they are told."""

    def __init__(self, codes: Iterator[StrayCode]) -> None:
        self._codes = codes
        self.count = 0

    def __iter__(self) -> Iterator[StrayCode]:
        for each in self._codes:
            self.count += 1
            yield each
