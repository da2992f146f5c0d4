"""Releases: asked for with a notice, approved or refused by whoever may, published."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response

from maksa.desk.jobs import Job
from maksa.desk.releases import Release
from maksa.desk.views.asking import Ask
from maksa.desk.views.jobs import moment, shown
from maksa.desk.views.refusing import cannot, refused
from maksa.model.errors import MaksaError, MalformedParameterError, ReleaseError
from maksa.model.registry import known
from maksa.model.terminology import Notice
from maksa.wire.dates import TEHRAN, read_calendar_date

_LONGEST = 500  # characters of a notice's text
_DATE = "notice_date"
_FIRST = dt.date(1921, 3, 21)  # 1300/01/01: what is earlier was a year of two digits


def listed(ask: Ask) -> Response:
    """The last releases."""
    return ask.answer("releases.html", [(each, moment(each.asked_at)) for each in ask.desk.releases.last(100)])


def ask(ask: Ask) -> Response:
    """The page of the release that was asked for."""
    job = ask.desk.jobs.get(ask.form.get("job", ""))
    if job is None:
        return refused(ask, 404)
    try:
        if ask.desk.is_superseded(job):
            raise ReleaseError(case="superseded", reason="the draft of this review is another by now, or gone")
        release = ask.desk.releases.ask(job, _notice(ask.form), ask.who)
    except MalformedParameterError as error:
        return shown(ask, job, error)
    except MaksaError as error:
        return cannot(ask, error)
    return ask.see("releases", release.id)


def show(ask: Ask) -> Response:
    """One release."""
    release, job = _found(ask)
    if release is None or job is None:
        return refused(ask, 404)
    is_own = ask.operator.name == release.asked_by
    facts = {
        "release": release,
        "job": job,
        "known": known(release.terminology_id),
        "publishing": ask.desk.jobs.get(release.publishing) if release.publishing else None,
        "asked_at": moment(release.asked_at),
        "decided_at": moment(release.decided_at) if release.decided_at else None,
        "is_own": is_own,
        "is_changed": release.state == "asked" and ask.desk.is_superseded(job),
        "may_decide": release.state == "asked" and ask.operator.may("releaser"),
        "may_approve": not (is_own and ask.desk.releases.two_persons),
        "may_withdraw": release.state == "asked" and is_own,
    }
    return ask.answer("release.html", facts)


def approve(ask: Ask) -> Response:
    """The page of the job that publishes it."""
    release, job = _found(ask)
    if release is None or job is None:
        return refused(ask, 404)
    try:
        publishing = ask.desk.releases.approve(release, job, ask.who)
    except MaksaError as error:
        return cannot(ask, error)
    ask.site.wake()
    return ask.see("jobs", publishing.id)


def refuse(ask: Ask) -> Response:
    """The release, refused."""
    release, _ = _found(ask)
    if release is None:
        return refused(ask, 404)
    try:
        ask.desk.releases.refuse(release, ask.form.get("reason", ""), ask.who)
    except MaksaError as error:
        return cannot(ask, error)
    return ask.see("releases", release.id)


def withdraw(ask: Ask) -> Response:
    """The release, withdrawn."""
    release, _ = _found(ask)
    if release is None:
        return refused(ask, 404)
    try:
        ask.desk.releases.withdraw(release, ask.who)
    except MaksaError as error:
        return cannot(ask, error)
    return ask.see("releases", release.id)


def _found(ask: Ask) -> tuple[Release | None, Job | None]:
    release = ask.desk.releases.get(ask.named["release"])
    return release, ask.desk.jobs.get(release.job) if release else None


def _notice(form: dict[str, str]) -> Notice:
    """The letter of the form. Raises: MalformedParameterError for a date that is none."""
    texts = {name: form.get(f"notice_{name}", "").strip()[:_LONGEST] for name in ("number", "title", "remarks", "date")}
    date = texts.pop("date")
    return Notice(date=_dated(date) if date else None, **texts)


def _dated(text: str) -> dt.date:
    """The date of a letter that has been written. What is published stays, a slip of the pen in it too."""
    date = read_calendar_date(text, field=_DATE)
    if not _FIRST <= date <= dt.datetime.now(TEHRAN).date():
        raise MalformedParameterError(field=_DATE, message=f"{text!r} has not come yet, or is no date of a letter")
    return date
