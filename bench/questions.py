"""What people type into a search box, by class: drawn from the descriptions, so that frequent words come as often as in life."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bench.words import HALF_SPACE, vocabulary
from maksa.model.concept import Concept

_COMMON = 20  # the most frequent words of a language
_RARE = 1_000  # the rank from which a word is rare


class Question(NamedTuple):
    kind: str
    language: str
    text: str


Draw = Callable[[random.Random, "Texts"], str]


class Texts:
    """The descriptions of one language, and their words sorted in the ways that the classes want."""

    def __init__(self, language: str, texts: Sequence[str]) -> None:
        known, _ = vocabulary(language)
        ranks = {word: rank for rank, word in enumerate(known)}
        self.split = [text.split() for text in texts]
        self.codes: Sequence[str] = ()
        self.words = [word for words in self.split for word in words if word in ranks]
        self.common = known[:_COMMON]
        self.rare = [word for word in self.words if ranks[word] >= _RARE]
        self.strengths = [words for words in self.split if any(char.isdigit() for char in words[-1] + words[-2:][0])]
        self.half_spaced = [word for word in self.words if HALF_SPACE in word]


def _prefix(letters: int) -> Draw:
    return lambda chance, texts: _where(chance, texts.words, lambda word: len(word) > letters)[:letters]


def _where(chance: random.Random, words: Sequence[str], is_good: Callable[[str], bool]) -> str:
    while not is_good(word := chance.choice(words)):
        pass
    return word


def _of_one(count: int) -> Draw:
    """Words of one description, the last one not typed to its end."""

    def draw(chance: random.Random, texts: Texts) -> str:
        while len(words := chance.choice(texts.split)) < count:
            pass
        picked = chance.sample(words, count)
        return " ".join([*picked[:-1], picked[-1][:4]])

    return draw


def _two_rare(chance: random.Random, texts: Texts) -> str:
    rare = set(texts.rare)
    while len(found := [word for word in chance.choice(texts.split) if word in rare]) < 2:
        pass
    return " ".join(found[:2])


def _with_strength(chance: random.Random, texts: Texts) -> str:
    words = chance.choice(texts.strengths)
    return " ".join([chance.choice(words), *[word for word in words[-5:] if word[0].isdigit()][:1]])


_CLASSES: dict[str, Draw] = {
    "1 letter": _prefix(1),
    "2 letters": _prefix(2),
    "3 letters": _prefix(3),
    "5 letters": _prefix(5),
    "a word": lambda chance, texts: _where(chance, texts.words, lambda word: len(word) <= 8),
    "a word of more than 8 letters": lambda chance, texts: _where(chance, texts.words, lambda word: len(word) > 8),
    "two words": _of_one(2),
    "three words": _of_one(3),
    "two rare words": _two_rare,
    "common and common": lambda chance, texts: " ".join(chance.sample(texts.common, 2)),
    "common and rare": lambda chance, texts: f"{chance.choice(texts.common)} {chance.choice(texts.rare)}",
    "a strength": _with_strength,
    "a number": lambda chance, _: str(chance.choice((5, 10, 25, 100, 250, 325, 500, 850))),
    "the beginning of a code": lambda chance, texts: chance.choice(texts.codes)[: chance.choice((4, 6, 8))],
    "nothing has it": lambda chance, texts: f"{chance.choice(texts.words)} zqxw{chance.randrange(99)}",
}
_PERSIAN: dict[str, Draw] = {
    "half-space typed": lambda chance, texts: chance.choice(texts.half_spaced),
    "half-space as a blank": lambda chance, texts: chance.choice(texts.half_spaced).replace(HALF_SPACE, " "),
    "half-space left out": lambda chance, texts: chance.choice(texts.half_spaced).replace(HALF_SPACE, ""),
}


def questions(concepts: Sequence[Concept], count: int) -> list[Question]:
    """*count* questions of each class in Persian and in English, in no order; the same each time."""
    chance = random.Random(11)
    persian = Texts("fa", [concept.display for concept in concepts])
    english = Texts("en", [concept.designations[0].value for concept in concepts])
    persian.codes = english.codes = [concept.code for concept in concepts]
    asked = [Question(kind, "en", draw(chance, english)) for kind, draw in _CLASSES.items() for _ in range(count)]
    asked += [
        Question(kind, "fa", draw(chance, persian))
        for kind, draw in (_CLASSES | _PERSIAN).items()
        for _ in range(count)
    ]
    chance.shuffle(asked)
    return asked
