"""What the words of a question may be in a list's own spelling: the Persian name of a drug that the list has in English, a
word with a letter wrong, a dosage form.

Rules of this file:
- words are told by their sound (`model.sounding`), and a list's own are those of its vocabulary;
- a word that the list has, or the beginning of one, is never changed, nor one with digits;
- only the likeliest few are given, the likest first, and nothing where nothing is like.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise, product
from operator import attrgetter

from msgspec import Struct

from maksa.model.folding import alternatives, folded
from maksa.model.sounding import bones, sounds
from maksa.service.vocabulary import Vocabularies, Vocabulary
from maksa.snapshot.reader import Snapshot

_SHORTEST = 3  # consonants: fewer say too little
_LONGEST = 80  # letters
_WORDS, _TRIED = 8, 3  # words of a question that are looked at, and up to how many are tried in several ways
_LIKE, _VERY_LIKE = 0.65, 0.9  # the least likeness; these and the next were found by trying drugs, places and diseases
_A_LETTER, _ONLY_BEGUN = (
    0.2,
    0.1,
)  # how much less likely another consonant makes a word, and that only its beginning was asked
_COMMON = 0.2  # and how much likelier, at the most, that it is common
_FORMS = {
    folded(persian): english
    for persian, english in {
        "قرص": "tablet", "شربت": "syrup", "قطره": "drops", "پماد": "ointment", "شیاف": "suppository", "محلول": "solution",
        "آمپول": "injection", "تزریقی": "injection", "خوراکی": "oral", "پودر": "powder", "چشمی": "ophthalmic",
        "لوسیون": "lotion", "کپسول": "capsule", "کرم": "cream", "ژل": "gel", "سرم": "infusion",
    }.items()
}  # fmt: skip
"""Persian words for forms that drugs come in, which no sound leads to."""
_SPOKEN = "bdfghjklmnprstvxS"  # the consonants that sounds have


_vocabularies = Vocabularies()


class Heard(Struct, frozen=True):
    """A question that may have been meant, in a list's own words, and how likely that is: 1 is its very sound."""

    question: str
    likeness: float


def heard(snapshot: Snapshot, text: str, *, strictly: bool = False, limit: int = 3) -> list[Heard]:
    """At most *limit* questions that *text* may mean in the words of *snapshot*, the likest first; none where all its words
    are there as they are, or one of them is like nothing. *strictly* takes no letter for another, and a beginning of a
    word only from four consonants on. Raises: SnapshotError.
    """
    known = _vocabularies.of(snapshot)
    for words in filter(None, _readings(text)):
        tried = limit if len(words) <= _TRIED else 1  # so that no question is a thousand ones
        choices = _choices_of(known, words, tried, strictly=strictly)
        meant = sorted(map(_together, product(*choices)), key=lambda each: -each.likeness)
        if meant and meant[0].question != " ".join(words):
            return meant[:limit]
    return []


def _together(words: tuple[Heard, ...]) -> Heard:
    return Heard(" ".join(each.question for each in words), min(each.likeness for each in words))


def _readings(text: str) -> Iterator[list[str]]:
    """The words of *text*, two neighbours as one first: what was typed apart may be one name."""
    joined, *split = alternatives(text[:_LONGEST]) or [[]]
    words = split[0] if split else joined
    if split:
        yield joined[:_WORDS]
    words = words[:_WORDS]
    for place, (one, next_) in enumerate(pairwise(words)):
        if not _has_digits(one + next_):
            yield [*words[:place], one + next_, *words[place + 2 :]]
    yield words


def _choices_of(known: Vocabulary, words: list[str], limit: int, *, strictly: bool) -> list[list[Heard]]:
    """What each of *words* may be; no more than an empty one where a word is like nothing."""
    choices: list[list[Heard]] = []
    for word in words:
        choices.append(_choices(known, word, limit, strictly=strictly))
        if not choices[-1]:
            return choices[-1:]
    return choices


def _choices(known: Vocabulary, word: str, limit: int, *, strictly: bool) -> list[Heard]:
    """What *word* may be: itself where it begins a word of the list or tells an amount."""
    if known.has(word) or _has_digits(word):
        return [Heard(word, 1)]
    form = _FORMS.get(word, "")
    if form and known.has(form):
        return [Heard(form, 1)]
    return _alike(known, word, limit, strictly=strictly)


def _has_digits(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _alike(known: Vocabulary, word: str, limit: int, *, strictly: bool) -> list[Heard]:
    """Words of the list that sound as *word* does, or else but for a letter; the likest first."""
    sounding = sounds(word)
    wanted = bones(sounding)
    if len(wanted) < _SHORTEST:
        return _nearly_same(known, sounding, wanted, limit)
    is_whole = strictly and len(wanted) == _SHORTEST
    best = _likest(known, sounding, known.places(wanted, is_whole=is_whole), limit)
    if best or strictly:
        return best
    alike = known.sounds.intersection(_one_letter_off(word, wanted))
    places = (place for each in alike for place in known.places(each, is_whole=True))
    return _likest(known, sounding, places, limit, less=_A_LETTER)


def _nearly_same(known: Vocabulary, sounding: str, wanted: str, limit: int) -> list[Heard]:
    """Of a word with few consonants: "anaemia" for "anemia", and nothing that is less like it."""
    if len(wanted) < _SHORTEST - 1 or len(sounding) <= _SHORTEST:
        return []
    found = _likest(known, sounding, known.places(wanted, is_whole=True), limit)
    return [each for each in found if each.likeness >= _VERY_LIKE]


def _likest(known: Vocabulary, sounding: str, places: Iterable[int], limit: int, less: float = 0.0) -> list[Heard]:
    judged = (Heard(known.words[each], _likeness(sounding, known, each, less)) for each in places)
    return nlargest(limit, (each for each in judged if each.likeness >= _LIKE), key=attrgetter("likeness"))


def _likeness(sounding: str, known: Vocabulary, place: int, less: float) -> float:
    """How like the beginning of a word sounds, and up to a fifth more for a common one: «استام» is hardly a rare word."""
    other = sounds(known.words[place])[: len(sounding) + 2]
    ratio = SequenceMatcher(None, sounding, other, autojunk=False).ratio()
    if not less and known.skeletons[place] != bones(sounding):
        less = _ONLY_BEGUN
    return ratio - less + min(math.log10(known.counts[place]) / 10, _COMMON)


@lru_cache(maxsize=64)  # a question is asked of every list
def _one_letter_off(word: str, wanted: str) -> frozenset[str]:
    """*wanted* with one consonant left out, put in, or taken for another; or of *word* with two letters in each other's place."""
    swapped = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1))
    off = {bones(sounds(each)) for each in swapped}
    for place in range(len(wanted) if len(wanted) > _SHORTEST else 0):
        before, letter, after = wanted[:place], wanted[place], wanted[place + 1 :]
        off |= {before + other + rest for other in _SPOKEN for rest in (after, letter + after)} | {before + after}
    return frozenset(off)


def listen(snapshot: Snapshot) -> None:
    """Gets to know the words of *snapshot* now (a quarter of a second for 30,000 concepts), so that no reader waits for it."""
    _vocabularies.of(snapshot)
