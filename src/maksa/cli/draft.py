"""Drafts: begun from the last version, changed by a table, reviewed as a comparison, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from maksa.catalog import Catalog, Draft
from maksa.cli.asking import say_unknown, view_of
from maksa.cli.compare import kind_option, print_comparison, workbook_option
from maksa.cli.joined import drafts_of, warn_of_follower
from maksa.cli.output import as_json, print_json, print_rows, with_home
from maksa.drafting.review import review as review_draft
from maksa.home import Home
from maksa.loaders.changes import ChangeSource
from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.model.concept import Concept
from maksa.model.difference import Kind
from maksa.model.errors import ChangesRefusedError, DraftExistsError
from maksa.model.finding import LoadReport
from maksa.model.terminology import checked_id, checked_label, key_of
from maksa.service.editions import edition_of
from maksa.snapshot.shelf import Edition
from maksa.wire.dates import jalali

ID = click.argument("terminology_id", metavar="ID")
LABEL = click.argument("label")


@click.group()
def draft() -> None:
    """Start, change, review, list and drop drafts."""


@draft.command()
@ID
@LABEL
@click.option("--from", "origin", metavar="VERSION", help="Start from this version, not the last one.")
@as_json
@with_home
@click.pass_context
def start(
    context: click.Context, terminology_id: str, label: str, *, origin: str | None, home: Home, as_json: bool
) -> None:
    """Make a draft LABEL of the terminology ID that holds what its last version does."""
    view = view_of(home)
    edition = edition_of(view, terminology_id, origin)
    if not isinstance(edition, Edition):
        say_unknown(context, edition, as_json=as_json)
    defined, label = edition.version.terminology_id, checked_label(label)
    warn_of_follower(home, defined)
    report = LoadReport(file=f"version {edition.version.label}", sheet="", terminology_id="", label="", recognised={})
    with drafts_of(home) as catalog:
        if any(key_of(each.terminology_id) == key_of(defined) and each.label == label for each in catalog.drafts()):
            raise DraftExistsError(terminology_id=defined, label=label)
        concepts = _counted(edition.snapshot.concepts(as_listed=True), report)
        made = catalog.write_draft(
            defined, label, concepts,
            published=view.manifest.versions, report=report, imprint=edition.snapshot.imprint,
        )  # fmt: skip
    _print(made, as_json=as_json)


def _counted(concepts: Iterable[Concept], report: LoadReport) -> Iterator[Concept]:
    for concept in concepts:
        report.read += 1
        report.kept += 1
        yield concept


@draft.command()
@ID
@LABEL
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--sheet", metavar="S", help="A workbook's sheet, by name or number.")
@as_json
@with_home
def change(terminology_id: str, label: str, file: Path, *, sheet: str | None, home: Home, as_json: bool) -> None:
    """Change the draft LABEL of the terminology ID as the table in FILE says: all of its rows, or none.

    The columns are action (add, relabel, move, retire, add-designation), code, display, and parent and language where
    they are wanted. Each row is judged; where one is refused the report says why, and the draft is as it was.
    """
    source = ChangeSource(file, terminology_id=checked_id(terminology_id), label=label, sheet=sheet)
    with drafts_of(home) as catalog, source:
        try:
            changed = _changed(catalog, source, terminology_id, label)
        except ChangesRefusedError:
            _print_report(source.report(), as_json=as_json)
            raise
    _print_report(source.report(), as_json=as_json)
    if not as_json:
        _print(changed, as_json=False)


def _print_report(report: LoadReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    click.echo(
        f"rows read {report.read:,} · done {report.kept:,} · refused {report.refused:,} · blank {report.skipped:,}"
    )
    for finding in report.findings:
        place = f"row {finding.row}, column {finding.column!r}" if finding.row else "file"
        click.echo(f"{finding.severity} {finding.slug}, {place}: {finding.message} · {finding.message_fa}")


def _changed(catalog: Catalog, source: ChangeSource, terminology_id: str, label: str) -> Draft:
    """The draft with all changes of *source* in it. Raises: ChangesRefusedError, and nothing was changed."""
    with catalog.edit(terminology_id, label) as edited:
        changes = source.changes()
        codes = {each.code for each in changes} | {each.parent for each in changes if each.parent}
        concepts = edited.named(codes)
        children = edited.children({each.code for each in changes if each.action == "retire"})
        after = source.applied(changes, concepts, children)
        report = source.report()
        if report.refused:
            raise ChangesRefusedError(file=report.file, refused=report.refused, read=report.read, first=_first(report))
        return edited.put(after)


def _first(report: LoadReport) -> str:
    refusals = [finding for finding in report.findings if finding.severity == "refusal"]
    first = min(refusals, key=lambda finding: finding.row)
    return f"row {first.row}, column {first.column!r}: {first.message}"


@draft.command()
@ID
@LABEL
@kind_option
@workbook_option
@as_json
@with_home
def review(
    terminology_id: str,
    label: str,
    *,
    kinds: tuple[Kind, ...],
    xlsx: Path | None,
    home: Home,
    as_json: bool,
) -> None:
    """List what the draft LABEL of the terminology ID has otherwise than its last version."""
    last = edition_of(view_of(home), terminology_id)
    assert not isinstance(last, UnknownVersion), "no version was named"
    earlier = None if isinstance(last, UnknownTerminology) else last.snapshot
    with drafts_of(home) as catalog:
        comparison = review_draft(catalog, catalog.draft(terminology_id, label), earlier, kinds)
        print_comparison(comparison, xlsx=xlsx, as_json=as_json)


@draft.command("list")
@as_json
@with_home
def list_drafts(*, home: Home, as_json: bool) -> None:
    """List the drafts, of every terminology."""
    with drafts_of(home) as catalog:
        drafts = catalog.drafts()
    if as_json:
        print_json(drafts)
        return
    columns = ("TERMINOLOGY", "LABEL", "CONCEPTS", "LOADED", "FROM")
    print_rows(columns, ((d.terminology_id, d.label, d.concepts, jalali(d.loaded_at), d.source) for d in drafts))


@draft.command()
@ID
@LABEL
@as_json
@with_home
def drop(terminology_id: str, label: str, *, home: Home, as_json: bool) -> None:
    """Drop the draft LABEL of the terminology ID; what is published stays."""
    with drafts_of(home) as catalog:
        gone = catalog.drop_draft(terminology_id, label)
    if as_json:
        print_json(gone)
    else:
        click.echo(f"dropped the draft {gone.label} of {gone.terminology_id}: {gone.concepts:,} concepts")


def _print(made: Draft, *, as_json: bool) -> None:
    if as_json:
        print_json(made)
    else:
        click.echo(
            f"draft {made.label} of {made.terminology_id}: {made.concepts:,} concepts."
            f" Next: maksa draft review {made.terminology_id} {made.label}, then maksa publish"
        )
