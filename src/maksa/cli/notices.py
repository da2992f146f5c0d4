"""The notices (ابلاغیه‌ها): those that versions carry and those loaded from a letter's table, listed as the letter lists them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from maksa.cli.joined import signer_of
from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.home import Home
from maksa.loaders.notices import NoticeSource
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice, Version
from maksa.publish.announcing import announce
from maksa.service.announced import announced
from maksa.snapshot import manifest as manifests
from maksa.snapshot import notices as shelf_notices
from maksa.wire.dates import jalali, read_calendar_date


@click.command()
@click.option(
    "--load",
    "file",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Add the notices of this table first.",
)
@as_json
@with_home
def notices(*, file: Path | None, home: Home, as_json: bool) -> None:
    """List the notices, the newest first: number, Jalali date, title, remarks, and the versions that carry them.

    FILE is a letter's table (CSV, TSV, XLSX) with the columns عنوان، شماره، تاریخ، توضیحات. What is kept never changes: a notice
    that reads otherwise than the one that is kept is refused, and nothing of FILE is added.
    """
    loaded = _load(home, file) if file else None
    existing(home)
    listed = announced(manifests.read(home.shelf).versions, shelf_notices.read(home.shelf).notices)
    if as_json:
        facts = [_facts(each.notice, each.versions) for each in listed]
        print_json({"notices": facts, **({"load": loaded} if loaded else {})})
        return
    columns = ("NUMBER", "DATE", "TITLE", "REMARKS", "VERSIONS")
    print_rows(columns, (_row(each.notice, each.versions) for each in listed))


def _load(home: Home, file: Path) -> dict[str, Any]:
    """Adds the notices of the table; what was read of it, and said on standard error too. Raises: SourceError, …"""
    with NoticeSource(file, day_of=read_calendar_date) as source:
        found = list(source.notices())
        added = announce(home.made().shelf, found, signer=signer_of(home), mirrors=home.mirrors)
        report = source.report()
    _say(report, added)
    return {"added": added, **{name: getattr(report, name) for name in ("read", "kept", "refused", "findings")}}


def _say(report: LoadReport, added: int) -> None:
    click.echo(
        f"{report.file}: read {report.read}, kept {report.kept}, refused {report.refused}, new {added}", err=True
    )
    for finding in report.findings:
        click.echo(
            f"  {finding.severity} {finding.slug}, row {finding.row}, {finding.column}: {finding.message}", err=True
        )


def _row(notice: Notice, versions: Sequence[Version]) -> tuple[str, ...]:
    carried = ", ".join(f"{version.terminology_id} {version.label}" for version in versions)
    return (notice.number, jalali(notice.date) if notice.date else "", notice.title, notice.remarks, carried)


def _facts(notice: Notice, versions: Sequence[Version]) -> dict[str, Any]:
    return {
        "number": notice.number,
        "date": notice.date,
        "jalali": jalali(notice.date) if notice.date else None,
        "title": notice.title,
        "remarks": notice.remarks,
        "versions": [{"terminology_id": version.terminology_id, "label": version.label} for version in versions],
    }
