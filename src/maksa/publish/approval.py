"""What somebody has approved: one state of a draft, told from every other by its fingerprint, on top of one version.

A fingerprint is the SHA-256 of all that a draft says: its id, label, title, what a map is between, its imprint where it has
one, and each concept with its place, by code. It is summed while the rows go by, so that publishing an approved draft reads it
once, like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from maksa.catalog import Draft
from maksa.model.errors import ApprovalVoidError
from maksa.model.terminology import Imprint

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class Fingerprint:
    """The sum of a draft whose rows are still to come."""

    def __init__(self, draft: Draft) -> None:
        facts: list[object] = [draft.terminology_id, draft.label, draft.title, draft.concept_map]
        if (
            draft.imprint != Imprint()
        ):  # without one it is the sum that earlier maksas made: what they had approved holds
            facts.append(draft.imprint)
        self._sum = hashlib.sha256(_encode(facts))

    def watched(self, rows: Iterable[T]) -> Iterator[T]:
        """*rows* as they are, summed. Each is (position, concept) of a draft, or an entry of a map, in reading order."""
        update = self._sum.update
        for row in rows:
            update(_encode(row))
            yield row

    def text(self) -> str:
        """64 hexadecimal digits."""
        return self._sum.hexdigest()


def fingerprint_of(draft: Draft, rows: Iterable[object]) -> str:
    """The fingerprint of *draft*, whose *rows* are all read here."""
    fingerprint = Fingerprint(draft)
    for _ in fingerprint.watched(rows):
        pass
    return fingerprint.text()


class Approved(Struct, frozen=True):
    """The draft with this fingerprint, to follow the version *last_label* ("" where it is to be the first)."""

    fingerprint: str
    last_label: str

    def check(self, draft: Draft, found: Fingerprint) -> None:
        """Raises: ApprovalVoidError where *draft* is not what was approved."""
        if found.text() != self.fingerprint:
            reason = "it was changed after it was approved; read it again"
            raise ApprovalVoidError(terminology_id=draft.terminology_id, label=draft.label, reason=reason)

    def check_last(self, draft: Draft, last_label: str) -> None:
        """Raises: ApprovalVoidError where it would follow another version than the one it was compared with."""
        if last_label != self.last_label:
            reason = f"it was compared with {self.last_label or 'nothing'}, and the last version is {last_label!r} now"
            raise ApprovalVoidError(terminology_id=draft.terminology_id, label=draft.label, reason=reason)
