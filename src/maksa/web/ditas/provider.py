"""The provider behind the gateway: what each function is asked, it asks `service`, and writes the answer down.

Rules of this file:
- a handler is a table's row: (view, what is asked) → the answer's bytes, or a `Tail` of a prepared body to be sent;
- what is not there is NOTHING: a 404 inside a 200.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from maksa.model.answers import Found
from maksa.model.concept import CodedText
from maksa.service.editions import edition_of
from maksa.service.lookup import display_of
from maksa.service.since import terminologies_since
from maksa.service.validate import validate_code
from maksa.service.versions import versions
from maksa.snapshot.shelf import Edition, View
from maksa.wire.ditas.answers import FALSE, NOTHING, TRUE, ids_answer, value_answer, versions_answer
from maksa.wire.ditas.bodies import ChangedSince, DefinedSince, Lookup, VersionList, VersionLookup, WholeVersion


class Tail(Struct, frozen=True, gc=False):
    """A version's prepared body, from the concepts changed at or after `since` on (seconds since 1970), whole for None."""

    edition: Edition
    since: float | None


TAILS = ("SearchTerminology", "TerminologiesTermByVersion")
"""The functions that answer with a prepared body."""

Handler = Callable[[View, Any], bytes | Tail]


def handlers(*, exact_display: bool) -> dict[str, Handler]:
    """The handler of each function, by its name in the guide. *exact_display*: ValidateCts compares texts as they are."""

    def validate(view: View, asked: CodedText) -> bytes:
        answer = validate_code(view, asked, exact=exact_display)
        if not isinstance(answer, Found):
            return NOTHING
        return TRUE if answer.value else FALSE

    return {
        "Terminology": _last_value,
        "SearchTerminology": _changed_since,
        "ValidateCts": validate,
        "CtsTerminologies": _defined_since,
        "TerminologyValueByVersion": _value_in_version,
        "TerminologiesTermByVersion": _whole_version,
        "TerminologyVersions": _versions,
    }


def _last_value(view: View, asked: Lookup) -> bytes:
    answer = display_of(view, asked.terminology_id, asked.code)
    return value_answer(answer.value) if isinstance(answer, Found) else NOTHING


def _value_in_version(view: View, asked: VersionLookup) -> bytes:
    answer = display_of(view, asked.terminology_id, asked.code, asked.label)
    return value_answer(answer.value) if isinstance(answer, Found) else NOTHING


def _changed_since(view: View, asked: ChangedSince) -> bytes | Tail:
    edition = edition_of(view, asked.terminology_id)
    return Tail(edition, asked.since.timestamp()) if isinstance(edition, Edition) else NOTHING


def _whole_version(view: View, asked: WholeVersion) -> bytes | Tail:
    edition = edition_of(view, asked.terminology_id, asked.label)
    return Tail(edition, None) if isinstance(edition, Edition) else NOTHING


def _defined_since(view: View, asked: DefinedSince) -> bytes:
    return ids_answer(terminologies_since(view, asked.since))


def _versions(view: View, asked: VersionList) -> bytes:
    answer = versions(view, asked.terminology_id)
    return versions_answer(answer.value) if isinstance(answer, Found) else NOTHING
