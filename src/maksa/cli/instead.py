"""What there is, where what was named is not: a draft that waits, the labels of versions, a map for a terminology."""

from __future__ import annotations

from contextlib import suppress

import click

from maksa.cli.output import HOME
from maksa.home import Home
from maksa.model.answers import Unknown, UnknownTerminology, UnknownVersion
from maksa.model.errors import MaksaError
from maksa.model.terminology import key_of
from maksa.snapshot.shelf import Shelf, View

_SHOWN = 5  # labels, the last ones


def instead_of(answer: Unknown, kind: str) -> str:
    """The rest of the line that says *answer* of a terminology or map (*kind*): "; it is a draft: …"; "" where nothing is near."""
    home: Home | None = click.get_current_context().meta.get(HOME)
    if home is None:
        return ""
    if isinstance(answer, UnknownTerminology):
        return _of_another_kind(Shelf.open(home.shelf).view, answer.terminology_id, kind) or _drafted(home, answer)
    if isinstance(answer, UnknownVersion) and answer.as_of is None:
        return _drafted(home, answer) or _labelled(Shelf.open(home.shelf).view, answer.terminology_id)
    return ""


def _of_another_kind(view: View, given: str, kind: str) -> str:
    if kind == "map":
        return "; it is a terminology" if view.terminology(given) else ""
    return f"; it is a map: maksa map list, maksa export {given} --map" if view.map(given) else ""


def _labelled(view: View, given: str) -> str:
    found = view.terminology(given) or view.map(given)
    labels = [edition.version.label for edition in found.editions] if found else []
    return f"; it has {'… ' if len(labels) > _SHOWN else ''}{', '.join(labels[-_SHOWN:])}" if labels else ""


def _drafted(home: Home, answer: UnknownTerminology | UnknownVersion) -> str:
    """What leads on where the catalog has a draft of it. A catalog that is not there, or cannot be opened, has none."""
    wanted = answer.label.strip() if isinstance(answer, UnknownVersion) else None
    for terminology_id, label in _drafts(home):
        if key_of(terminology_id) == key_of(answer.terminology_id) and wanted in (None, label):
            does = "draft review" if click.get_current_context().info_name == "compare" else "publish"
            return f"; {'it is' if wanted else f'{label} is'} a draft: maksa {does} {terminology_id} {label}"
    return ""


def _drafts(home: Home) -> list[tuple[str, str]]:
    with suppress(
        MaksaError, ModuleNotFoundError
    ):  # asking what is published needs no catalog, nor what it is made with
        from maksa.cli.joined import drafts_of, settings_of

        if settings_of(home).catalog_url or home.catalog_file.exists():
            with drafts_of(home) as catalog:
                return [(each.terminology_id, each.label) for each in catalog.drafts()]
    return []
