"""What somebody may have meant who named something that is not there."""

from __future__ import annotations

import difflib
from itertools import islice

from maksa.model.answers import Found, UnknownCode, UnknownTerminology
from maksa.model.concept import Match
from maksa.model.terminology import key_of
from maksa.service.editions import edition_of
from maksa.service.search import search
from maksa.snapshot.shelf import Edition, View


def nearest_terminologies(view: View, unknown: UnknownTerminology, limit: int = 5) -> list[str]:
    """Ids of the shelf that are spelled much like the unknown one, the likest first; perhaps none."""
    by_key = {key_of(each.id): each.id for each in view.terminologies}
    return [by_key[key] for key in difflib.get_close_matches(key_of(unknown.terminology_id), by_key, limit, 0.6)]


def nearest_codes(view: View, unknown: UnknownCode, limit: int = 8) -> list[Match]:
    """Concepts of the version whose code begins as the unknown one does, longest beginning first, or that its text finds.

    A beginning of less than half the code is no likeness. Raises: SnapshotError.
    """
    edition = edition_of(view, unknown.terminology_id, unknown.label)
    if not isinstance(edition, Edition):
        return []
    code = unknown.code.strip()[:64]
    answer = search(view, code, edition.version.terminology_id, limit=limit, label=edition.version.label)
    found = {match.code: match for match in answer.value} if isinstance(answer, Found) else {}
    for length in range(len(code) - 1, (len(code) - 1) // 2, -1):
        if len(found) >= limit:
            break
        for like, display, status in edition.snapshot.codes_from(code[:length], limit):
            found.setdefault(like, Match(edition.version.terminology_id, like, display, like, "", 0, status=status))
    return list(islice(found.values(), limit))
