"""What a draft has otherwise than the last version of its terminology."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from maksa.catalog import Catalog, Draft
from maksa.model.concept import Concept
from maksa.model.difference import Comparison, Kind, merged
from maksa.snapshot.reader import Snapshot


def review(catalog: Catalog, draft: Draft, earlier: Snapshot | None, kinds: Collection[Kind] = ()) -> Comparison:
    """*draft* compared with *earlier*; with nothing, where there is no earlier version: all of it is added then.

    Differences come by code while the draft is read. Raises: IdTakenError of a map.
    """
    return compared(draft, (concept for _, concept in catalog.draft_concepts(draft)), earlier, kinds)


def compared(
    draft: Draft, concepts: Iterable[Concept], earlier: Snapshot | None, kinds: Collection[Kind] = ()
) -> Comparison:
    """The same of the draft's *concepts*, by code, read by somebody who wants more of them."""
    old = earlier.concepts() if earlier else iter(())
    label = earlier.version.label if earlier else ""
    return Comparison(draft.terminology_id, label, draft.label, merged(old, concepts), tuple(kinds))
