"""A job: how far it is, what became of it, and what can be done then."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response

from maksa.desk.jobs import Job
from maksa.desk.orders import Progress
from maksa.desk.views.asking import Ask
from maksa.desk.views.loading import form_facts, wanted_of
from maksa.desk.views.refusing import cannot, refused
from maksa.drafting.loading import Wanted
from maksa.loaders.recognition import FORMS
from maksa.model.errors import MaksaError
from maksa.model.finding import Finding
from maksa.model.registry import known
from maksa.model.terminology import checked_id, checked_label
from maksa.snapshot import notices as shelf_notices


def listed(ask: Ask) -> Response:
    """The last jobs."""
    return ask.answer("jobs.html", [(job, moment(job.made_at)) for job in ask.desk.jobs.last(100)])


def show(ask: Ask) -> Response:
    """One job."""
    job = ask.desk.jobs.get(ask.named["job"])
    return shown(ask, job) if job else refused(ask, 404)


def shown(ask: Ask, job: Job, error: MaksaError | None = None) -> Response:
    """The page of *job*; what was written in its forms is still there after an *error*."""
    release = ask.desk.releases.of(job)
    is_reviewed = job.state == "done" and job.outcome.draft is not None and not (release and release.is_open)
    is_superseded = is_reviewed and ask.desk.is_superseded(job)
    facts = {
        "job": job,
        "made_at": moment(job.made_at),
        "progress": _progress(ask, job),
        "examples": _examples(job),
        "release": release,
        "known": known(job.terminology_id),
        "fault": ask.told_of(job.outcome.fault) if job.outcome.fault else None,
        "read_as": next((form.name for form in FORMS if form.says == job.outcome.says), ""),
        "may_ask": is_reviewed and not is_superseded and bool(job.outcome.draft and job.outcome.draft.concepts),
        "is_superseded": is_superseded and not (release and release.state == "published"),
        "notices": shelf_notices.read(ask.desk.home.shelf).notices,
        "again": form_facts(ask, ask.form or _given(job.order.wanted)) if job.file else None,
        "error": ask.told(error) if error else None,
    }
    return ask.answer("job.html", facts, status=409 if error else 200)


def _examples(job: Job) -> list[Finding]:
    """The first finding of each kind: refusals first, then the commonest."""
    report = job.outcome.report
    if report is None:
        return []
    return sorted(report.findings, key=lambda each: (each.severity != "refusal", -report.counts[each.slug]))


def progress(ask: Ask) -> Response:
    """How far the job is, for htmx; once it is over, the word to load the page anew."""
    job = ask.desk.jobs.get(ask.named["job"])
    if job is None:
        return refused(ask, 404)
    answer = ask.answer("progress.html", {"job": job, "progress": _progress(ask, job)})
    if not job.is_under_way:
        answer.headers["HX-Refresh"] = "true"
    return answer


def stop(ask: Ask) -> Response:
    """Ends the job."""
    job = ask.desk.jobs.get(ask.named["job"])
    if job is None:
        return refused(ask, 404)
    if job.is_under_way:
        ask.desk.audit.note(ask.who, "job-stopped", f"{job.terminology_id} {job.label}", job=job.id)
        ask.site.stop(job)
    return ask.see("jobs", job.id)


def again(ask: Ask) -> Response:
    """The page of a job that reads the same file as something else."""
    job = ask.desk.jobs.get(ask.named["job"])
    if job is None or not job.file:
        return refused(ask, 404)
    try:
        fresh = ask.desk.jobs.again(job, wanted_of(ask.form), ask.who)
    except MaksaError as error:
        return shown(ask, job, error)
    ask.site.wake()
    return ask.see("jobs", fresh.id)


def review(ask: Ask) -> Response:
    """The page of a job that reviews a draft as it is now, wherever it was made."""
    order = ask.desk.order("review", ask.desk.jobs.new_folder(), _named(ask))
    job = ask.desk.jobs.add(order, ask.who)
    ask.site.wake()
    return ask.see("jobs", job.id)


def drop(ask: Ask) -> Response:
    """Drops a draft."""
    wanted = _named(ask)
    try:
        with ask.desk.catalog() as catalog:
            draft = catalog.draft(wanted.terminology_id, wanted.label)
            with ask.desk.audit.around(ask.who, "draft-dropped", f"{draft.terminology_id} {draft.label}"):
                catalog.drop_draft(wanted.terminology_id, wanted.label)
    except MaksaError as error:
        return cannot(ask, error)
    return ask.see()


def moment(seconds: float) -> dt.datetime:
    """Seconds since 1970 as an aware moment, for pages."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _named(ask: Ask) -> Wanted:
    """Raises: IdSpellingError."""
    return Wanted(
        terminology_id=checked_id(ask.form.get("terminology_id", "")), label=checked_label(ask.form.get("label", ""))
    )


def _progress(ask: Ask, job: Job) -> Progress:
    return ask.site.runner.progress.get(job.id, Progress())


def _given(wanted: Wanted) -> dict[str, str]:
    """What was asked, as the form has it."""
    texts = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
    return texts | {
        "languages": ",".join(wanted.languages),
        "as_of": wanted.as_of.isoformat() if wanted.as_of else "",
    }
