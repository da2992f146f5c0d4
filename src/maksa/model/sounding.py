"""How a word sounds, whatever script it is written in: `sounds`, and its consonants alone, `skeleton`.

Persian writes drugs, places and diseases as they sound and leaves short vowels out, so consonants are what two spellings of a
name share: استامینوفن and ACETAMINOPHEN are both "stmnfn", تهران and Tehran "thrn". Typing errors are mostly in vowels and in
double letters, so a skeleton forgives them too. Words are folded (`model.folding`) before they come here.
"""

from __future__ import annotations

import re
from itertools import groupby

VOWELS = "aeio"

_PERSIAN = (
    ("گز", "ks"), ("وو", "v"),
    *((each, "s") for each in "سصثزذضظ"), *((each, "t") for each in "تط"), *((each, "k") for each in "کچ"),
    *((each, "g") for each in "گقغ"), *((each, "h") for each in "هح"), *((each, "j") for each in "جژ"),
    ("آ", "a"), ("ا", "a"), ("ع", "a"), ("ی", "i"), ("ش", "S"), ("خ", "x"), ("ب", "b"), ("پ", "p"), ("د", "d"), ("ر", "r"),
    ("ف", "f"), ("ل", "l"), ("م", "m"), ("ن", "n"),
)  # fmt: skip
_LATIN = (
    ("x", "ks"), ("sh", "S"), ("kh", "x"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("rh", "r"), ("ck", "k"), ("ch", "k"),
    ("qu", "k"), ("w", "v"), ("y", "i"), ("u", "o"), ("z", "s"), ("q", "g"),
)  # fmt: skip
_FIRST_X = re.compile("^x")
_SOFT_C, _SOFT_G = re.compile("c(?=[eiy])"), re.compile("g(?=[eiy])")
_SPOKEN_V = re.compile("^و|و(?=[اآی])")
_SILENT_H = re.compile("(?<=.)[ه]$|(?<=[ae])h$")


def sounds(word: str) -> str:
    """The folded *word* as it sounds, in Latin letters with the vowels that are written; "" where no letter is known."""
    word = _SILENT_H.sub("", word)
    if word.isascii():
        word = _FIRST_X.sub("z", _SOFT_G.sub("j", _SOFT_C.sub("s", word)))
        return _replaced(word, _LATIN).replace("c", "k")
    return _replaced(_SPOKEN_V.sub("v", word.replace("وو", "v")), _PERSIAN).replace("و", "o")


def skeleton(word: str) -> str:
    """The consonants of the folded *word*, double ones once; "" for a word of vowels alone."""
    return bones(sounds(word))


def bones(sounding: str) -> str:
    """The consonants of what `sounds` has made."""
    return "".join(letter for letter, _ in groupby(each for each in sounding if each not in VOWELS))


def _replaced(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for written, sound in table:
        word = word.replace(written, sound)
    return word
