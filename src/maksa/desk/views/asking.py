"""What a page of the desk is given: the request in the desk's terms, who asks, and the ways to answer."""

from __future__ import annotations

import asyncio
import base64
import re
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from maksa.desk.audit import Who
from maksa.desk.desk import Desk
from maksa.desk.jobs import Job
from maksa.desk.operators import Operator
from maksa.desk.orders import Fault
from maksa.desk.running import Runner
from maksa.desk.sessions import Session
from maksa.desk.signing_in import Caller
from maksa.model.errors import BodyTooLargeError, MaksaError, MalformedParameterError
from maksa.pages import responses
from maksa.pages.appearance import theme_of
from maksa.pages.csrf import FIELD, Csrf
from maksa.pages.rendering import Renderer
from maksa.pages.wording import Language, Wording, wording_of
from maksa.snapshot.shelf import Shelf, View
from maksa.web.gateway.origin import Origin
from maksa.web.portal.addresses import Addresses

T = TypeVar("T")
Headings = Callable[[Operator], list[tuple[str, str]]]
"""(path, key of the wording) of the pages that the header names to an operator."""

FORM_LIMIT = 65_536  # bytes
FORM_S = 30.0  # that a form without a file may take to come
_FIELDS = 200
_WANTED_LIMIT = 1_000  # characters of a path that a cookie keeps
_PATH = re.compile(r"/(?![/\\])[!-~]*", re.ASCII)
THREADS = 8

_CACHE = {"Cache-Control": "no-store", "Vary": "Cookie", "Referrer-Policy": "no-referrer"}


class Site:
    """What all requests share. Made in the loop that answers them."""

    def __init__(self, desk: Desk, runner: Runner, headings: Headings) -> None:
        self.headings = headings
        self.desk = desk
        self.renderer = Renderer("maksa.desk")
        self.csrf = Csrf(desk.sealer.derived("csrf"))
        self.threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="desk")
        self.runner = runner
        self._shelf = Shelf.open(desk.home.shelf)
        self._loop = asyncio.get_running_loop()

    @property
    def view(self) -> View:
        """The shelf as it is now. Raises: ManifestError."""
        self._shelf.refresh()
        return self._shelf.view

    async def in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        """What *function* returns, run beside the loop."""
        return await self._loop.run_in_executor(self.threads, function, *arguments)

    def wake(self) -> None:
        """There is a job to be done. From any thread."""
        self._loop.call_soon_threadsafe(self.runner.wake)

    def stop(self, job: Job) -> None:
        """Ends a job, and returns when it has been told. From a handler's thread."""
        asyncio.run_coroutine_threadsafe(self.runner.stop(job), self._loop).result(30)


class Told(NamedTuple):
    """What an error says to a person.

    `text` is of the catalogue; `facts` are the error's in the language's words, or `why` is its reason, a whole sentence, with a
    library's own English `word` for it; `detail` is all of it in English.
    """

    text: str
    facts: str = ""
    why: str = ""
    word: str = ""
    detail: str = ""


