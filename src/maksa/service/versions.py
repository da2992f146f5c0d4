"""Which versions a terminology has."""

from __future__ import annotations

from maksa.model.answers import Found, UnknownTerminology
from maksa.model.terminology import Version
from maksa.snapshot.shelf import View


def versions(view: View, terminology_id: str) -> Found[tuple[Version, ...]] | UnknownTerminology:
    """Every published version of *terminology_id*, in order of publication: the last one answers where none is named."""
    terminology = view.terminology(terminology_id)
    if terminology is None:
        return UnknownTerminology(terminology_id)
    return Found(tuple(edition.version for edition in terminology.editions))
