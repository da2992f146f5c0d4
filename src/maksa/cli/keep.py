"""Keeping what was published: verify, backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from maksa.cli import archive
from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.cli.progress import Steps
from maksa.home import Home
from maksa.model.errors import SnapshotError
from maksa.model.terminology import Version
from maksa.snapshot.verify import verify as verified

FILE = click.argument("file", type=click.Path(path_type=Path, readable=False))


@click.command()
@as_json
@with_home
@click.pass_context
def verify(context: click.Context, *, home: Home, as_json: bool) -> None:
    """Check every byte of every published version; the exit code is 6 where one is damaged."""
    results: list[tuple[Version, SnapshotError | None]] = []
    with Steps(unit="versions") as steps:
        for result in verified(existing(home).shelf):
            results.append(result)
            steps("verified", len(results))
    faults = [fault for _, fault in results if fault is not None]
    if as_json:
        print_json({"versions": len(results), "faults": [_fault_facts(*result) for result in results if result[1]]})
    else:
        print_rows(
            ("TERMINOLOGY", "VERSION", "STATE"), ((v.terminology_id, v.label, fault or "whole") for v, fault in results)
        )
    if faults:
        click.echo(f"maksa: {len(faults)} of {len(results)} versions are damaged", err=True)
        context.exit(6)


def _fault_facts(version: Version, fault: SnapshotError | None) -> dict[str, object]:
    slug = fault.slug if fault else ""
    return {"terminology_id": version.terminology_id, "label": version.label, "error": slug, "message": str(fault)}


@click.command()
@FILE
@as_json
@with_home
def backup(file: Path, *, home: Home, as_json: bool) -> None:
    """Write the whole home into FILE: snapshots, drafts, accounts and settings.

    It may run while everything else does. FILE must not exist, and is as secret as the accounts in it.
    """
    with Steps(unit="files") as steps:
        versions = archive.write(existing(home), file, steps)
    _done({"file": str(file), "versions": versions, "bytes": file.stat().st_size}, as_json=as_json)


@click.command()
@FILE
@as_json
@with_home
def restore(file: Path, *, home: Home, as_json: bool) -> None:
    """Make a home from FILE, which `maksa backup` wrote. The home must be new or empty; every digest is checked first."""
    with Steps(unit="files") as steps:
        versions = archive.read(file, home, steps)
    _done({"home": str(home.path), "versions": versions}, as_json=as_json)


def _done(facts: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        click.echo("  ".join(f"{name}: {value}" for name, value in facts.items()))
