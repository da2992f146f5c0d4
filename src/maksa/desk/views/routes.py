"""The table of the desk's pages: where each is, who shows it, and who may see it.

A path's words are fixed, or `{name}` for one segment. A form that changes something is a line of its own, with POST. `stage`
is the session's that is wanted ("none": nobody is signed in; "any": whoever it is), `role` what the operator must have.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Literal

from msgspec import Struct
from starlette.responses import Response

from maksa.desk.operators import Operator, Role
from maksa.desk.views import (
    accounts,
    audit,
    comparison,
    dashboard,
    findings,
    jobs,
    loading,
    operators,
    profile,
    releases,
    sign_in,
)
from maksa.desk.views.asking import Ask

Stage = Literal["any", "none", "code", "enrol", "full"]


class Line(Struct, frozen=True, kw_only=True):
    """A line of the table. `nav` is the key of its wording in the header. `upload` takes the form itself, a file among it.

    Only what is not `is_guarded` is done without a token: it changes nothing of anybody's.
    """

    path: str
    show: Callable[[Ask], Response]
    methods: tuple[str, ...] = ("GET", "HEAD")
    stage: Stage = "full"
    role: Role | None = None
    nav: str = ""
    upload: Callable[[Ask], Awaitable[Response]] | None = None
    is_guarded: bool = True

    @property
    def is_place(self) -> bool:
        """Whether it is a page of its own, to which one may be led: no form's answer, no part of a page, no file."""
        is_whole = not self.path.endswith(("{form}", "/progress"))
        return self.stage == "full" and "GET" in self.methods and is_whole


def _get(path: str, show: Callable[[Ask], Response], role: Role | None = None, nav: str = "") -> Line:
    return Line(path=path, show=show, role=role, nav=nav)


def _post(path: str, show: Callable[[Ask], Response], role: Role | None = None) -> Line:
    return Line(path=path, show=show, role=role, methods=("POST",))


LINES: tuple[Line, ...] = (
    _get("", dashboard.show, nav="desk_nav.home"),
    Line(path="theme", show=sign_in.theme, methods=("POST",), stage="any", is_guarded=False),
    Line(path="sign-in", show=sign_in.show, stage="none"),
    Line(path="sign-in", show=sign_in.give_password, methods=("POST",), stage="none"),
    Line(path="code", show=sign_in.show_code, stage="code"),
    Line(path="code", show=sign_in.give_code, methods=("POST",), stage="code"),
    Line(path="enrol", show=sign_in.show_enrolment, stage="enrol"),
    Line(path="enrol", show=sign_in.enrol, methods=("POST",), stage="enrol"),
    Line(path="sign-out", show=sign_in.out, methods=("POST",), stage="any"),
    _get("load", loading.show, "operator", "desk_nav.load"),
    Line(path="load", show=loading.show, methods=("POST",), role="operator", upload=loading.load),
    _get("jobs", jobs.listed, nav="desk_nav.jobs"),
    _get("jobs/{job}", jobs.show),
    _get("jobs/{job}/progress", jobs.progress),
    _post("jobs/{job}/stop", jobs.stop, "operator"),
    _post("jobs/{job}/again", jobs.again, "operator"),
    _get("jobs/{job}/findings", findings.show),
    _get("jobs/{job}/findings/{form}", findings.download),
    _get("jobs/{job}/comparison", comparison.show),
    _get("jobs/{job}/comparison/{form}", comparison.download),
    _post("drafts/review", jobs.review, "operator"),
    _post("drafts/drop", jobs.drop, "operator"),
    _get("releases", releases.listed, nav="desk_nav.releases"),
    _post("releases", releases.ask, "operator"),
    _get("releases/{release}", releases.show),
    _post("releases/{release}/approve", releases.approve, "releaser"),
    _post("releases/{release}/refuse", releases.refuse, "releaser"),
    _post("releases/{release}/withdraw", releases.withdraw, "operator"),
    _get("accounts", accounts.listed, "administrator", "desk_nav.accounts"),
    _post("accounts", accounts.add, "administrator"),
    _get("accounts/{account}", accounts.show, "administrator"),
    _post("accounts/{account}/{act}", accounts.act, "administrator"),
    _get("operators", operators.listed, "administrator", "desk_nav.operators"),
    _post("operators", operators.add, "administrator"),
    _post("operators/{name}/{act}", operators.act, "administrator"),
    _get("audit", audit.show, "administrator", "desk_nav.audit"),
    _get("audit/{form}", audit.download, "administrator"),
    _get("profile", profile.show),
    _post("profile/password", profile.change_password),
    _post("profile/codes", profile.renew_codes),
    _post("profile/sign-out-elsewhere", profile.sign_out_elsewhere),
)


def headings(operator: Operator) -> list[tuple[str, str]]:
    """(path, key of the wording) of the pages that the header names to *operator*."""
    return [(line.path, line.nav) for line in LINES if line.nav and (line.role is None or operator.may(line.role))]


def matched(segments: list[str], method: str) -> tuple[Line, dict[str, str]] | None:
    """The line of a path and a method, with what the path names; None where there is none."""
    for line, pattern in _patterns():
        if method in line.methods and len(pattern) == len(segments):
            named = _named(pattern, segments)
            if named is not None:
                return line, named
    return None


def place_of(segments: list[str]) -> list[str]:
    """The page that has the form at a path: of that path itself, or of the nearest above it that is a place."""
    above = (segments[:end] for end in range(len(segments), 0, -1))
    return next((path for path in above if (found := matched(path, "GET")) and found[0].is_place), [])


@cache
def _patterns() -> tuple[tuple[Line, tuple[str, ...]], ...]:
    return tuple((line, tuple(line.path.split("/")) if line.path else ()) for line in LINES)


def _named(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    named = {}
    for word, segment in zip(pattern, segments, strict=True):
        if word.startswith("{"):
            named[word[1:-1]] = segment
        elif word != segment:
            return None
    return named
