"""What changed between two versions of a terminology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.difference import KINDS, Difference, Kind
from maksa.model.terminology import Version
from maksa.service.editions import edition_of
from maksa.snapshot.difference import between
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View


class Comparison:
    """The differences between two versions; iterate it once, and `counts` is complete.

    Differences come by code, within a code in the order of `KINDS`; only of the asked kinds, where some were.
    """

    def __init__(self, earlier: Snapshot, later: Snapshot, kinds: Collection[Kind] = ()) -> None:
        self.earlier: Version = earlier.version
        self.later: Version = later.version
        self.counts: Counter[Kind] = Counter(dict.fromkeys(kinds or KINDS, 0))
        self._snapshots = earlier, later

    def __iter__(self) -> Iterator[Difference]:
        for difference in between(*self._snapshots):
            if difference.kind in self.counts:
                self.counts[difference.kind] += 1
                yield difference


def compare(
    view: View, terminology_id: str, earlier_label: str, later_label: str, *, kinds: Collection[Kind] = ()
) -> Found[Comparison] | UnknownTerminology | UnknownVersion:
    """What the version *later_label* has otherwise than *earlier_label*: any two versions, in either order.

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
    return Found(Comparison(earlier.snapshot, later.snapshot, kinds))
