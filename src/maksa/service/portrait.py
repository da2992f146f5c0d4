"""All that the shelf knows of one concept: what it means, where it stands, what corresponds to it, what became of it."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from maksa.model.answers import Found, Unknown, UnknownCode
from maksa.model.concept import CodedText, Concept, FormerConcept
from maksa.model.concept_map import Correspondence
from maksa.model.registry import pair_of
from maksa.model.terminology import Version
from maksa.model.tree import Above, Branch
from maksa.service.history import Event, history
from maksa.service.lookup import display_of, former_of, lookup
from maksa.service.translate import correspondences, replacements
from maksa.service.tree import tree
from maksa.snapshot.listing import is_hierarchical
from maksa.snapshot.shelf import View


class Portrait(Struct, frozen=True):
    """A concept as a version has it, and what lies about it.

    `ancestors` come from the top down; `children` are those directly below, at most as many as were asked for, and
    `has_more_children` says whether there are others. `events` are oldest first. `pair` is the same code in the other
    language's terminology, where there is one. Of a code that is no more, `former` says since when, the version is the last
    that had it, and `instead` what maps say to take in its place.
    """

    version: Version
    concept: Concept
    ancestors: tuple[Above, ...] = ()
    children: tuple[Branch, ...] = ()
    has_more_children: bool = False
    correspondences: tuple[Correspondence, ...] = ()
    events: tuple[Event, ...] = ()
    pair: CodedText | None = None
    former: FormerConcept | None = None
    instead: tuple[Correspondence, ...] = ()


def portrait(
    view: View, terminology_id: str, code: str, label: str | None = None, *, children: int = 50
) -> Found[Portrait] | Unknown:
    """The portrait of *code* in the version labelled *label*, else in the last one; where that has it no more, in the last that had.

    Raises: SnapshotError.
    """
    answer = lookup(view, terminology_id, code, label)
    if isinstance(answer, Found):
        return Found(_drawn(view, terminology_id, answer.value, label, children, None, ()))
    former = former_of(view, answer) if isinstance(answer, UnknownCode) and label is None else None
    if former is None or not isinstance(answer, UnknownCode):
        return answer
    last = lookup(view, terminology_id, code, former.last_version)
    if not isinstance(last, Found):
        return answer
    instead = tuple(replacements(view, answer))
    return Found(_drawn(view, terminology_id, last.value, former.last_version, children, former, instead))


def _drawn(
    view: View, terminology_id: str, concept: Concept, label: str | None, children: int,
    former: FormerConcept | None, instead: tuple[Correspondence, ...],
) -> Portrait:  # fmt: skip
    terminology = view.terminology(terminology_id)
    assert terminology is not None, "it has just answered"
    edition = terminology.by_label[label.strip()] if label else terminology.last
    above, below = _place(view, terminology.id, concept.code, edition.version.label, children + 1)
    events = history(view, terminology.id, concept.code)
    return Portrait(
        edition.version, concept, above, below[:children], len(below) > children,
        correspondences(view, terminology.id, concept.code),
        tuple(events.value) if isinstance(events, Found) else (),
        _in_pair(view, terminology.id, concept.code), former, instead,
    )  # fmt: skip


def _place(
    view: View, terminology_id: str, code: str, label: str, limit: int
) -> tuple[tuple[Above, ...], tuple[Branch, ...]]:
    found = tree(view, terminology_id, code, label)
    if not isinstance(found, Found):
        return (), ()
    return found.value.ancestors, tuple(islice(found.value.branches, limit))


def _in_pair(view: View, terminology_id: str, code: str) -> CodedText | None:
    other = pair_of(terminology_id)
    answer = display_of(view, other, code) if other else None
    return CodedText(other, code, answer.value) if isinstance(answer, Found) else None


def has_tree(view: View, terminology_id: str) -> bool:
    """Whether the last version of the terminology has a hierarchy. Raises: SnapshotError."""
    terminology = view.terminology(terminology_id)
    return terminology is not None and is_hierarchical(terminology.last.snapshot)
