"""For integrators: the guide with whole programs in the reader's language, and the reference of the wire.

Its addresses:

    /integrators                the guide, its programs for curl
    /integrators/php            the same, its programs in PHP
    /integrators/php/file       the program alone, to keep
    /integrators/reference      every path of /openapi.json
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from maksa.export import disposition
from maksa.pages import responses
from maksa.pages.wording import Language
from maksa.web.portal.asking import Ask
from maksa.web.portal.examples import LOGIN, TONGUES, Facts, Program, facts_of, program
from maksa.web.portal.faults import refused
from maksa.web.portal.reference import reference, sentences
from maksa.wire.ditas.functions import FUNCTIONS

_SECTION = re.compile(r'<section id="(\w+)">\n(.*?)\n</section>', re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
_UNNAMED = "127.0.0.1:8000"  # where the service runs if nobody says otherwise


class Shown(Struct, frozen=True):
    """The guide as JSON: where the service is, and the programs' pieces in one language."""

    address: str
    base: str
    language: str
    languages: tuple[str, ...]
    program: dict[str, str]


async def show(ask: Ask) -> Response:
    """The guide."""
    made = _made(ask)
    if made is None:
        return refused(ask, 404)
    chosen, facts, whole = made
    shown = Shown(facts.address, facts.base, chosen, tuple(TONGUES), whole.parts)
    return ask.answer(
        "integrators.html",
        shown,
        here="integrators",
        guide=guide(ask.language),
        tongues=TONGUES,
        functions=tuple(FUNCTIONS),
        login=LOGIN,
        file=whole.file,
    )


async def keep(ask: Ask) -> Response:
    """The whole program as a file."""
    made = _made(ask)
    if made is None:
        return refused(ask, 404)
    more = {"Content-Disposition": disposition(f"maksa-{made[2].file}")}
    return responses.page(made[2].text.encode(), ask.request.headers, media="text/plain; charset=utf-8", more=more)


async def refer(ask: Ask) -> Response:
    """The reference of the wire."""
    return ask.answer("reference.html", reference(), here="reference", sentences=sentences(ask.language))


@cache
def guide(language: Language) -> dict[str, Markup]:
    """The sections of the guide by their names, as `tools/guide.py` made them."""
    text = files(__package__).joinpath("guide", f"{language}.html").read_text("utf-8")
    return {name: Markup(html) for name, html in _SECTION.findall(text)}  # noqa: S704 # ours, and made by us


def address_of(request: Request) -> str:
    """Where the reader found this service, as a URL without a path: it is shown to that reader alone."""
    host = request.headers.get("host", "")
    is_secure = "https" in (request.scope["scheme"], request.headers.get("x-forwarded-proto", ""))
    return f"{'https' if is_secure else 'http'}://{host if _HOST.fullmatch(host) else _UNNAMED}"


def _made(ask: Ask) -> tuple[str, Facts, Program] | None:
    """The language that is asked for, the facts and the program; None where there is no such language."""
    chosen = ask.named.get("tongue", "curl")
    if chosen not in TONGUES:
        return None
    facts = facts_of(ask.view, address_of(ask.request))
    return chosen, facts, program(TONGUES[chosen], facts)
