"""What changed since a date, and what was defined since one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.service.editions import edition_of
from maksa.snapshot.shelf import Edition, View


def concepts_since(
    view: View,
    terminology_id: str,
    since: dt.datetime | None,
    label: str | None = None,
    as_of: dt.datetime | None = None,
) -> Found[Iterator[tuple[str, str, int]]] | UnknownTerminology | UnknownVersion:
    """(code, display, changed in seconds) of the concepts created or changed at or after *since*, all where it is None.

    Of the version that `edition_of` finds, in the wire's order: by change, then by code. The iterator may be empty.
    Raises: SnapshotError.
    Source: contract, section 2 (SearchTerminology).
    """
    edition = edition_of(view, terminology_id, label, as_of)
    if not isinstance(edition, Edition):
        return edition
    return Found(edition.snapshot.rows(since))


def terminologies_since(view: View, since: dt.datetime, as_of: dt.datetime | None = None) -> list[str]:
    """The ids of the terminologies defined at or after *since*, and no later than *as_of*, in order of definition.

    Source: contract, section 2 (CtsTerminologies).
    """
    defined = [each for each in view.terminologies if each.defined_at >= since]
    return [each.id for each in defined if as_of is None or each.defined_at <= as_of]
