"""Codes near a code that a list has not: written otherwise, made a number by a spreadsheet, or mistyped by one key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from maksa.check.code_list import CodeList
from maksa.check.likeness import likeness
from maksa.check.numbers import in_full
from maksa.model.digits import latin_digits

_SEPARATORS = re.compile(r"[\s.\-/_,\u200c\u066b\u2010-\u2015]+")
_FLOAT = re.compile(r"(\d+)\.0+")
_ZEROS = range(8)  # leading zeros that are tried
_LONGEST = 40  # characters of a code that is looked at closely
_DIGITS, _CAPITALS, _SMALL = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_ALIKE = {"O": "0", "o": "0", "0": "O", "I": "1", "l": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B", "Z": "2"}
_LIKE = 50  # of a hundred: displays that are less like each other are not
_SUGGESTED = 3
_SUREST = ("code-digits", "code-number", "code-case", "code-punctuation", "code-zeros")


class Candidate(Struct, frozen=True, gc=False):
    """A code of the list that may have been meant. `slug` says how it differs; `likeness` is that of the displays, of 100."""

    slug: str
    code: str
    display: str
    likeness: float


def spelled(code_list: CodeList, code: str, display: str) -> list[Candidate]:
    """The codes that are *code* written otherwise: the surest way first, within a way by likeness of the display."""
    if not code or len(code) > _LONGEST:
        return []
    ways = list(_ways(code))
    found = code_list.displays([other for _, other in ways if other != code])
    if not found:
        return []
    surest = {other: slug for slug, other in reversed(ways)}
    candidates = [Candidate(surest[other], other, now, likeness(display, now)) for other, now in found.items()]
    return sorted(candidates, key=lambda each: (_SUREST.index(each.slug), -each.likeness, each.code))


def mistyped(code_list: CodeList, code: str, display: str) -> list[Candidate]:
    """At most three codes of the list that one key sets apart from *code*: one too many, too few, another, two in the wrong order.

    By likeness of the displays, where they are alike, then those that look alike, then by code. About two hundred codes are
    asked for in one question.
    """
    found = code_list.displays(one_key_away(code))
    candidates = [Candidate("near-code", other, now, likeness(display, now)) for other, now in found.items()]
    return sorted(candidates, key=partial(_farness, set(_looking_alike(code))))[:_SUGGESTED]


def _farness(looking_alike: set[str], each: Candidate) -> tuple[float, bool, str]:
    return -each.likeness if each.likeness > _LIKE else 0.0, each.code not in looking_alike, each.code


def breaks(code: str) -> tuple[int, ...]:
    """The places, counted without them, at which dots, dashes or blanks stand in *code*: (3,) for A00.0."""
    ends = [found.end() for found in _SEPARATORS.finditer(code)]
    return tuple(len(_SEPARATORS.sub("", code[:end])) for end in ends)


def _ways(code: str) -> Iterator[tuple[str, str]]:
    """(slug, code written so), the surest ways first."""
    latin = latin_digits(code)
    yield "code-digits", latin
    if number := _FLOAT.fullmatch(latin):
        yield "code-number", number[1]
    if whole := in_full(latin):
        yield "code-number", whole
    yield "code-case", latin.upper()
    yield "code-case", latin.lower()
    for base in dict.fromkeys((latin, latin.upper(), latin.lower())):
        bare = _SEPARATORS.sub("", base)
        yield "code-punctuation", bare
        for mark in ".-":
            yield "code-punctuation", _SEPARATORS.sub(mark, base).strip(mark)
            for place in range(1, len(bare)):
                yield "code-punctuation", f"{bare[:place]}{mark}{bare[place:]}"
    bare = (number[1] if number else latin).lstrip("0")
    for zeros in _ZEROS:
        yield "code-zeros", "0" * zeros + bare


def _looking_alike(code: str) -> Iterator[str]:
    """*code* with another key that looks nearly so, or with two in the other order."""
    for place, letter in enumerate(code):
        yield code[:place] + code[place + 1 : place + 2] + letter + code[place + 2 :]
        for other in _ALIKE.get(letter, ""):
            yield code[:place] + other + code[place + 1 :]


def one_key_away(code: str) -> list[str]:
    """What one key sets apart from *code*, in no order, some of it twice; none of a code that is too long to be one."""
    if not code or len(code) > _LONGEST:
        return []
    keys = "".join(letters for letters in (_DIGITS, _CAPITALS, _SMALL) if any(letter in letters for letter in code))
    halves = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    with_another = [before + key + after[1:] for before, after in halves[:-1] for key in keys]
    with_one_more = [before + key + after for before, after in halves for key in keys]
    with_one_less = [before + after[1:] for before, after in halves[:-1]]
    return [*_looking_alike(code), *with_another, *with_one_more, *with_one_less]
