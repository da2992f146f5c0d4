"""Displays near a text that is none: a word mistyped, one too many, or their order changed."""

from __future__ import annotations

from collections.abc import Iterator

from maksa.check.code_list import CodeList
from maksa.check.likeness import likeness
from maksa.model.concept import CodedText

_NEAR = 80  # of a hundred
_WORDS = 12  # of a text that are looked for
_LEFT_OUT = 4  # words that are left out in turn, the longest first: a long word is mistyped more often
_LOOKED_AT = 10  # concepts of each search
_SUGGESTED = 3


def near_displays(code_list: CodeList, text: str) -> list[CodedText]:
    """At most three concepts whose display is like *text*, the likest first. A few questions to the search index."""
    found: dict[str, CodedText] = {}
    for asked in _with_a_word_less(text):
        for match in code_list.snapshot.search(asked, _LOOKED_AT):
            found.setdefault(match.code, CodedText(code_list.id, match.code, match.display))
    scored = sorted(((likeness(text, each.display), each) for each in found.values()), key=lambda pair: -pair[0])
    return [each for score, each in scored if score >= _NEAR][:_SUGGESTED]


def _with_a_word_less(text: str) -> Iterator[str]:
    words = text.split()[:_WORDS]
    if len(words) < 2:
        yield text[: max(3, len(text) * 2 // 3)]  # one word: its beginning, as the index knows it
        return
    for word in sorted(dict.fromkeys(words), key=len, reverse=True)[:_LEFT_OUT]:
        yield " ".join(each for each in words if each != word)
    plain = [each for each in words if not any(map(str.isdigit, each))]
    if 0 < len(plain) < len(words):
        yield " ".join(plain)  # a number is mistyped as easily as a word
