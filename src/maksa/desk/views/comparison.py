"""What a draft has otherwise than the last version: by kind, in pages, the changed words marked; and whole, as a file."""

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
from maksa.model.difference import KINDS
from maksa.model.rewording import rewording

_HEADER = ("kind", "code", "display", "before", "after")


def show(ask: Ask) -> Response:
    """A page of one kind."""
    job = ask.desk.jobs.get(ask.named["job"])
    draft = job.outcome.draft if job else None
    if job is None or draft is None:
        return refused(ask, 404)
    counts = {kind: draft.differences.get(kind, 0) for kind in KINDS}
    first = next((kind for kind in KINDS if counts[kind]), KINDS[0])
    kind = next((each for each in KINDS if each == ask.query.get("kind")), first)
    page = page_number(ask)
    lines = kept.differences(job.folder, kind, page)
    shown = {
        "job": job,
        "draft": draft,
        "counts": counts,
        "kind": kind,
        "page": page,
        "lines": [(line, rewording(line.before[0], line.after[0]) if kind == "relabelled" else ()) for line in lines],
        "is_more": counts[kind] > page * kept.PAGE,
    }
    return ask.answer("comparison.html", shown)


def download(ask: Ask) -> Response:
    """All of it: CSV for a spreadsheet, JSON by the line for a program."""
    job = ask.desk.jobs.get(ask.named["job"])
    forms = {"csv": _csv, "json": _json}
    if job is None or ask.named["form"] not in forms:
        return refused(ask, 404)
    return downloaded(ask, "comparison", job, forms[ask.named["form"]](job), ask.named["form"])


def _csv(job: Job) -> Iterator[bytes]:
    lines = kept.every_difference(job.folder)
    rows = ((line.kind, line.code, line.display, " | ".join(line.before), " | ".join(line.after)) for line in lines)
    return as_csv(csv_lines(_HEADER, rows))


def _json(job: Job) -> Iterator[bytes]:
    return (msgspec.json.encode(line) + b"\n" for line in kept.every_difference(job.folder))
