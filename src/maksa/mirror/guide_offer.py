"""What a service that speaks only the guide offers, held against what it had offered before. Pure.

Rules of this file:
- a terminology or a version that was offered once is offered for ever, with the same numbers, and the last version never
  goes back to one that came before it: a terminology of which anything else is offered is held back;
- the guide's rows have no dates, so their order is that of `id`, the row of publication, with the one marked last at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from maksa.model.errors import PublishedChangedError, RollbackError, UpstreamContradictionError
from maksa.model.terminology import key_of


class OfferedVersion(Struct, frozen=True):
    """A version as TerminologyVersions lists it: its label, its `VersionId` and its `id`."""

    label: str
    number: int
    row: int


class ListedRow(Protocol):
    """A row of TerminologyVersions, as the client has it."""

    @property
    def row(self) -> int: ...
    @property
    def terminology_id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def is_last(self) -> bool: ...


class Offer(Struct, frozen=True):
    """A terminology with its versions, oldest first; the last one answers where none is named. No versions: it has none."""

    terminology_id: str
    versions: tuple[OfferedVersion, ...] = ()

    @classmethod
    def of(cls, upstream: str, terminology_id: str, rows: Sequence[ListedRow]) -> Offer:
        """The offer in *rows*. Raises: UpstreamContradictionError, where they cannot be versions of one terminology."""
        what = _contradiction(terminology_id, rows)
        if what:
            raise UpstreamContradictionError(upstream=upstream, what=what)
        in_order = sorted(rows, key=lambda row: (row.is_last, row.row))
        return cls(terminology_id, tuple(OfferedVersion(row.label.strip(), row.number, row.row) for row in in_order))

    @property
    def last(self) -> OfferedVersion:
        return self.versions[-1]

    @property
    def key(self) -> str:
        return key_of(self.terminology_id)


def _contradiction(terminology_id: str, rows: Sequence[ListedRow]) -> str:
    """What of *rows* cannot be; empty for nothing."""
    others = [row.terminology_id for row in rows if key_of(row.terminology_id) != key_of(terminology_id)]
    if others:
        return f"a version of {others[0]!r} among those of {terminology_id}"
    for name, values in (
        ("label", [row.label.strip() for row in rows]),
        ("VersionId", [row.number for row in rows]),
        ("id", [row.row for row in rows]),
    ):
        value, times = Counter(values).most_common(1)[0] if rows else ("", 0)
        if times > 1:
            return f"{times} versions of {terminology_id} with the {name} {value!r}"
    last = [row.label for row in rows if row.is_last]
    return f"{len(last)} versions of {terminology_id} marked as the last one" if rows and len(last) != 1 else ""


def check_forward(upstream: str, before: Offer, offer: Offer | None) -> None:
    """Returns where *offer* may follow the one *before* of the same terminology. Raises: RollbackError, PublishedChangedError."""
    if not before.versions:
        return
    if offer is None or not offer.versions:
        raise RollbackError(
            upstream=upstream, what="no version of", offered=before.terminology_id, known=repr(before.last.label)
        )
    _check_versions(upstream, before, offer)


def _check_versions(upstream: str, before: Offer, offer: Offer) -> None:
    now = {version.label: version for version in offer.versions}
    for version in before.versions:
        found = now.get(version.label)
        if found is None:
            raise RollbackError(
                upstream=upstream,
                what=f"{offer.terminology_id} without {version.label!r}, versions:",
                offered=len(offer.versions),
                known=len(before.versions),
            )
        if found != version:
            raise PublishedChangedError(
                upstream=upstream,
                terminology_id=offer.terminology_id,
                label=version.label,
                offered=_numbers(found),
                known=_numbers(version),
            )
    if offer.last != before.last and offer.last in before.versions:
        raise RollbackError(
            upstream=upstream,
            what=f"as the last version of {offer.terminology_id}",
            offered=repr(offer.last.label),
            known=repr(before.last.label),
        )


def _numbers(version: OfferedVersion) -> str:
    return f"VersionId {version.number}, id {version.row}"
