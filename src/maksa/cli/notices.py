"""The notices (ابلاغیه‌ها): those that versions carry and those loaded from a letter's table, listed as the letter lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from maksa.cli.output import as_json, print_json, print_rows, with_home
from maksa.home import Home
from maksa.loaders.notices import NoticeSource
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice, Version
from maksa.publish.announcing import announce
from maksa.snapshot import manifest as manifests
from maksa.snapshot import notices as shelf_notices
from maksa.snapshot.notices import key_of_notice
from maksa.wire.dates import jalali, read_calendar_date


@click.command()
@click.option(
    "--load", "file", type=click.Path(path_type=Path), metavar="FILE", help="Add the notices of this table first."
)
@as_json
@with_home
def notices(*, file: Path | None, home: Home, as_json: bool) -> None:
    """List the notices, the newest first: number, Jalali date, title, remarks, and the versions that carry them.

    FILE is a letter's table (CSV, TSV, XLSX) with the columns عنوان، شماره، تاریخ، توضیحات. What is kept never changes: a notice
    that reads otherwise than the one that is kept is refused, and nothing of FILE is added.
    """
    loaded = _load(home, file) if file else None
    listed = listing(manifests.read(home.shelf).versions, shelf_notices.read(home.shelf).notices)
    if as_json:
        facts = [_facts(notice, versions) for notice, versions in listed]
        print_json({"notices": facts, **({"load": loaded} if loaded else {})})
        return
    columns = ("NUMBER", "DATE", "TITLE", "REMARKS", "VERSIONS")
    print_rows(columns, (_row(notice, versions) for notice, versions in listed))


def _load(home: Home, file: Path) -> dict[str, Any]:
    """Adds the notices of the table; what was read of it, and said on standard error too. Raises: SourceError, …"""
    with NoticeSource(file, day_of=read_calendar_date) as source:
        found = list(source.notices())
        added = announce(home.made().shelf, found)
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


def listing(versions: Iterable[Version], loaded: Iterable[Notice]) -> list[tuple[Notice, list[Version]]]:
    """Every notice with the versions that carry it, the newest first, those without a date last.

    A version names its letter by number; where it gives no title, or the same, it is the loaded notice of that number.
    """
    listed: dict[tuple[str, str], tuple[Notice, list[Version]]] = {key_of_notice(each): (each, []) for each in loaded}
    by_number: dict[str, list[tuple[str, str]]] = {}
    for key in listed:
        by_number.setdefault(key[0], []).append(key)
    for version in versions:
        notice = version.notice
        if notice == Notice():
            continue
        key, same_number = key_of_notice(notice), by_number.get(notice.number, [])
        if notice.number and not notice.title and len(same_number) == 1:
            key = same_number[0]
        listed.setdefault(key, (notice, []))[1].append(version)
    return sorted(listed.values(), key=lambda pair: pair[0].date or dt.date.min, reverse=True)


def _row(notice: Notice, versions: list[Version]) -> tuple[str, ...]:
    carried = ", ".join(f"{version.terminology_id} {version.label}" for version in versions)
    return (notice.number, jalali(notice.date) if notice.date else "", notice.title, notice.remarks, carried)


def _facts(notice: Notice, versions: list[Version]) -> dict[str, Any]:
    return {
        "number": notice.number,
        "date": notice.date,
        "jalali": jalali(notice.date) if notice.date else None,
        "title": notice.title,
        "remarks": notice.remarks,
        "versions": [{"terminology_id": version.terminology_id, "label": version.label} for version in versions],
    }
