"""What a status column says of a concept, in FHIR's words (PublicationStatus)."""

from __future__ import annotations

from functools import cache

from maksa.model.folding import folded

SAID = {
    "active": ("", "active", "فعال"),
    "draft": ("draft", "پیش‌نویس"),
    "retired": ("retired", "inactive", "deprecated", "غیرفعال", "غیر فعال", "منسوخ"),
}


def status_of(cell: str) -> str | None:
    """One of active, draft and retired: active for a blank cell, None for words that are not known."""
    return _statuses().get(folded(cell))


@cache
def _statuses() -> dict[str, str]:
    return {folded(said): status for status, many in SAID.items() for said in many}
