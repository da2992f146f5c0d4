"""What a code means."""

from __future__ import annotations

import datetime as dt

from maksa.model.answers import Found, Unknown, UnknownCode
from maksa.model.concept import Concept, FormerConcept
from maksa.service.editions import edition_of
from maksa.snapshot.shelf import Edition, View


def display_of(
    view: View, terminology_id: str, code: str, label: str | None = None, as_of: dt.datetime | None = None
) -> Found[str] | Unknown:
    """The display of *code* in the version labelled *label*, or in that of *as_of*, else in the last one.

    Raises: SnapshotError.
    """
    edition = edition_of(view, terminology_id, label, as_of)
    if not isinstance(edition, Edition):
        return edition
    display = edition.display(code)
    if display is None:
        return UnknownCode(edition.version.terminology_id, edition.version.label, code)
    return Found(display)


def lookup(
    view: View, terminology_id: str, code: str, label: str | None = None, as_of: dt.datetime | None = None
) -> Found[Concept] | Unknown:
    """All that is known of *code*: designations, properties, parents, its dates; in the version that `edition_of` finds.

    Raises: SnapshotError.
    """
    edition = edition_of(view, terminology_id, label, as_of)
    if not isinstance(edition, Edition):
        return edition
    concept = edition.snapshot.concept(code.strip())
    if concept is None:
        return UnknownCode(edition.version.terminology_id, edition.version.label, code)
    return Found(concept)


def former_of(view: View, unknown: UnknownCode) -> FormerConcept | None:
    """What a code was that its version has no more; None for one that no version before it had. Raises: SnapshotError."""
    edition = edition_of(view, unknown.terminology_id, unknown.label)
    return edition.snapshot.former(unknown.code.strip()) if isinstance(edition, Edition) else None
