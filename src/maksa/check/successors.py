"""What stands in the place of a code that is retired: by maps, by its own properties, by its display."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from maksa.check.code_list import CodeList
from maksa.check.lists import Lists
from maksa.model.answers import UnknownCode
from maksa.model.concept import CodedText, Concept
from maksa.model.folding import folded
from maksa.service.translate import replacements

_PROPERTIES = frozenset({
    "replacedby", "replaced", "replacement", "successor", "supersededby", "sameas", "mapto", "newcode",
    "جایگزین", "کدجایگزین", "کدجدید",
})  # fmt: skip
"""Names of properties that name a successor, without blanks and marks."""

_SUGGESTED = 3


class Successors(Struct, frozen=True):
    """The codes of the list that took the place of another. `is_certain`: the issuer names exactly one as the same."""

    texts: tuple[CodedText, ...]
    is_certain: bool


def successors_of(lists: Lists, code_list: CodeList, code: str) -> Successors:
    """What took the place of *code*, by the maps within its list, else by its properties, else by its former display.

    Only what the list has is named. Raises: SnapshotError.
    """
    unknown = UnknownCode(code_list.id, code_list.label, code)
    mapped = [each for each in replacements(lists.view, unknown) if each.code != code]
    concept = _last_state(code_list, code)
    said = {each.code: each.relationship == "equivalent" for each in mapped} or dict.fromkeys(
        _by_properties(concept), True
    )
    present = code_list.displays(list(said))
    texts = tuple(CodedText(code_list.id, each, present[each]) for each in said if each in present)
    if texts:
        return Successors(texts[:_SUGGESTED], len(texts) == len(said) == 1 and all(said.values()))
    alike = code_list.wordings.of(concept.display) if concept else []
    renamed = [
        CodedText(code_list.id, each.code, each.display) for each in alike if each.is_display and each.code != code
    ]
    return Successors(tuple(renamed[:_SUGGESTED]), is_certain=False)


def _last_state(code_list: CodeList, code: str) -> Concept | None:
    """The concept of *code* in the version that is asked, else in the last one before it that had it."""
    concept = code_list.concept(code)
    if concept is None:
        earlier = (edition.snapshot.concept(code) for edition in code_list.before())
        concept = next((each for each in earlier if each is not None), None)
    return concept


def _by_properties(concept: Concept | None) -> Iterator[str]:
    for each in concept.properties if concept else ():
        if folded(each.name).replace(" ", "").replace("_", "") in _PROPERTIES:
            yield each.value.strip()
