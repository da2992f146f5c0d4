"""What questions of the command line share: which shelf, which version or date, and how "there is none" is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NoReturn

import click

from maksa.cli.dates import moment_of
from maksa.cli.instead import instead_of
from maksa.cli.output import existing, say_no
from maksa.home import Home
from maksa.model.answers import Unknown, UnknownCode, UnknownTerminology
from maksa.model.concept import FormerConcept
from maksa.model.concept_map import Correspondence
from maksa.snapshot.shelf import Shelf, View
from maksa.wire.dates import jalali

label_option = click.option("--version", "label", metavar="LABEL", help="Ask this version, not the last one.")
at_option = click.option("--at", metavar="DATE", help="Ask the version that was in force at this date.")


def view_of(home: Home) -> View:
    """What the home's shelf holds now; where there is no home the command ends."""
    return Shelf.open(existing(home).shelf).view


def in_force(at: str | None, label: str | None = None) -> dt.datetime | None:
    """The moment that --at names, None where it was not given. Raises: click.UsageError beside --version, and for no date."""
    if at is not None and label is not None:
        raise click.UsageError("--version and --at both say which version; give one")
    return None if at is None else moment_of(at, "--at")


def say_unknown(context: click.Context, answer: Unknown, *, as_json: bool, kind: str = "terminology") -> NoReturn:
    """Ends the command: what was named is not there, and what is there instead. *kind* is "map" where a map was asked for."""
    if isinstance(answer, UnknownTerminology):
        slug, message = "unknown-terminology", f"there is no {kind} {answer.terminology_id!r}"
    elif isinstance(answer, UnknownCode):
        slug, message = "unknown-code", f"{answer.terminology_id} {answer.label} has no code {answer.code!r}"
    elif answer.as_of is not None:
        slug, message = "unknown-version", f"{answer.terminology_id} had no version yet at {jalali(answer.as_of)}"
    else:
        slug, message = "unknown-version", f"{answer.terminology_id} has no version {answer.label!r}"
    message += instead_of(answer, kind)
    say_no(context, message, {"error": slug, "message": message}, as_json=as_json)


def say_retired(
    context: click.Context,
    answer: UnknownCode,
    former: FormerConcept,
    replacements: Sequence[Correspondence],
    *,
    as_json: bool,
) -> NoReturn:
    """Ends the command: the code was there once, and what a map says to take in its place."""
    message = f"{answer.terminology_id} {answer.label} has no code {answer.code!r} any more"
    message += f": until version {former.last_version} it was {former.display!r}"
    if replacements:
        message += "; in its place: " + ", ".join(f"{each.code} ({each.display})" for each in replacements)
    facts = {"error": "unknown-code", "message": message, "former": former, "replaced_by": replacements}
    say_no(context, message, facts, as_json=as_json)
