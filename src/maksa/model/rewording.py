"""Which words of a display are others than they were. For people who read two versions side by side.

Rules of this file:
- a word is marked whole: half of one says nothing, and a half-space or a diacritic alone cannot be seen;
- numbers keep their separators: of 2.5 and 2.6 all is marked, not a digit;
- the kept and gone pieces are the earlier text to the letter, the kept and come ones the later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec import Struct

from maksa.model.folding import HALF_SPACES

Mark = Literal["kept", "gone", "come"]


class Piece(Struct, frozen=True, gc=False):
    """A run of a text: in both ("kept"), in the earlier alone ("gone"), or in the later alone ("come")."""

    mark: Mark
    text: str


_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640"
_TOKEN = re.compile(rf"(?:\d+[.,/٫٬](?=\d))*\w[\w{_MARKS}{HALF_SPACES}]*|\s+|.", re.DOTALL)
_MOST_PAIRS = 40_000  # of words that are held against each other; past it the middle is one change


def rewording(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one run of pieces in reading order; where they part, what has gone stands before what has come.

    No piece is empty, no two neighbours have the same mark. Empty for two empty texts.
    """
    earlier, later = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _alike(earlier, later)
    tail = _alike(earlier[head:][::-1], later[head:][::-1])
    middle = earlier[head : len(earlier) - tail], later[head : len(later) - tail]
    runs = [_kept(earlier[:head]), *_runs(*middle), _kept(earlier[len(earlier) - tail :])]
    return tuple(_pieces(runs))


class _Run(NamedTuple):
    """What the earlier text and the later one have in one place."""

    is_kept: bool
    gone: str
    come: str


def _kept(tokens: list[str]) -> _Run:
    text = "".join(tokens)
    return _Run(True, text, text)


def _alike(these: list[str], those: list[str]) -> int:
    """How many tokens the two begin with alike."""
    count = 0
    for this, that in zip(these, those, strict=False):
        if this != that:
            break
        count += 1
    return count


def _runs(earlier: list[str], later: list[str]) -> Iterator[_Run]:
    """The two side by side; they begin and end otherwise. Blanks and signs that stayed between two changes are part of them."""
    if len(earlier) * len(later) > _MOST_PAIRS:
        yield _Run(False, "".join(earlier), "".join(later))
        return
    for tag, i, j, k, n in SequenceMatcher(None, earlier, later, autojunk=False).get_opcodes():
        stays = tag == "equal" and any(token[0].isalnum() for token in earlier[i:j])
        yield _Run(stays, "".join(earlier[i:j]), "".join(later[k:n]))


def _pieces(runs: list[_Run]) -> Iterator[Piece]:
    filled = (run for run in runs if run.gone or run.come)
    for is_kept, together in groupby(filled, key=attrgetter("is_kept")):
        _, gone, come = ("".join(map(str, texts)) for texts in zip(*together, strict=True))
        marked: tuple[tuple[Mark, str], ...] = (("kept", gone),) if is_kept else (("gone", gone), ("come", come))
        yield from (Piece(mark, text) for mark, text in marked if text)
