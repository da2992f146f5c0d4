"""Checking a file of coded texts: what is wrong with which, a report, and a corrected copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import click

from maksa.check import Columns, FileCheck, Judged, Summary, check_file
from maksa.check.correcting.writing import refuse_existing
from maksa.check.wording import WORDINGS
from maksa.cli.asking import at_option, in_force, label_option, view_of
from maksa.cli.check_report import facts_of, reported
from maksa.cli.findings import refuse_place
from maksa.cli.output import EXIT_NO, as_json, print_json_stream, print_rows, with_home
from maksa.cli.progress import Steps
from maksa.home import Home
from maksa.snapshot.storage import told_apart

_TERMINOLOGIES = 20  # that the summary lists, those with most texts first

_FILE = click.Path(path_type=Path, readable=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--terminology", metavar="COL", default="", help="The column of terminology ids; or the one id that all rows are of."
)  # fmt: skip
@click.option("--code", metavar="COL", default="", help="The column of codes, by its header, or its number from 1.")
@click.option(
    "--display", metavar="COL", default="", help="The column of displays, likewise; - judges the codes alone."
)
@label_option
@at_option
@click.option(
    "--report", "report_to", metavar="FILE", type=_FILE, help="Write every finding into this file, .xlsx or .json."
)
@click.option(
    "--corrected", "corrected_to", metavar="FILE", type=_FILE, help="Write the file with every certain correction."
)
@as_json
@with_home
@click.pass_context
def check(
    context: click.Context,
    /,
    file: Path,
    *,
    label: str | None,
    at: str | None,
    report_to: Path | None,
    corrected_to: Path | None,
    home: Home,
    as_json: bool,
    **columns: str,
) -> None:
    """Judge the coded texts in FILE: each one valid, or what is wrong with it.

    FILE is a table (CSV, TSV, XLSX) with columns for terminology, code and display, JSON of any depth or lines of JSON, or
    messages in XML; which of them is told by its content. The exit code is 0 where ValidateCts would take every text, else 1.
    """
    as_of = in_force(at, label)
    if report_to:
        refuse_place(report_to)
    if corrected_to:
        _refuse_target(corrected_to)
    began = monotonic()
    with (
        Steps(unit="texts") as steps,
        check_file(
            file, view_of(home), columns=Columns(**columns), at=as_of, label=label,
            progress=steps, keeps_edits=corrected_to is not None,
        ) as checking,
    ):  # fmt: skip
        found = reported(checking, report_to)
        if as_json:
            _print_all(checking, found, corrected_to)
        else:
            examples = _examples(found)
            _correct(checking, corrected_to)
    if not as_json:
        _print_summary(checking.summary, examples, monotonic() - began)
    if checking.summary.refused:
        context.exit(EXIT_NO)


def _refuse_target(path: Path) -> None:
    """Says before a long file is read what would be in the way after it. Raises: StorageError."""
    with told_apart(path.parent):
        refuse_existing(path)
        path.parent.stat()


def _correct(checking: FileCheck, target: Path | None) -> None:
    if target is not None:
        checking.write_corrected(target)
        click.echo(f"maksa: corrected: {target}", err=True)


def _print_all(checking: FileCheck, found: Iterator[Judged], target: Path | None) -> None:
    """Prints every text that has findings, and the sums after them, as one JSON document."""

    def tail() -> dict[str, Any]:
        _correct(checking, target)
        return {"summary": checking.summary}

    print_json_stream({"file": checking.summary.file}, "found", map(facts_of, found), tail)


def _examples(found: Iterator[Judged]) -> dict[str, str]:
    """The first of each kind of finding: its place and what it says, by slug."""
    first: dict[str, str] = {}
    for each in found:
        for finding in each.verdict.findings:
            first.setdefault(finding.slug, f"{each.place}: {finding.message}")
    return first


def _print_summary(summary: Summary, examples: dict[str, str], seconds: float) -> None:
    click.echo(f"{summary.file}: {summary.form}, {summary.checked:,} coded texts in {seconds:.1f} s")
    for note in summary.notes:
        click.echo(f"  {note}")
    click.echo(
        f"valid {summary.valid:,} · with warnings only {summary.warned:,} · refused {summary.refused:,}"
        f" · certain corrections {summary.corrected:,}"
    )
    if summary.counts:
        rows = ((slug, WORDINGS[slug].severity, count, examples[slug]) for slug, count in summary.counts.items())
        click.echo()
        print_rows(("FINDING", "SEVERITY", "COUNT", "FIRST"), rows)
    if summary.terminologies:
        click.echo()
        some = list(summary.terminologies.items())[:_TERMINOLOGIES]
        print_rows(("TERMINOLOGY", "CHECKED", "REFUSED"), ((name or "(none)", *counts) for name, counts in some))
    if summary.left_out:
        click.echo(
            f"\nCorrections that could not be written: {summary.left_out:,} (the file has no place or no letters for them)"
        )
    if summary.is_bounded:
        click.echo("\nThere were many errors: what came late was judged without looking for all that is near it.")
