"""What corresponds to a code in another terminology, by the maps on the shelf, in both directions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec.structs import replace

from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept_map import ConceptMap, Correspondence, MapEntry, Relationship, StrayCode, inverse
from maksa.model.terminology import key_of
from maksa.service.editions import edition_in
from maksa.service.lookup import display_of
from maksa.snapshot.maps import MapSnapshot
from maksa.snapshot.shelf import Edition, Terminology, View


def translate(
    view: View, terminology_id: str, code: str, to: str, *, as_of: dt.datetime | None = None
) -> Found[list[Correspondence]] | UnknownTerminology:
    """The codes of *to* that correspond to *code*, by every map between the two terminologies, whichever way it was made.

    Maps in order of definition, those from the asked terminology before those to it; within a map in its order. The list
    is empty where no map has the code. The last version of each map is asked, or the one in force at *as_of*.

    Returns: UnknownTerminology where neither the shelf nor a map has one of the two.
    Raises: SnapshotError.
    """
    code, asked, wanted = code.strip(), key_of(terminology_id), key_of(to)
    maps = [(snapshot, snapshot.concept_map) for snapshot in _maps(view, as_of)]
    for given in (terminology_id, to):
        named = {key_of(each) for _, facts in maps for each in (facts.source_id, facts.target_id)}
        if view.terminology(given) is None and key_of(given) not in named:
            return UnknownTerminology(given)
    forward = [
        _forward(snapshot, facts, entry)
        for snapshot, facts in maps
        if (key_of(facts.source_id), key_of(facts.target_id)) == (asked, wanted)
        for entry in snapshot.entries_from(code)
    ]
    backward = [
        _backward(snapshot, facts, entry)
        for snapshot, facts in maps
        if (key_of(facts.target_id), key_of(facts.source_id)) == (asked, wanted) and asked != wanted
        for entry in snapshot.entries_to(code)
    ]
    return Found([_displayed(view, each, as_of) for each in forward + backward])


def correspondences(view: View, terminology_id: str, code: str) -> tuple[Correspondence, ...]:
    """Everything that corresponds to *code*, by the last version of every map, from this terminology and to it.

    Maps in order of definition, in each the entries from the code before those to it. Raises: SnapshotError.
    """
    code, asked = code.strip(), key_of(terminology_id)
    found: list[Correspondence] = []
    for snapshot in _maps(view, None):
        facts = snapshot.concept_map
        source, target = key_of(facts.source_id), key_of(facts.target_id)
        if source == asked:
            found += [_forward(snapshot, facts, entry) for entry in snapshot.entries_from(code)]
        if target == asked and source != asked:
            found += [_backward(snapshot, facts, entry) for entry in snapshot.entries_to(code)]
    return tuple(_displayed(view, each, None) for each in found)


def _maps(view: View, as_of: dt.datetime | None) -> Iterator[MapSnapshot]:
    for each in view.maps:
        edition = edition_in(each, as_of=as_of)
        if isinstance(edition, Edition):
            yield snapshot_of(edition)


def snapshot_of(edition: Edition) -> MapSnapshot:
    """The open snapshot of a map's edition. Raises: SnapshotError."""
    snapshot = edition.snapshot
    assert isinstance(snapshot, MapSnapshot), "the shelf lists maps apart"
    return snapshot


def _forward(snapshot: MapSnapshot, facts: ConceptMap, entry: MapEntry) -> Correspondence:
    return _seen(snapshot, facts.target_id, entry.target, entry.relationship, entry)


def _backward(snapshot: MapSnapshot, facts: ConceptMap, entry: MapEntry) -> Correspondence:
    return _seen(snapshot, facts.source_id, entry.source, inverse(entry.relationship), entry)


def _seen(
    snapshot: MapSnapshot, terminology_id: str, code: str, relationship: Relationship, entry: MapEntry
) -> Correspondence:
    version = snapshot.version
    more = entry.order, entry.group, entry.rule, entry.advice
    return Correspondence(version.terminology_id, version.label, terminology_id, code, "", relationship, *more)


def _displayed(view: View, found: Correspondence, as_of: dt.datetime | None) -> Correspondence:
    answer = display_of(view, found.terminology_id, found.code, as_of=as_of)
    return replace(found, display=answer.value) if isinstance(answer, Found) else found


def replacements(view: View, unknown: UnknownCode) -> list[Correspondence]:
    """What the maps within one terminology say to take in place of a code that it has no more. Raises: SnapshotError."""
    answer = translate(view, unknown.terminology_id, unknown.code, unknown.terminology_id)
    return [each for each in answer.value if each.code] if isinstance(answer, Found) else []


def stray_codes(
    view: View, map_id: str, label: str | None = None
) -> Found[Iterator[StrayCode]] | UnknownTerminology | UnknownVersion:
    """The codes of a map that no version of their terminology has had: sources by code, then targets by code.

    A terminology that the shelf has not has no codes: all of its side are told. Raises: SnapshotError.
    """
    found = view.map(map_id)
    if found is None:
        return UnknownTerminology(map_id)
    edition = edition_in(found, label)
    if not isinstance(edition, Edition):
        return edition
    snapshot = snapshot_of(edition)
    facts = snapshot.concept_map
    return Found(_strays(view, snapshot, (("source", facts.source_id), ("target", facts.target_id))))


def _strays(
    view: View, snapshot: MapSnapshot, sides: Iterable[tuple[Literal["source", "target"], str]]
) -> Iterator[StrayCode]:
    for side, terminology_id in sides:
        terminology = view.terminology(terminology_id)
        for code in snapshot.codes(side):
            if terminology is None or not _was_ever(terminology, code):
                yield StrayCode(side, terminology_id, code)


def _was_ever(terminology: Terminology, code: str) -> bool:
    """Whether some version has had *code*: the last one has it, or remembers it."""
    last = terminology.last.snapshot
    return last.display(code) is not None or last.former(code) is not None
