"""Questions about what is published: terminologies, versions, lookup, validate."""

from __future__ import annotations

from typing import Any

import click

from maksa.cli.asking import at_option, in_force, label_option, say_retired, say_unknown, view_of
from maksa.cli.output import as_json, print_json, print_rows, say_no, with_home
from maksa.home import Home
from maksa.model.answers import Found, UnknownCode
from maksa.model.concept import CodedText, Concept
from maksa.model.errors import SnapshotError
from maksa.model.registry import KnownTerminology, known_terminologies
from maksa.model.terminology import Imprint, Version
from maksa.service.lookup import former_of
from maksa.service.lookup import lookup as look_up
from maksa.service.translate import replacements
from maksa.service.validate import validate_code
from maksa.service.versions import versions as versions_of
from maksa.snapshot.shelf import Terminology
from maksa.wire.dates import jalali


@click.command()
@click.option("--known", "asks_known", is_flag=True, help="List those that the documents name, published or not.")
@as_json
@with_home
def terminologies(*, asks_known: bool, home: Home, as_json: bool) -> None:
    """List the published terminologies in order of definition."""
    if asks_known:
        _print_known(as_json=as_json)
        return
    known = view_of(home).terminologies
    if as_json:
        print_json([_terminology_facts(each) for each in known])
        return
    columns = ("TERMINOLOGY", "LAST VERSION", "CONCEPTS", "PUBLISHED", "TITLE")
    print_rows(columns, (_terminology_row(each) for each in known))


def _print_known(*, as_json: bool) -> None:
    if as_json:
        print_json(known_terminologies())
        return
    columns = ("TERMINOLOGY", "TITLE", "TITLE (FA)", "ISSUER", "ADDRESS", "HIERARCHY", "LICENCE")
    print_rows(columns, (_known_row(each) for each in known_terminologies()))


def _known_row(each: KnownTerminology) -> tuple[str, ...]:
    hierarchy = "*" if each.hierarchical else ""
    return (each.id, each.title_en, each.title_fa, each.issuer, each.url, hierarchy, each.licence)


def _terminology_row(each: Terminology) -> tuple[object, ...]:
    last = each.last.version
    return (each.id, last.label, f"{last.concepts}", jalali(last.published_at), each.title)


def _terminology_facts(each: Terminology) -> dict[str, Any]:
    imprint = _imprint_of(each)
    return {
        "terminology_id": each.id,
        "title": each.title,
        "issuer": imprint.issuer,
        "licence": imprint.licence,
        "defined_at": each.defined_at,
        "versions": len(each.editions),
        "last": version_facts(each.last.version, is_last=True),
    }


def _imprint_of(each: Terminology) -> Imprint:
    """What its last version says of its issuer and licence; nothing where its file is damaged: a listing goes on."""
    try:
        return each.last.snapshot.imprint
    except SnapshotError:
        return Imprint()


def version_facts(version: Version, *, is_last: bool) -> dict[str, Any]:
    """A version as --json prints it: `id` and `version_id` are the wire's."""
    return {
        "terminology_id": version.terminology_id,
        "kind": version.kind,
        "label": version.label,
        "id": version.row,
        "version_id": version.number,
        "is_last": is_last,
        "published_at": version.published_at,
        "concepts": version.concepts,
        "title": version.title,
        "notice": version.notice,
        "digest": version.digest,
        "size": version.size,
    }


@click.command()
@click.argument("terminology_id", metavar="ID")
@as_json
@with_home
@click.pass_context
def versions(context: click.Context, terminology_id: str, *, home: Home, as_json: bool) -> None:
    """List the versions of the terminology ID in order of publication."""
    answer = versions_of(view_of(home), terminology_id)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    last = answer.value[-1]
    if as_json:
        print_json([version_facts(each, is_last=each is last) for each in answer.value])
        return
    columns = ("VERSION", "VERSION ID", "CONCEPTS", "PUBLISHED", "NOTICE", "NOTICE DATE", "LAST")
    print_rows(columns, (_version_row(each, last) for each in answer.value))


def _version_row(each: Version, last: Version) -> tuple[object, ...]:
    notice_date = jalali(each.notice.date) if each.notice.date else ""
    published = jalali(each.published_at)
    return (
        each.label,
        each.number,
        each.concepts,
        published,
        each.notice.number,
        notice_date,
        "*" if each is last else "",
    )


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("code")
@label_option
@at_option
@as_json
@with_home
@click.pass_context
def lookup(
    context: click.Context,
    terminology_id: str,
    code: str,
    *,
    label: str | None,
    at: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Show what CODE means in the terminology ID."""
    view = view_of(home)
    answer = look_up(view, terminology_id, code, label, in_force(at, label))
    if isinstance(answer, UnknownCode) and (former := former_of(view, answer)):
        say_retired(context, answer, former, replacements(view, answer), as_json=as_json)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    if as_json:
        print_json(answer.value)
    else:
        print_rows(("FIELD", "VALUE"), _concept_rows(answer.value))


def _concept_rows(concept: Concept) -> list[tuple[str, str]]:
    rows = [("code", concept.code), ("display", concept.display), ("status", concept.status)]
    rows += [(f"designation ({each.language})", each.value) for each in concept.designations]
    rows += [(each.name, each.value) for each in concept.properties]
    rows += [("parent", each) for each in concept.parents]
    dates = (("created", concept.created), ("changed", concept.changed))
    return rows + [(name, jalali(date)) for name, date in dates if date]


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("code")
@click.argument("display")
@label_option
@at_option
@as_json
@with_home
@click.pass_context
def validate(
    context: click.Context,
    terminology_id: str,
    code: str,
    display: str,
    *,
    label: str | None,
    at: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Say whether CODE of the terminology ID has this DISPLAY; the exit code is 0 for yes, 1 for no."""
    view, as_of = view_of(home), in_force(at, label)
    answer = validate_code(view, CodedText(terminology_id, code.strip(), display), label, as_of=as_of)
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    actual = look_up(view, terminology_id, code, label, as_of)
    now = actual.value.display if isinstance(actual, Found) else None
    facts = {"valid": answer.value, "display": now}
    if not answer.value:
        said = f"no: {code} is {now!r}" if now is not None else f"no: there is no code {code!r}"
        say_no(context, said, facts, as_json=as_json)
    if as_json:
        print_json(facts)
    else:
        click.echo("yes")
