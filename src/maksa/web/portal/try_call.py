"""Trying a call with one's own token or account: the request as it is sent, and the answer in full.

Its addresses:

    /try                          the form; ?function=ValidateCts
    POST /try                     the same with the answer, for readers without a script; with one, `try.js` asks the gateway itself

Rules of this file:
- a secret is used for the call and forgotten: none is kept, logged, or written into a page, not even the one that was typed;
- the form is taken from this very site only.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from starlette.datastructures import FormData
from starlette.responses import Response

from maksa.model.shapes import json_decoder
from maksa.pages.csrf import is_from_here
from maksa.web.portal.asking import Ask
from maksa.web.portal.calling import Answer, called
from maksa.web.portal.examples import Facts, facts_of
from maksa.web.portal.faults import refused
from maksa.web.portal.integrators import address_of
from maksa.wire.ditas.functions import BASES, FUNCTIONS

_LIMIT = 64 * 1024  # bytes of the form
_HIDDEN = "••••••••"
_ACCOUNT = ("client_id", "client_secret", "username", "password")
_members_of = json_decoder(dict[str, object])


class Sent(Struct, frozen=True):
    """A request as it was sent, its secrets hidden, and what came back; `body` is laid out where it is JSON."""

    what: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str
    status: int
    answered: tuple[tuple[str, str], ...]
    answer: str
    is_cut: bool


class Shown(Struct, frozen=True):
    """The page as JSON: what may be tried, the body that asks it of this service, and what was sent so far."""

    function: str
    functions: tuple[str, ...]
    base: str
    body: str
    pid: str = ""
    sent: tuple[Sent, ...] = ()


async def show(ask: Ask) -> Response:
    """The form, with a body that this service has an answer to."""
    function = ask.query.get("function", "Terminology")
    return _page(ask, _empty(ask, function if function in FUNCTIONS else "Terminology"))


async def call(ask: Ask) -> Response:
    """The form again, with what was sent and answered."""
    if not is_from_here(ask.request.headers):
        return refused(ask, 403)
    form = await ask.form(_LIMIT)
    function = _text(form, "function")
    if function not in FUNCTIONS:
        return refused(ask, 400)
    shown = _empty(ask, function)
    body, pid = _text(form, "body") or shown.body, _latin(_text(form, "pid"))
    token, sent = await _token(ask, form)
    if token:
        sent.append(await _asked(ask, function, body, pid, token))
    return _page(ask, msgspec.structs.replace(shown, body=body, pid=pid, sent=tuple(sent)))


def bodies(facts: Facts) -> dict[str, dict[str, object]]:
    """What each function may be asked, of a service that has these facts."""
    since = {"yearField": facts.year, "monthField": facts.month, "dayField": facts.day}
    text = {"valueField": facts.display, "terminology_idField": facts.id, "coded_stringField": facts.code}
    return {
        "Terminology": {"terminologyId": facts.id, "codedString": facts.code},
        "SearchTerminology": {"TerminologyId": facts.small, "FromDate": since},
        "ValidateCts": {"DoCodedText": text},
        "CtsTerminologies": {"FromDate": since},
        "TerminologyValueByVersion": {
            "terminologyId": facts.id, "codedString": facts.old_code, "version": facts.old_version,
        },
        "TerminologiesTermByVersion": {"terminologyId": facts.small, "version": facts.small_version},
        "TerminologyVersions": {"terminologyId": facts.id},
    }  # fmt: skip


async def _token(ask: Ask, form: FormData) -> tuple[str, list[Sent]]:
    """The token that was typed, else one for the account that was; with the request for it, and its answer."""
    given = _latin(_text(form, "token"))
    if given:
        return given, []
    account = {name: _text(form, name) for name in _ACCOUNT}
    fields = {"grant_type": "password", "username": account["username"], "password": account["password"]}
    basic = base64.b64encode(f"{account['client_id']}:{account['client_secret']}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = await called(ask.request, "/oauth/token", headers, urlencode(fields).encode())
    hidden = f"grant_type=password&username={_HIDDEN}&password={_HIDDEN}"
    token, told = _without_tokens(answer)
    return token, [_sent("token", "/oauth/token", headers, hidden, told)]


def _without_tokens(answer: Answer) -> tuple[str, Answer]:
    """The token of an answer, "" where it has none; and the answer with its tokens hidden."""
    try:
        members = _members_of(answer.body)
    except msgspec.MsgspecError:
        return "", answer
    hidden = {name: _HIDDEN if name in ("access_token", "refresh_token") else each for name, each in members.items()}
    told = msgspec.structs.replace(answer, body=msgspec.json.encode(hidden))
    return str(members.get("access_token", "")), told


async def _asked(ask: Ask, function: str, body: str, pid: str, token: str) -> Sent:
    path = f"{BASES[0]}/{function}"
    headers = {"Authorization": f"Bearer {token}", "pid": pid, "Content-Type": "application/json"}
    answer = await called(ask.request, path, headers, body.encode())
    return _sent(function, path, headers, body, answer)


def _sent(what: str, path: str, headers: dict[str, str], body: str, answer: Answer) -> Sent:
    kind = headers["Authorization"].partition(" ")[0]
    shown = tuple((headers | {"Authorization": f"{kind} {_HIDDEN}"}).items())
    return Sent(what, path, shown, body, answer.status, answer.headers, _laid_out(answer.body), answer.is_cut)


def _laid_out(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:  # cut off, or no JSON
        return body.decode(errors="replace")


def _empty(ask: Ask, function: str) -> Shown:
    facts = facts_of(ask.view, address_of(ask.request))
    body = json.dumps(bodies(facts)[function], ensure_ascii=False, indent=2)
    return Shown(function, tuple(FUNCTIONS), BASES[0], body)


def _page(ask: Ask, shown: Shown) -> Response:
    response = ask.answer("try.html", shown, here="try", address_here=address_of(ask.request), account=_ACCOUNT)
    response.headers["Cache-Control"] = "no-store"
    return response


def _text(form: FormData, name: str) -> str:
    given = form.get(name)
    return given.strip() if isinstance(given, str) else ""


def _latin(text: str) -> str:
    """What of *text* a header can hold: a stranger's letters, and line ends, would be another header."""
    return "".join(letter for letter in text if " " <= letter <= "~")
