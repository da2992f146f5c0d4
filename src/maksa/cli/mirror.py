"""Following other services: upstreams added, synced, shown, proved, removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from maksa.cli.joined import signer_of
from maksa.cli.mirror_account import account_of
from maksa.cli.mirror_terms import terms_of, with_terms
from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.cli.progress import Steps
from maksa.home import Home
from maksa.mirror.proving import prove
from maksa.mirror.report import SyncReport
from maksa.mirror.syncing import sync, utc_now
from maksa.mirror.upstream import Upstream
from maksa.mirror.upstreams import Upstreams
from maksa.model.errors import MaksaError, SnapshotError
from maksa.model.following import Standing, message_of
from maksa.model.terminology import Version
from maksa.snapshot.following import staging_of
from maksa.snapshot.signing import key_id
from maksa.wire.dates import jalali
from maksa.wire.faults import exit_code, exit_code_of

NAME = click.argument("name")
with_account = click.option(
    "--account",
    "account_file",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="JSON file of its account, as `maksa account add --json` prints it.",
)
NAME_OR_ALL = click.argument("name", required=False)


@click.group()
def mirror() -> None:
    """Follow another service: add it, sync, verify."""


@mirror.command()
@NAME
@click.argument("url")
@with_account
@click.option("--guide", is_flag=True, help="The service speaks only the guide's functions; it is no maksa.")
@with_terms
@as_json
@with_home
def add(
    name: str, url: str, *, account_file: Path | None, guide: bool, home: Home, as_json: bool, **terms: Any
) -> None:  # fmt: skip
    """Follow the service at URL under the name NAME, from the next sync on.

    Its account is read from FILE, else from the environment (MAKSA_MIRROR_CLIENT_ID, …_CLIENT_SECRET, …_USERNAME,
    …_PASSWORD, …_PID), else asked for. It is kept where its owner alone may read it, and never shown.
    """
    upstream = Upstream(name=name, url=url, kind="guide" if guide else "maksa", **terms_of(terms))
    _upstreams(home.made()).add(upstream, account_of(account_file))
    if as_json:
        print_json(upstream)
    else:
        click.echo(f"{name} is followed; `maksa mirror sync {name}` fetches what it has")


@mirror.command()
@NAME
@click.option("--url", metavar="URL", help="The address at which it is asked from now on.")
@with_account
@click.option("--all", "wants_all", is_flag=True, help="Follow all that it has again.")
@click.option("--keep-old", is_flag=True, help="Keep old versions too again.")
@with_terms
@as_json
@with_home
def change(
    name: str, *, url: str | None, account_file: Path | None, wants_all: bool, keep_old: bool, home: Home, as_json: bool, **terms: Any
) -> None:  # fmt: skip
    """Follow NAME on other terms, from the next sync on. What is not given stays as it is.

    --terminology names anew what is followed, and --except takes one more out of it.
    """
    upstreams = _upstreams(home)
    before, fields = upstreams.get(name), terms_of(terms)
    if fields.get("terminologies") or wants_all:
        before = msgspec.structs.replace(before, terminologies=(), excluded=())
    if keep_old:
        fields["keep_old"] = True
    fields["excluded"] = tuple(dict.fromkeys((*before.excluded, *fields.get("excluded", ()))))
    after = msgspec.structs.replace(before, url=url or before.url, **fields)
    upstreams.change(after, account_of(account_file) if account_file else None)
    if as_json:
        print_json(after)
    else:
        click.echo(f"{name} is followed on these terms from the next sync on")


@mirror.command("sync")
@NAME_OR_ALL
@click.option("--at-any-hour", is_flag=True, help="Ask outside the upstream's hours too.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="ID",
    help="Take what NAME says now of this terminology or map, which is held back.",
)
@as_json
@with_home
@click.pass_context
def sync_(
    context: click.Context, name: str | None, *, at_any_hour: bool, accepted: tuple[str, ...], home: Home, as_json: bool
) -> None:  # fmt: skip
    """Fetch what is new from the upstream NAME, or from each.

    It may be interrupted at any moment, and goes on from there when it is run again. A list that the upstream has changed or
    taken back is held back: it stays as it is here, the others are taken, and the exit code says so.
    """
    if accepted and not name:
        raise click.UsageError("--accept wants the NAME of the upstream")
    upstreams, signer = _upstreams(home), signer_of(home)
    reports: list[SyncReport] = []
    faults: list[MaksaError] = []
    with Steps(unit="bytes") as steps:
        for each in [name] if name else upstreams.names():
            try:
                reports.append(
                    sync(
                        upstreams, each, home.shelf, progress=steps, at_any_hour=at_any_hour, accepted=accepted,
                        signer=signer,
                    )
                )  # fmt: skip
            except MaksaError as error:
                if name:
                    raise
                click.echo(f"maksa: {each}: {error}", err=True)
                faults.append(error)
    if as_json:
        print_json(reports)
    else:
        print_rows(
            ("UPSTREAM", "OUTCOME", "NEW", "DROPPED", "NOTICES", "REQUESTS", "BYTES", "SECONDS"), map(_row, reports)
        )
    for report in reports:
        _say(report, upstreams.get(report.upstream))
    codes = [exit_code(error) for error in faults]
    codes += [exit_code_of(held.fault) for report in reports for held in report.held]
    if codes:
        context.exit(codes[0])


def _say(report: SyncReport, upstream: Upstream) -> None:
    if report.absent:
        click.echo(f"maksa: {upstream.name} does not have {', '.join(report.absent)}", err=True)
    for held in report.held:
        click.echo(f"maksa: {upstream.name}: {held.what}: held back, and here as before: {held.message}", err=True)
    if report.outcome == "partial":
        click.echo(
            f"maksa: {upstream.name} is asked in its hours only, {upstream.hours}; the next sync goes on", err=True
        )


def _row(report: SyncReport) -> tuple[object, ...]:
    seconds = (report.ended_at - report.started_at).total_seconds()
    return (
        report.upstream, report.outcome, len(report.added), len(report.dropped), report.notices, report.requests,
        f"{report.received:,}", f"{seconds:.1f}",
    )  # fmt: skip


@mirror.command()
@as_json
@with_home
def status(*, home: Home, as_json: bool) -> None:
    """List the upstreams and how this home stands to each."""
    upstreams = _upstreams(home)
    known = [(upstreams.get(name), upstreams.standing(name)) for name in upstreams.names()]
    if as_json:
        print_json([{"upstream": upstream, "standing": standing} for upstream, standing in known])
        return
    columns = ("NAME", "URL", "KIND", "TERMINOLOGIES", "KEY", "LAST SYNC", "STATE")
    print_rows(columns, (_status_row(*each, utc_now()) for each in known))


def _status_row(upstream: Upstream, standing: Standing | None, now: dt.datetime) -> tuple[str, ...]:
    synced_at = standing.synced_at if standing else None
    return (
        upstream.name,
        upstream.url,
        upstream.kind,
        _choice(upstream),
        ", ".join(map(key_id, upstream.keys)) or "none",
        f"{jalali(synced_at)}, {_ago(now - synced_at)} ago" if synced_at else "never",
        _state(standing),
    )


def _choice(upstream: Upstream) -> str:
    chosen = ", ".join(upstream.terminologies) or "all"
    return f"{chosen} but {', '.join(upstream.excluded)}" if upstream.excluded else chosen


def _ago(age: dt.timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    return f"{minutes // 1440} d" if minutes >= 2880 else f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


def _state(standing: Standing | None) -> str:
    """What is known: after a try that failed nobody knows whether it is in step."""
    if standing is None:
        return "not synced yet"
    state = "not synced yet" if standing.synced_at is None else "behind" if standing.is_behind else "in step"
    if not standing.fault:
        return state
    if standing.held and standing.message == message_of(standing.held):
        held = ", ".join(each.what for each in standing.held)
        return f"in step, {held} held back: {standing.message}"
    return f"last try: {standing.message}" if state == "in step" else f"{state}; last try: {standing.message}"


@mirror.command()
@NAME_OR_ALL
@as_json
@with_home
@click.pass_context
def verify(context: click.Context, name: str | None, *, home: Home, as_json: bool) -> None:
    """Prove that what came from NAME, or from each, is what it has said: signature, list, and every byte.

    The exit code is 6 where something is not.
    """
    upstreams = _upstreams(home)
    results: list[tuple[str, Version, SnapshotError | None]] = []
    unproved: list[MaksaError] = []
    with Steps(unit="versions") as steps:
        for each in [name] if name else upstreams.names():
            try:
                staging, rivals = staging_of(home.shelf, each), upstreams.rivals(each)
                for version, fault in prove(upstreams.get(each), home.shelf, staging, rivals):
                    results.append((each, version, fault))
                    steps("verified", len(results))
            except MaksaError as error:
                if name:
                    raise
                click.echo(f"maksa: {each}: {error}", err=True)
                unproved.append(error)
    faults = [fault for _, _, fault in results if fault is not None]
    if as_json:
        print_json({"versions": len(results), "faults": list(_fault_facts(results))})
    else:
        rows = ((each, version.terminology_id, version.label, fault or "whole") for each, version, fault in results)
        print_rows(("UPSTREAM", "TERMINOLOGY", "VERSION", "STATE"), rows)
    if faults:
        click.echo(
            f"maksa: {len(faults)} of {len(results)} versions are not what the upstream has said; remove a damaged file, and"
            " the next sync brings it again",
            err=True,
        )
        context.exit(6)
    if unproved:
        context.exit(exit_code(unproved[0]))


def _fault_facts(results: Iterable[tuple[str, Version, SnapshotError | None]]) -> Iterable[dict[str, Any]]:
    for name, version, fault in results:
        if fault is not None:
            facts = {"upstream": name, "terminology_id": version.terminology_id, "label": version.label}
            yield {**facts, "error": fault.slug, "message": str(fault)}


@mirror.command()
@NAME
@with_home
def remove(name: str, *, home: Home) -> None:
    """Follow NAME no more. The versions that came from it stay, and answer as before."""
    _upstreams(home).remove(name)
    click.echo(f"{name} is followed no more; its versions stay")


def _upstreams(home: Home) -> Upstreams:
    return Upstreams(existing(home).mirrors)