class Ask:
    """One request.

    `words` are the path's segments without the language's, `named` what the path names, `query` and `form` the parameters
    behind it and of the form, each the last of its name. `session` is of the cookie, None where it has none that lives.
    `delay_s` is how long the answer is to be kept back.
    """

    def __init__(
        self, site: Site, request: Request, request_id: str, language: Language, words: list[str], origin: Origin
    ) -> None:
        self.site = site
        self.desk = site.desk
        self.request = request
        self.request_id = request_id
        self.language = language
        self.words = words
        self.named: dict[str, str] = {}
        self.form: dict[str, str] = {}
        self.chosen: dict[str, list[str]] = {}
        self.query = {name: text.replace("\0", "") for name, text in request.query_params.items()}
        self.session: Session | None = None
        self.origin = origin
        self.delay_s = 0.0
        self.address = Addresses(language)
        self.t: Wording = wording_of(language)
        self._set: list[str] = []
        self._visitor = request.cookies.get(self._cookie_name("visitor"), "")

    @property
    def operator(self) -> Operator:
        """Whoever is signed in. Only where the page's line in the table wants a session."""
        assert self.session is not None
        return self.session.operator

    @property
    def who(self) -> Who:
        """The same, and from where: for the audit."""
        return Who(self.operator.name, str(self.origin.address))

    @property
    def caller(self) -> Caller:
        agent = self.request.headers.get("user-agent", "")
        return Caller(str(self.origin.address), agent, self.session)

    @property
    def cookie(self) -> str:
        """The session's cookie as it was sent, "" where none was."""
        return self.request.cookies.get(self._cookie_name("session"), "")

    def keep(self, cookie: str) -> None:
        """Gives the browser the cookie of a session; "" takes it away."""
        self._set.append(self._cookie("session", cookie))

    def want(self, words: Sequence[str]) -> None:
        """Remembers in the browser that the page of *words* is wanted, with this one's query, for when its reader has signed in."""
        path = self.address(*words) + self._behind
        if len(path) <= _WANTED_LIMIT:
            self._set.append(self._cookie("wanted", base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")))

    def wanted(self) -> str:
        """The page that was wanted, and is no more; "" where none was. It is a path of this site, whatever a cookie says."""
        given = self.request.cookies.get(self._cookie_name("wanted"), "")
        self._set.append(self._cookie("wanted", ""))
        try:
            path = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode("ascii")
        except ValueError:
            return ""
        return path if _PATH.fullmatch(path) else ""

    def csrf(self) -> str:
        """A token for the forms of this page, bound to the session, or to the visitor who has none."""
        if not self.session and not self._visitor:
            self._visitor = secrets.token_urlsafe(16)
            self._set.append(self._cookie("visitor", self._visitor))
        return self.site.csrf.token(self._bound)

    def is_own_form(self, token: str) -> bool:
        """Whether a form's token was given to this session, or to this visitor."""
        return bool(self._bound) and self.site.csrf.accepts(self._bound, token)

    @property
    def _bound(self) -> str:
        return f"session {self.cookie}" if self.session else self._visitor and f"visitor {self._visitor}"

    def answer(self, template: str, shown: object = None, *, status: int = 200, **values: object) -> Response:
        """The page: *template* with *shown* as `shown`, and *values*."""
        given = {"shown": shown, **self._frame(), **values}
        body = self.site.renderer.page(template, self.language, given)
        return self.finished(responses.page(body, self.request.headers, status=status))

    def see(self, *words: str, **query: object) -> Response:
        """The way to another page, after a form."""
        return self.finished(responses.redirect(self.address(*words, **query), status=303))

    def go(self, path: str) -> Response:
        """The same, by a path of this site."""
        return self.finished(responses.redirect(path, status=303))

    def finished(self, response: Response) -> Response:
        """*response*, kept by nobody, with the cookies that were set."""
        response.headers.update(_CACHE)
        for cookie in self._set:
            response.headers.append("Set-Cookie", cookie)
        self._set.clear()
        return response

    def told(self, error: MaksaError) -> Told:
        """What an error says to a person: its words in the catalogue where it has any, and its own."""
        return self.told_of(Fault.of(error))

    def told_of(self, fault: Fault) -> Told:
        """The same of what an error has left."""
        why = fault.facts.get("reason_fa", "") if self.language == "fa" else ""
        text = self.t.or_none(f"desk_fault.{fault.slug}") or self.t("desk_fault.other")
        if why and fault.slug == "file-unreadable":  # its words are guesses at what the reason says
            text = self.t("check.fault")
        if why:
            return Told(str(text), why=why, word=fault.facts.get("detail", ""), detail=fault.message)
        return Told(str(text), facts=self._facts(fault), detail=fault.message)

    def _facts(self, fault: Fault) -> str:
        """A field, or a case, has words of its own where the catalogue has them; "" where neither it nor the fault has any."""
        part = fault.facts.get("field") or fault.facts.get("case", "")
        for key in (f"desk_fact.{fault.slug}-{part}", f"desk_fact.{fault.slug}"):
            if fault.facts and self.t.or_none(key):
                return self.t.text(key, **fault.facts)
        return ""

    async def read_form(self) -> None:
        """Reads a form without a file into `form`.

        Raises: BodyTooLargeError, MalformedParameterError, TimeoutError, ClientDisconnect.
        """
        async with asyncio.timeout(FORM_S):
            body = await self._body()
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
        except ValueError as error:
            raise MalformedParameterError(field="body", message="is no form") from error
        for name, text in pairs:
            self.form[name] = text.replace("\0", "")
            self.chosen.setdefault(name, []).append(text.replace("\0", ""))

    async def _body(self) -> bytes:
        body = bytearray()
        async for chunk in self.request.stream():
            body += chunk
            if len(body) > FORM_LIMIT:
                raise BodyTooLargeError(field="body", message=f"is over {FORM_LIMIT} bytes")
        return bytes(body)

    def _cookie_name(self, name: str) -> str:
        """`__Host-` binds a cookie to this very host, and is taken over HTTPS only."""
        return f"__Host-desk-{name}" if self.origin.is_secure else f"desk-{name}"

    def _cookie(self, name: str, value: str) -> str:
        secure = "; Secure" if self.origin.is_secure else ""
        age = "" if value else "; Max-Age=0"
        return f"{self._cookie_name(name)}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}"

    @property
    def _behind(self) -> str:
        """The query behind the path of a page, as it was sent."""
        asked = self.request.url.query
        return f"?{asked}" if asked and self.request.method == "GET" else ""

    def _frame(self) -> dict[str, object]:
        """What the layout asks for."""
        behind = self._behind
        twin = Addresses("en" if self.language == "fa" else "fa")
        is_in = self.session is not None and self.session.stage == "full"
        return {
            "site": "desk",
            "nav": self._nav() if is_in else [],
            "path": self.address(*self.words) + behind,
            "twin": twin(*self.words) + behind,
            "home": self.address(),
            "theme": theme_of(self.request.cookies),
            "search_at": "",
            "address": self.address,
            "request_id": self.request_id,
            "query": self.query,
            "form": self.form,
            "csrf": self.csrf(),
            "csrf_field": FIELD,
            "operator": self.operator if is_in else None,
            "two_persons": self.desk.releases.two_persons,
        }

    def _nav(self) -> list[tuple[str, str, bool]]:
        here = self.words[0] if self.words else ""
        return [(self.address(path), key, path == here) for path, key in self.site.headings(self.operator)]
