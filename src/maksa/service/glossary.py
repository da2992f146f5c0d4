"""A question in everyday Persian in the words that lists in English have: «فشار خون» is hypertension, «دیابت نوع ۲» type 2 diabetes.

Rules of this file:
- a question is put into English whole or not at all: half of one would find something else;
- of several entries the longest wins; numbers stay.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from maksa.model.folding import alternatives

_LONGEST = 8  # words of a question


def in_english(text: str) -> str:
    """*text* in English, in the order of its words; "" where the glossary has not all of it."""
    words = (alternatives(text) or [[]])[-1]
    if not 0 < len(words) <= _LONGEST:
        return ""
    entries, english = _entries(), list[str]()
    at = 0
    while at < len(words):
        size = next((size for size in range(len(words) - at, 0, -1) if tuple(words[at : at + size]) in entries), 0)
        if size:
            english.append(entries[tuple(words[at : at + size])])
        elif words[at].isdigit():
            english.append(words[at])
        else:
            return ""
        at += max(size, 1)
    return "" if all(word.isdigit() for word in words) else " ".join(english)


@cache
def _entries() -> dict[tuple[str, ...], str]:
    """The glossary's English by the folded words of the Persian."""
    sections = tomllib.loads(files(__package__).joinpath("glossary.toml").read_text("utf-8"))
    pairs = ((persian, english) for section in sections.values() for persian, english in section.items())
    return {tuple(choice): english for persian, english in pairs for choice in alternatives(persian)}
