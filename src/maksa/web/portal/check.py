"""Check: a file of coded texts, or a pasted table, in; what is wrong with which, a report and a corrected file, out.

Its addresses:

    /check                       the form
    POST /check                  the check; then the way to its result
    /check/ID                    the result, for minutes; /check/ID/corrected and /check/ID/report are its files
    POST /check/ID/forget        takes it away now

Rules of this file:
- files may be of patients: none is kept, nothing of one is logged, and the page says so;
- few are checked at once and few may wait: the functions' callers come first.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse, Response

from maksa.export import disposition
from maksa.model.concept import CodedText
from maksa.model.rewording import Piece, rewording
from maksa.pages.csrf import is_from_here
from maksa.pages.headers import SAFETY
from maksa.service.listing import Summary, summaries
from maksa.web.portal.asking import Ask
from maksa.web.portal.checking import CORRECTED, REPORT, UPLOAD, Job, Queue, Result, checked, result_in
from maksa.web.portal.faults import refused

LIMIT = 10 << 20  # bytes of a file
_FORM = 64 << 10  # bytes of the form around it
_WAITING = 3  # checks that may wait for the one that is made
_BUSY_S = 30
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_queue = Queue(_WAITING)


class Shown(Struct, frozen=True):
    """The form as JSON: the terminologies that all rows may be of, and how long a file may be. `fault` is why there is none."""

    terminologies: tuple[str, ...]
    limit: int
    fault: str = ""


class Told(Struct, frozen=True):
    """The result as JSON."""

    result: Result
    left_s: int


async def show(ask: Ask) -> Response:
    """The form."""
    return _form(ask)


async def take(ask: Ask) -> Response:
    """Checks what was sent, and sends its reader to the result."""
    if not is_from_here(ask.request.headers):
        return refused(ask, 403)
    if _queue.is_full:
        return _busy(ask)
    form = await ask.form(LIMIT + _FORM)
    try:
        return await _taken(ask, form)
    finally:
        await form.close()


async def tell(ask: Ask) -> Response:
    """The result."""
    folder = ask.site.checks.of(ask.named["id"])
    result = result_in(folder) if folder else None
    if folder is None or result is None:
        return _unkept(ask.answer("check_gone.html", {"status": 404}, status=404))
    told = Told(result, ask.site.checks.left_s(folder))
    return _unkept(ask.answer("checked.html", told, identity=ask.named["id"], mended=mended))


async def give(ask: Ask) -> Response:
    """A file that was made of the upload: the corrected one, or the report."""
    names = {"corrected": CORRECTED, "report": REPORT}
    folder = ask.site.checks.of(ask.named["id"])
    path = folder / names[ask.named["file"]] if folder and ask.named["file"] in names else None
    result = result_in(folder) if folder else None
    if path is None or result is None or not path.is_file():
        return _unkept(ask.answer("check_gone.html", {"status": 404}, status=404))
    name = _renamed(result.name, ask.named["file"])
    media = _XLSX if name.endswith(".xlsx") else "application/octet-stream"
    return _unkept(FileResponse(path, headers={**SAFETY, "Content-Disposition": disposition(name)}, media_type=media))


async def forget(ask: Ask) -> Response:
    """Takes the result away now."""
    if not is_from_here(ask.request.headers):
        return refused(ask, 403)
    ask.site.checks.forget(ask.named["id"])
    return ask.redirect(ask.address("check"), status=303)


def mended(given: CodedText, right: CodedText) -> list[tuple[str, tuple[Piece, ...]]]:
    """The parts of *given* as they become those of *right*: (part, pieces). A code is marked whole, a display by its words."""
    names = ("terminology_id", "code", "display")
    pairs = ((name, getattr(given, name), getattr(right, name)) for name in names)
    return [
        (name, rewording(old, new) if name == "display" else _whole(old, new)) for name, old, new in pairs if old or new
    ]


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    if old == new:
        return (Piece("kept", old),)
    return tuple(piece for piece in (Piece("gone", old), Piece("come", new)) if piece.text)


async def _taken(ask: Ask, form: FormData) -> Response:
    given, terminology = _given(form), _text(form, "terminology").strip()
    if isinstance(given, str) and not given.strip():
        return _form(ask, fault="nothing", status=400)
    if terminology and ask.view.terminology(terminology) is None:
        return _form(ask, fault="terminology", status=400)
    if _queue.is_full:  # others came while this was sent
        return _busy(ask)
    job = Job(
        name=ask.t.text("check.pasted") if isinstance(given, str) else _plain(given.filename or ""),
        shelf=str(ask.site.worker.home.shelf),
        hidden=ask.site.settings.portal_hidden,
        terminology=terminology,
        is_pasted=isinstance(given, str),
        language=ask.language,
    )
    with _queue.place():
        identity = await _checked(ask, given, job)
    return _unkept(ask.redirect(ask.address("check", identity), status=303))


def _given(form: FormData) -> UploadFile | str:
    """The file that was sent, else the text that was pasted."""
    file = form.get("file")
    return file if isinstance(file, UploadFile) and file.filename else _text(form, "text")


async def _checked(ask: Ask, given: UploadFile | str, job: Job) -> str:
    """The id under which the result of *given* is kept. Raises: OSError; nothing is kept then."""
    identity, folder = ask.site.checks.fresh()
    try:
        await ask.in_thread(_keep, given, folder / UPLOAD)
        async with _queue.turn:
            await checked(folder, job)
    except BaseException:
        ask.site.checks.forget(identity)
        raise
    ask.site.forget_later(identity)
    return identity


def _keep(given: UploadFile | str, path: Path) -> None:
    with path.open("wb") as out:
        if isinstance(given, str):
            out.write(given.encode())
        else:
            shutil.copyfileobj(given.file, out)


def _busy(ask: Ask) -> Response:
    response = _form(ask, fault="busy", status=503)
    response.headers["Retry-After"] = str(_BUSY_S)
    return response


def _form(ask: Ask, *, fault: str = "", status: int = 200) -> Response:
    named = sorted(summaries(ask.view), key=_by_id)
    shown = Shown(tuple(each.id for each in named), LIMIT, fault)
    return ask.answer("check.html", shown, status=status, named=named)


def _by_id(summary: Summary) -> str:
    return summary.id.casefold()


def _unkept(response: Response) -> Response:
    """*response*, which no cache may keep, no search engine list, and no other site read."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if "Access-Control-Allow-Origin" in response.headers:
        del response.headers["Access-Control-Allow-Origin"]
    return response


def _text(form: FormData, name: str) -> str:
    given = form.get(name)
    return given if isinstance(given, str) else ""


def _plain(name: str) -> str:
    """The name that a file was sent under, without its folder and without what does not print."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable() or letter == "\u200c")[:100] or "file"


def _renamed(name: str, file: str) -> str:
    """The name of a file that was made of one called *name*: drugs.csv → drugs-corrected.csv, drugs-report.xlsx."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 5:
        stem, ending = name, "txt"
    return f"{stem}-{file}.{ending if file == 'corrected' else 'xlsx'}"
