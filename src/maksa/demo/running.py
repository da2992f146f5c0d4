"""Running the demo: lists published, an account made, the service started, and what to paste printed."""

from __future__ import annotations

import datetime as dt
import shutil
import sys

import click

from maksa.catalog import Catalog
from maksa.demo.lines import Curl, Lines, Python
from maksa.demo.lists import Edition, editions
from maksa.home import Home
from maksa.model.finding import LoadReport
from maksa.publish.publication import publish
from maksa.settings import Settings
from maksa.snapshot import manifest as manifests
from maksa.web import serving
from maksa.web.gateway.accounts import Accounts, Credentials
from maksa.web.gateway.store import Store
from maksa.wire.dates import TEHRAN
from maksa.wire.ditas.functions import BASES

_ACCOUNT = "demo"
_DAY_S = 86_400
_CASES: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("What does a code mean?  یک کد یعنی چه؟", "GET", "Terminology", {"terminologyId": "thritaEHR.Religion", "codedString": "1"}),
    ("Is a coded text true?  آیا این کد و مقدار درست‌اند؟", "POST", "ValidateCts",
     {"DoCodedText": {"valueField": "ایران", "terminology_idField": "ISO_3166-1", "coded_stringField": "IR"}}),
    ("What did an old version hold?  نسخهٔ پیشین چه داشت؟", "POST", "TerminologyValueByVersion",
     {"terminologyId": "eRX", "codedString": "60002", "version": "1000"}),
    ("What changed since a date?  از این تاریخ چه عوض شد؟", "POST", "SearchTerminology",
     {"TerminologyId": "eRX", "FromDate": {"yearField": 1401}}),
    ("Which versions are there?  چه نسخه‌هایی هست؟", "POST", "TerminologyVersions", {"terminologyId": "eRX"}),
)  # fmt: skip


def run(home: Home, port: int) -> None:
    """Serves the demo until a signal ends it. Raises: StorageError, …"""
    settings = Settings(port=port, token_ttl_s=_DAY_S, log_level="warning", portal=True)
    serving.prepare(home, settings)
    opened = serving.listening(settings)
    publish_lists(home)
    credentials = _account(home)
    address = serving.address_of(opened, settings)
    _say(home, address, credentials)
    serving.serve(home, settings, opened)


def publish_lists(home: Home) -> None:
    """Publishes each version of the demo that the home has not got."""
    have = {(version.terminology_id, version.label) for version in manifests.read(home.shelf).versions}
    missing = [each for each in editions() if (each.terminology_id, each.label) not in have]
    if not missing:
        return
    with Catalog.open(home.catalog_url) as catalog:
        for each in missing:
            _publish(home, catalog, each)


def _publish(home: Home, catalog: Catalog, edition: Edition) -> None:
    report = LoadReport(
        file=edition.source, sheet="", terminology_id=edition.terminology_id, label=edition.label, recognised={}
    )
    published = manifests.read(home.shelf).versions
    catalog.write_draft(
        edition.terminology_id,
        edition.label,
        edition.concepts(),
        published=published,
        report=report,
        title=edition.title,
    )
    at = dt.datetime.combine(edition.published_on, dt.time(), TEHRAN)
    version = publish(catalog, home.shelf, edition.terminology_id, edition.label, notice=edition.notice, at=at)
    click.echo(f"published {version.terminology_id} {version.label}: {version.concepts} concepts")


def _account(home: Home) -> Credentials:
    """The demo's account, its secrets made anew at each run: they are shown, never kept."""
    store = Store(home.accounts_url)
    try:
        accounts = Accounts(store)
        if any(account.name == _ACCOUNT for account in accounts.list()):
            return accounts.rotate(_ACCOUNT)
        return accounts.add(_ACCOUNT)
    finally:
        store.close()


def _say(home: Home, address: str, credentials: Credentials) -> None:
    click.echo(f"\nmaksa demo: {address}  (lists in {home.path}; Ctrl-C ends it)")
    click.echo(f"pages  {address}/  (Persian), {address}/en  (English)")
    click.echo(f"client {credentials.client_id}:{credentials.client_secret}")
    click.echo(f"user   {credentials.username} / {credentials.password}")
    pid = credentials.pids[0].pid
    click.echo(f"pid    {pid}\n\nPaste into another terminal. First a token, which lives for a day:\n")
    lines: Lines = Curl() if shutil.which("curl") else Python()
    click.echo(lines.token(address, credentials) + "\n")
    for what, method, function, fields in _CASES:
        click.echo(f"# {what}\n{lines.call(method, f'{address}{BASES[0]}/{function}', pid, fields)}\n")
    click.echo(
        "The OpenAPI document of the whole wire is at /openapi.json, health at /health/ready, figures at /metrics."
    )
    sys.stdout.flush()
