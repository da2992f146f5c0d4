"""Which edition a question is about: the last one, unless a version is named."""

from __future__ import annotations

from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.snapshot.shelf import Edition, View


def edition_of(
    view: View, terminology_id: str, label: str | None = None
) -> Edition | UnknownTerminology | UnknownVersion:
    """The edition of *terminology_id* that is labelled *label*, the last published one where none is named.

    Ids match in any case; labels exactly, surrounding blanks aside (contract, section 2).
    """
    terminology = view.terminology(terminology_id)
    if terminology is None:
        return UnknownTerminology(terminology_id)
    if label is None:
        return terminology.last
    edition = terminology.by_label.get(label) or terminology.by_label.get(label.strip())
    return edition or UnknownVersion(terminology.id, label)
