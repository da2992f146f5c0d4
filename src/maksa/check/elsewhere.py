"""Codes of another list: what a coded text is, where its terminology is not the one that it names."""

from __future__ import annotations

from collections.abc import Callable

from maksa.check.code_list import CodeList
from maksa.check.likeness import same_letters
from maksa.check.lists import Lists
from maksa.model.concept import CodedText
from maksa.model.folding import same_text

_SUGGESTED = 5


def same_elsewhere(lists: Lists, code: str, display: str, but: str) -> list[CodedText]:
    """The coded texts of other lists than *but* that have *code* with *display*, those with the very text first.

    Without a *display* there is no telling: a code such as "1" is in every list.
    """
    if not code or not display:
        return []
    found: list[tuple[bool, CodedText]] = []
    for terminology_id, now in lists.with_code(code):
        if terminology_id != but and same_letters(now, display):
            found.append((not same_text(now, display), CodedText(terminology_id, code, now)))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])][:_SUGGESTED]


Asked = Callable[[str], CodeList | None]
"""The list that a text names as its terminology, None where it names none."""

_TURNS = ((0, 2, 1), (1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1))


def turned(asked: Asked, terminology_id: str, code: str, display: str) -> CodedText | None:
    """The coded text whose parts these are in another order, where there is exactly one such order that is true."""
    parts = terminology_id, code, display
    if not all(parts):
        return None
    named = [asked(part) for part in parts]
    found: dict[CodedText, None] = {}
    for first, second, third in _TURNS:
        code_list = named[first]
        now = code_list.display(parts[second]) if code_list else None
        if code_list and now is not None and same_letters(now, parts[third]):
            found[CodedText(code_list.id, parts[second], now)] = None
    return next(iter(found)) if len(found) == 1 else None
