"""What a load said about its rows: in pages, by kind; and whole, as a file."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from starlette.responses import Response

from maksa.desk import kept
from maksa.desk.jobs import Job
from maksa.desk.sheets import csv_lines
from maksa.desk.views.asking import Ask
from maksa.desk.views.downloading import as_csv, downloaded, page_number
from maksa.desk.views.refusing import refused
from maksa.model.finding import Finding, LoadReport

_HEADER = ("severity", "finding", "sheet", "row", "column", "value", "count", "message", "message_fa")


def show(ask: Ask) -> Response:
    """A page of them."""
    job = ask.desk.jobs.get(ask.named["job"])
    if job is None or job.outcome.report is None:
        return refused(ask, 404)
    slug, page = ask.query.get("slug", ""), page_number(ask)
    found = kept.findings(job.folder, slug, page)
    shown = {
        "job": job,
        "counts": _counts(job.outcome.report),
        "slug": slug,
        "page": page,
        "found": found,
        "is_more": len(found) == kept.PAGE and bool(kept.findings(job.folder, slug, page + 1)),
    }
    return ask.answer("findings.html", shown)


def _counts(report: LoadReport) -> list[tuple[str, int, bool]]:
    """(kind, how many, whether their rows are refused): refusals first, then the commonest."""
    refused = {each.slug for each in report.findings if each.severity == "refusal"}
    rows = [(slug, count, slug in refused) for slug, count in report.counts.items()]
    return sorted(rows, key=lambda row: (not row[2], -row[1]))


def download(ask: Ask) -> Response:
    """All of them: CSV for a spreadsheet, JSON by the line for a program."""
    job = ask.desk.jobs.get(ask.named["job"])
    forms = {"csv": _csv, "json": _json}
    if job is None or ask.named["form"] not in forms:
        return refused(ask, 404)
    return downloaded(ask, "findings", job, forms[ask.named["form"]](job), ask.named["form"])


def _csv(job: Job) -> Iterator[bytes]:
    return as_csv(csv_lines(_HEADER, map(_row, kept.every_finding(job.folder))))


def _row(each: Finding) -> tuple[object, ...]:
    place = (each.sheet, each.row or "", each.column, each.value)
    return (each.severity, each.slug, *place, each.count, each.message, each.message_fa)


def _json(job: Job) -> Iterator[bytes]:
    return (msgspec.json.encode(each) + b"\n" for each in kept.every_finding(job.folder))
