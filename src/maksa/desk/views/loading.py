"""Uploading a file: what it is to be, then the file itself, taken as it comes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from maksa.desk.jobs import Job
from maksa.desk.uploading import Upload, taken
from maksa.desk.views.asking import Ask
from maksa.desk.views.refusing import refused
from maksa.drafting.loading import Wanted
from maksa.loaders.recognition import FORMS
from maksa.model.errors import AccessDeniedError, MaksaError
from maksa.model.registry import known_terminologies
from maksa.model.terminology import checked_id, checked_label
from maksa.pages.csrf import FIELD
from maksa.wire.dates import read_calendar_date

ABOUT = ("title", "issuer", "licence")
"""What a list is, for one that nobody knows yet: the fields under «what it is»."""

OPTIONS = ("form", "sheet", "code", "display", "hierarchy", "languages", "as_of", "map_id")
"""What some forms of a file have a use for: the fields under «more»."""


def show(ask: Ask, error: MaksaError | None = None) -> Response:
    """The form; what was written in it is still there after an error."""
    return ask.answer("load.html", form_facts(ask, ask.form or ask.query, error), status=400 if error else 200)


def form_facts(ask: Ask, given: Mapping[str, str], error: MaksaError | None = None) -> dict[str, object]:
    """What the form's template asks for."""
    published = [terminology.id for terminology in ask.site.view.terminologies]
    return {
        "given": {name: given.get(name, "") for name in ("terminology_id", "label", *ABOUT, *OPTIONS)},
        "is_about": any(given.get(name) for name in ABOUT),
        "is_more": any(given.get(name) for name in OPTIONS),
        "ids": list(dict.fromkeys([*published, *(each.id for each in known_terminologies())])),
        "forms": [form.name for form in FORMS],
        "limit": ask.desk.settings.desk_upload_limit,
        "error": ask.told(error) if error else None,
    }


async def load(ask: Ask) -> Response:
    """The page of the job that reads the file; or the form again. Asked in the loop: a file may come for minutes."""
    folder = await ask.site.in_thread(ask.desk.jobs.new_folder)
    try:
        upload = await taken(
            ask.request.stream(), ask.request.headers.get("content-type", ""), folder / "file",
            limit=ask.desk.settings.desk_upload_limit, judge=lambda fields: _judge(ask, fields),
        )  # fmt: skip
        job = await ask.site.in_thread(_added, ask, folder, upload)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, AccessDeniedError):
            return refused(ask, 403)
        if isinstance(error, MaksaError):
            return await ask.site.in_thread(show, ask, error)
        raise  # an upload that broke off, or a desk that ends
    ask.site.runner.wake()
    return ask.see("jobs", job.id)


def _judge(ask: Ask, fields: dict[str, str]) -> None:
    """Whether the file may come. Raises: AccessDeniedError, IdSpellingError, RequestError."""
    if not ask.is_own_form(fields.get(FIELD, "")):
        raise AccessDeniedError
    ask.form = fields
    wanted_of(fields)


def wanted_of(fields: Mapping[str, str]) -> Wanted:
    """What the form asks for. Raises: IdSpellingError, MalformedParameterError."""
    given = {name: fields.get(name, "").strip() for name in (*ABOUT, *OPTIONS)}
    languages, as_of = given.pop("languages"), given.pop("as_of")
    return Wanted(
        terminology_id=checked_id(fields.get("terminology_id", "")),
        label=checked_label(fields.get("label", "")),
        languages=tuple(tag.strip() for tag in languages.split(",") if tag.strip()),
        as_of=read_calendar_date(as_of, field="as_of") if as_of else None,
        **given,
    )


def _added(ask: Ask, folder: Path, upload: Upload) -> Job:
    order = ask.desk.order("load", folder, wanted_of(upload.fields), upload.file)
    return ask.desk.jobs.add(order, ask.who)
