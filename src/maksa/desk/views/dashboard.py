"""The first page: what waits for whom, what is being done, what lies in draft, what was published last."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from maksa.catalog import Draft
from maksa.desk.jobs import Job
from maksa.desk.views.asking import Ask
from maksa.model.terminology import Version, key_of

_VERSIONS = 8


def show(ask: Ask) -> Response:
    """The page."""
    with ask.desk.catalog() as catalog:
        drafts = catalog.drafts()
    jobs = ask.desk.jobs.last(200)
    open_releases = ask.desk.releases.open()
    shown = {
        "releases": open_releases,
        "under_way": [job for job in jobs if job.is_under_way],
        "drafts": [_facts(draft, jobs, open_releases) for draft in drafts],
        "versions": _last_versions(ask),
    }
    return ask.answer("dashboard.html", shown)


def _facts(draft: Draft, jobs: list[Job], releases: list[Any]) -> dict[str, object]:
    """The draft, the last job that reviewed it, and its release if one is open."""
    key = key_of(draft.terminology_id), draft.label
    reviewed = (job for job in jobs if job.outcome.draft and _key(job.outcome.draft) == key)
    release = next((each for each in releases if (key_of(each.terminology_id), each.label) == key), None)
    return {"draft": draft, "job": next(reviewed, None), "release": release}


def _key(named: Any) -> tuple[str, str]:
    return key_of(named.terminology_id), named.label


def _last_versions(ask: Ask) -> list[Version]:
    versions = sorted(ask.site.view.manifest.versions, key=lambda version: version.row, reverse=True)
    return versions[:_VERSIONS]
