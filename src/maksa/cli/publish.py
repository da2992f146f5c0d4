"""Publishing a draft."""

from __future__ import annotations

import datetime as dt

import click

from maksa.cli.dates import letter_day_of, moment_of
from maksa.cli.facts import version_facts
from maksa.cli.joined import drafts_of, signer_of
from maksa.cli.output import as_json, print_json, with_home
from maksa.cli.progress import Steps
from maksa.home import Home
from maksa.model.errors import StorageError
from maksa.model.terminology import Notice, Version
from maksa.publish.publication import publish as publish_draft
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.wire.dates import jalali


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("label")
@click.option("--notice-number", default="", metavar="N", help="Number of the letter that announces it, as 110/128.")
@click.option("--notice-date", metavar="DATE", help="Date of that letter, as 1400/05/06.")
@click.option("--notice-title", default="", metavar="T", help="Title of that letter.")
@click.option("--remarks", default="", metavar="T", help="The letter's remarks.")
@click.option("--at", metavar="DATE", help="Publish as of a past date, so that a history can be loaded, oldest first.")
@as_json
@with_home
def publish(
    terminology_id: str,
    label: str,
    *,
    notice_number: str,
    notice_date: str | None,
    notice_title: str,
    remarks: str,
    at: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Freeze the draft LABEL of the terminology ID into a version that never changes.

    DATE is Jalali (1400/05/06) or ISO (2021-07-28).
    """
    date: dt.date | None = letter_day_of(notice_date, "--notice-date") if notice_date else None
    notice = Notice(number=notice_number, date=date, title=notice_title, remarks=remarks)
    moment = moment_of(at, "--at") if at else None
    with drafts_of(home) as catalog, Steps() as steps:
        version = publish_draft(
            catalog, home.shelf, terminology_id, label,
            notice=notice, at=moment, progress=steps, signer=signer_of(home), mirrors=home.mirrors,
        )  # fmt: skip
    if version.kind == "terminology":
        _prepare(home, version)
    if as_json:
        print_json(version_facts(version, is_last=True))
    else:
        counted = "entries" if version.kind == "map" else "concepts"
        click.echo(
            f"published {version.terminology_id} {version.label}: {version.concepts:,} {counted}, "
            f"{jalali(version.published_at)}, SHA-256 {version.digest[:16]}…"
        )


def _prepare(home: Home, version: Version) -> None:
    """Makes the body that most callers will ask for, so that the first of them need not wait. A cache: its failure is told."""
    try:
        from maksa.web.prepared.bodies import opened
    except ModuleNotFoundError:  # a home without the server part: whoever serves this shelf prepares it
        return
    snapshot = Snapshot.open(file_of(home.shelf, version), version)
    try:
        opened(snapshot, home.cache).close()
    except StorageError as error:
        click.echo(f"maksa: published; its body will be prepared when it is asked for ({error})", err=True)
    finally:
        snapshot.close()
