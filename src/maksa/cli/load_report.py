"""The end of a load, as an editor's report: what was read, the commonest findings with examples, what comes next."""

from __future__ import annotations

from pathlib import Path

import click

from maksa.cli.findings import by_count
from maksa.cli.output import print_json
from maksa.model.finding import Finding, LoadReport

_EXAMPLES = 3  # of each kind of finding, on a terminal
_KINDS = 20  # of findings, the commonest first


def print_report(report: LoadReport, *, as_json: bool, spill: Path | None, dry_run: bool) -> None:
    """Prints *report*, for a person or as JSON. *spill* is where every finding is kept, if there was one."""
    kept_in = str(spill) if spill and spill.exists() else ""
    if as_json:
        print_json({"dry_run": dry_run, "report": kept_in, **_facts(report)})
        return
    click.echo(f"{report.file}{f', sheet {report.sheet}' if report.sheet else ''}: {_recognised(report)}")
    click.echo(
        f"rows read {report.read:,} · kept {report.kept:,} · refused {report.refused:,} · skipped {report.skipped:,}"
    )
    for slug, count in by_count(report)[:_KINDS]:
        examples = [finding for finding in report.findings if finding.slug == slug]
        click.echo(f"\n{examples[0].severity if examples else 'finding'} {slug}: {count:,}")
        for finding in examples[:_EXAMPLES]:
            click.echo(f"  {_place(finding)}: {finding.message}")
    if kept_in:
        click.echo(f"\nevery finding: {kept_in}")
    if report.blocking:
        click.echo("\nThis draft cannot be published: see the findings above.")
    elif dry_run:
        click.echo("\nNo draft was made (--dry-run).")
    else:
        click.echo(f"\nDraft made. Next: maksa publish {report.terminology_id} {report.label}")


def _facts(report: LoadReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__struct_fields__}


def _recognised(report: LoadReport) -> str:
    return ", ".join(f"{role} = {header!r}" for role, header in report.recognised.items())


def _place(finding: Finding) -> str:
    where = f"row {finding.row}" if finding.row else "file"
    column = f", column {finding.column!r}" if finding.column else ""
    return f"{where}{column}"
