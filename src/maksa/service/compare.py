"""What changed between two versions of a terminology."""

from __future__ import annotations

from collections.abc import Collection

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.difference import Comparison, Kind
from maksa.service.editions import edition_of
from maksa.snapshot.difference import between
from maksa.snapshot.shelf import Edition, View


def compare(
    view: View, terminology_id: str, earlier_label: str, later_label: str, *, kinds: Collection[Kind] = ()
) -> Found[Comparison] | UnknownTerminology | UnknownVersion:
    """What the version *later_label* has otherwise than *earlier_label*: any two versions, in either order.

    Differences come by code, within a code in the order of `KINDS`.

    Args:
        kinds: the kinds of difference that are asked for; all where none is named.

    Raises: SnapshotError.
    """
    earlier = edition_of(view, terminology_id, earlier_label)
    if not isinstance(earlier, Edition):
        return earlier
    later = edition_of(view, terminology_id, later_label)
    if not isinstance(later, Edition):
        return later
    old, new = earlier.version, later.version
    return Found(Comparison(new.terminology_id, old.label, new.label, between(earlier.snapshot, later.snapshot), kinds))
