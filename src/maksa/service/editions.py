"""Which edition a question is about: the last one, unless a version is named or a date is given."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.snapshot.shelf import Edition, Terminology, View


def edition_of(
    view: View, terminology_id: str, label: str | None = None, as_of: dt.datetime | None = None
) -> Edition | UnknownTerminology | UnknownVersion:
    """The edition of *terminology_id* that is labelled *label*, or was the last one at *as_of*, or is the last one.

    Ids match in any case; labels exactly, surrounding blanks aside (contract, section 2). At the second of its
    publication a version is in force. A label says all, so a date beside it is not asked.

    Args:
        as_of: aware; the moment of which the question is.
    """
    terminology = view.terminology(terminology_id)
    if terminology is None:
        return UnknownTerminology(terminology_id)
    if label is None and as_of is None:  # what most callers ask, so it is answered here
        return terminology.last
    return edition_in(terminology, label, as_of)


def edition_in(
    terminology: Terminology, label: str | None = None, as_of: dt.datetime | None = None
) -> Edition | UnknownVersion:
    """As `edition_of`, of a terminology, or a map, that was found."""
    if label is None:
        return terminology.last if as_of is None else _in_force(terminology, as_of)
    edition = terminology.by_label.get(label) or terminology.by_label.get(label.strip())
    return edition or UnknownVersion(terminology.id, label)


def _in_force(terminology: Terminology, as_of: dt.datetime) -> Edition | UnknownVersion:
    """The last edition published at or before *as_of*: editions are in order of publication, and so are their dates."""
    count = bisect_right(terminology.editions, as_of, key=lambda edition: edition.version.published_at)
    return terminology.editions[count - 1] if count else UnknownVersion(terminology.id, as_of=as_of)
