"""Pages that say no: what was asked is not there, cannot be read, or cannot be answered now."""

from __future__ import annotations

from starlette.responses import Response

from maksa.model.answers import Unknown, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import Match
from maksa.model.errors import MaksaError, RequestError
from maksa.model.terminology import Version
from maksa.pages.headers import takes_pages
from maksa.service.nearest import nearest_codes, nearest_terminologies
from maksa.web.portal.asking import Ask
from maksa.wire.ditas.statuses import JSON_TYPE, MESSAGES, refusal


def refused(ask: Ask, status: int, error: MaksaError | None = None) -> Response:
    """The page of a fault, with what is wrong about the request where it is *error*'s."""
    violations = (
        [f"{field}: {message}" for field, message in error.violations] if isinstance(error, RequestError) else []
    )
    shown = {"status": status, "violations": violations, "requestId": ask.request_id}
    return _said(ask, "error.html", shown, status)


def not_found(ask: Ask, unknown: Unknown | None = None) -> Response:
    """The page of what is not there, with what may have been meant."""
    terminologies: list[str] = []
    codes: list[Match] = []
    versions: list[Version] = []
    if isinstance(unknown, UnknownTerminology):
        terminologies = nearest_terminologies(ask.view, unknown)
    elif isinstance(unknown, UnknownCode):
        codes = nearest_codes(ask.view, unknown)
    elif isinstance(unknown, UnknownVersion):
        terminology = ask.view.terminology(unknown.terminology_id)
        versions = [edition.version for edition in terminology.editions] if terminology else []
    meant = {"terminologies": terminologies, "codes": codes, "versions": versions}
    shown = {"status": 404, "violations": [], "requestId": ask.request_id, "unknown": unknown, "meant": meant}
    return _said(ask, "unknown.html", shown, 404)


def _said(ask: Ask, template: str, shown: object, status: int) -> Response:
    """The fault as a page or as JSON, as was asked for; to a program that asks for neither, in the gateway's own words."""
    if ask.wants_json or takes_pages(ask.request.headers.get("accept", "")):
        return ask.answer(template, shown, status=status)
    return Response(refusal(status if status in MESSAGES else 400), status, media_type=JSON_TYPE.decode())
