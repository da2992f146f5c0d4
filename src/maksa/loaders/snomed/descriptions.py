"""A concept's descriptions as its display and designations: which is preferred in which language, which is fully specified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from maksa.loaders.snomed.ids import DEFINITION, FULLY_SPECIFIED, LANGUAGE_TAGS, PREFERRED
from maksa.model.concept import Designation

Row = tuple[str, str, str, str, str, str | None, str | None]
"""(concept, description, language code, type, term, language reference set, acceptability): one for each set it is in."""


_NOT_TERMS = (FULLY_SPECIFIED, DEFINITION)


class Wording(NamedTuple):
    """A description. `preferred` are the tags of the languages and dialects in which it is the preferred term."""

    language: str
    kind: str
    term: str
    tags: tuple[str, ...]
    preferred: tuple[str, ...]


class Languages:
    """The languages of a release.

    Args:
        wanted: tags or codes of the languages of displays, the first choice first.
        sets: the language reference sets of the release, each with the language codes of its descriptions.
    """

    def __init__(self, wanted: Sequence[str], sets: Iterable[tuple[str, str]]) -> None:
        self._wanted = [tag.casefold() for tag in wanted]
        dialects: dict[str, set[str]] = {}
        for refset, code in sets:
            dialects.setdefault(code, set()).add(tag_of(refset, code))
        self._has_dialects = {code for code, tags in dialects.items() if len(tags) > 1}

    def worded(self, rows: list[Row]) -> tuple[str, str, tuple[Designation, ...]] | None:
        """(display, its language, designations) of a concept; None where it has no description."""
        wordings = _wordings(rows)
        preferred = [each for each in wordings if each.preferred and each.kind not in _NOT_TERMS]
        if len(preferred) == 1:  # as nearly always
            display = preferred[0]
        elif named := [each for each in preferred or wordings if each.kind != DEFINITION]:
            display = min(named, key=self._place)
        else:
            return None
        others = tuple(self._designation(each) for each in wordings if each is not display)
        return display.term, display.language, others

    def _place(self, wording: Wording) -> tuple[int, bool, str]:
        """Those of the wanted languages come before others, fully specified names after terms."""
        tags = wording.preferred or (wording.language,)
        is_specified = wording.kind == FULLY_SPECIFIED
        return min(map(self._choice, tags)), is_specified, wording.term

    def _choice(self, tag: str) -> int:
        """The place of a tag among the wanted ones; a dialect stands for its language after all that are named."""
        folded, count = tag.casefold(), len(self._wanted)
        if folded in self._wanted:
            return self._wanted.index(folded)
        language = folded.partition("-")[0]
        return count + self._wanted.index(language) if language in self._wanted else 2 * count

    def _designation(self, wording: Wording) -> Designation:
        use = _use(wording)
        tags = (wording.preferred if use == "preferred" else wording.tags) or (wording.language,)
        is_of_one_dialect = len(tags) == 1 and wording.language in self._has_dialects
        return Designation(tags[0] if is_of_one_dialect else wording.language, wording.term, use)


def _use(wording: Wording) -> str:
    if wording.kind == FULLY_SPECIFIED:
        return "fully-specified"
    if wording.kind == DEFINITION:
        return "definition"
    return "preferred" if wording.preferred else "synonym"


def tag_of(refset: str, code: str) -> str:
    """The BCP 47 tag of a language reference set, whose descriptions have this language code."""
    return LANGUAGE_TAGS.get(refset, code)


def _wordings(rows: list[Row]) -> list[Wording]:
    """The descriptions of *rows*, which come in order of descriptions."""
    found: list[Wording] = []
    last = ""
    for _, description, code, kind, term, refset, acceptability in rows:
        tags: tuple[str, ...] = (tag_of(refset, code),) if refset else ()
        preferred = tags if acceptability == PREFERRED else ()
        if description == last:
            before = found.pop()
            tags, preferred = before.tags + tags, before.preferred + preferred
        last = description
        found.append(Wording(code, kind, term, tags, preferred))
    return found
