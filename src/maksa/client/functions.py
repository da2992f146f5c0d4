"""The seven functions, each described once: what is asked, and what the answer to it is. `Maksa` and `AsyncMaksa` share them.

Nothing found is what comes back, not an error. Errors of all of them: RequestError before anything is sent;
TransportError, RefusedError, UnreadableAnswerError of the call; AccessError where the account itself is refused.
Source: guide, tables 8 to 16; contract, section 2.
"""

from __future__ import annotations

from maksa.client.arriving import Whole, opened
from maksa.client.caller import Caller
from maksa.client.questions import When, filled, moment_of, text_of
from maksa.client.steps import Plan
from maksa.model.answers import Found, NothingFound, UnknownTerminology
from maksa.model.concept import CodedText
from maksa.wire.ditas.bodies import ChangedSince, DefinedSince, Lookup, VersionList, VersionLookup, WholeVersion
from maksa.wire.ditas.envelope import VersionRow
from maksa.wire.ditas.functions import (
    CTS_TERMINOLOGIES,
    SEARCH_TERMINOLOGY,
    TERMINOLOGIES_TERM_BY_VERSION,
    TERMINOLOGY,
    TERMINOLOGY_VALUE_BY_VERSION,
    TERMINOLOGY_VERSIONS,
    VALIDATE_CTS,
)
from maksa.wire.ditas.replies import ids_of, truth_of, value_of, version_rows_of

ALWAYS = "1300/01/01"
"""A date before every terminology."""


def display_of(
    caller: Caller, terminology_id: str, code: str, version: str | None = None
) -> Plan[Found[str] | NothingFound]:
    """The display of *code* in the version labelled *version*, in the last one where it is None.

    NothingFound where the terminology, the version or the code is not known; the wire does not say which.
    """
    terminology_id, code = _id(terminology_id), filled(code, field="code")
    if version is None:
        asked = caller.called(TERMINOLOGY, Lookup(terminology_id, code), value_of)
    else:
        label = filled(version, field="version")
        question = VersionLookup(terminology_id, code, label)
        asked = caller.called(TERMINOLOGY_VALUE_BY_VERSION, question, value_of)
    display = yield from asked
    return NothingFound(terminology_id, version or "", code) if display is None else Found(display)


def validate_code(
    caller: Caller, terminology_id: str, code: str, display: str
) -> Plan[Found[bool] | UnknownTerminology]:
    """Whether *code* has this *display* in the last version; an unknown code has none.

    Displays compare as the same text typed on another keyboard (contract, section 2).
    """
    code, display = filled(code, field="code"), text_of(display, field="display")
    text = CodedText(_id(terminology_id), code, display)
    judgement = yield from caller.called(VALIDATE_CTS, text, truth_of)
    return UnknownTerminology(text.terminology_id) if judgement is None else Found(judgement)


def versions(caller: Caller, terminology_id: str) -> Plan[Found[tuple[VersionRow, ...]] | UnknownTerminology]:
    """The versions of a terminology, in order of publication; `is_last` is true of one."""
    question = VersionList(_id(terminology_id))
    rows = yield from caller.called(TERMINOLOGY_VERSIONS, question, version_rows_of)
    return Found(tuple(rows)) if rows else UnknownTerminology(question.terminology_id)


def terminologies_since(caller: Caller, since: When = ALWAYS) -> Plan[tuple[str, ...]]:
    """The ids of the terminologies defined at or after *since*, in order of definition; all of them where it is left out."""
    question = DefinedSince(moment_of(since, field="since"))
    return tuple((yield from caller.called(CTS_TERMINOLOGIES, question, ids_of)))


def concepts(caller: Caller, terminology_id: str, version: str, *, if_none_match: str = "") -> Plan[Whole]:
    """Every concept of the version labelled *version*, as it arrives, in order of last change and then of code.

    *if_none_match* is the `etag` of an earlier answer: where it is still so, `is_unchanged` is true and nothing arrives.
    Only maksa gives etags; another gateway sends all again.
    """
    question = WholeVersion(_id(terminology_id), filled(version, field="version"))
    absence = NothingFound(question.terminology_id, question.label)
    return opened(caller, TERMINOLOGIES_TERM_BY_VERSION, question, absence, if_none_match)


def concepts_since(caller: Caller, terminology_id: str, since: When, *, if_none_match: str = "") -> Plan[Whole]:
    """The concepts of the last version created or changed at or after *since*, as they arrive, oldest change first.

    `asked_at` of what comes back is the *since* of the next question: what changes between the two is in one of them, or in
    both. Nothing changed and an unknown terminology look alike on the wire.
    """
    question = ChangedSince(_id(terminology_id), moment_of(since, field="since"))
    return opened(caller, SEARCH_TERMINOLOGY, question, NothingFound(question.terminology_id), if_none_match)


def _id(terminology_id: str) -> str:
    return filled(terminology_id, field="terminology_id")
