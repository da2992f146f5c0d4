"""A wording with the letters marked that a search asked for, whatever keyboard they were typed on."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from maksa.model.folding import alternatives, folded

_WORD = re.compile(r"[^\W_]+(?:[\u200c\u200d\u064b-\u0652]+[^\W_]*)*")


def marked(text: str, query: str) -> Markup:
    """*text*, escaped, with the beginning of each word that the query asks for in a `mark`."""
    beginnings = sorted({word for words in alternatives(query) for word in words}, key=len, reverse=True)
    if not beginnings:
        return escape(text)
    parts: list[Markup] = []
    last = 0
    for word in _WORD.finditer(text):
        count = _asked(word[0], beginnings)
        if count:
            parts += [escape(text[last : word.start()]), Markup("<mark>{}</mark>").format(word[0][:count])]
            last = word.start() + count
    return Markup("").join([*parts, escape(text[last:])])


def _asked(word: str, beginnings: list[str]) -> int:
    """How many letters of *word* one of *beginnings* asks for: as many as fold to it, all where that cannot be told."""
    plain = folded(word).partition(" ")[0]
    asked = next((each for each in beginnings if plain.startswith(each)), "")
    if not asked:
        return 0
    return next((count for count in range(len(asked), len(word)) if folded(word[:count]) == asked), len(word))
