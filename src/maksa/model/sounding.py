"""How a word sounds, whatever script it is written in: `sounds`, and its consonants alone, `skeleton`.

Persian writes drugs, places and diseases as they sound and leaves short vowels out, so consonants are what two spellings of a
name share: استامینوفن and ACETAMINOPHEN are both "stmnfn", تهران and Tehran "thrn". Typing errors are mostly in vowels and in
double letters, so a skeleton forgives them too. Words are folded (`model.folding`) before they come here.
"""

from __future__ import annotations

import re

_NO_VOWELS = str.maketrans("", "", "aeio")
_DOUBLE = re.compile(r"(.)\1+")

_SOUNDS = {
    "سصثزذضظz": "s", "طتt": "t", "کچcq": "k", "گقغg": "g", "هحh": "h", "جژj": "j", "اآعa": "a", "یiy": "i", "ش": "S", "خ": "x",
    "ب": "b", "پ": "p", "د": "d", "ر": "r", "ف": "f", "ل": "l", "م": "m", "ن": "n", "وu": "o", "w": "v",
}  # fmt: skip
_LETTERS = str.maketrans({letter: sound for letters, sound in _SOUNDS.items() for letter in letters} | {"q": "g"})
_TOGETHER = re.compile("sh|kh|gh|ph|th|rh|ck|ch|qu|x|گز")
_SOUNDS_TOGETHER = {"sh": "S", "kh": "خ", "gh": "g", "ph": "f", "th": "t", "rh": "r", "x": "ks", "گز": "ks"}  # else "k"
_FIRST_X = re.compile("^x")
_SOFT_C, _SOFT_G = re.compile("c(?=[eiy])"), re.compile("g(?=[eiy])")
_SPOKEN_V = re.compile("^و|و(?=[اآی])")
_SILENT_H = re.compile("(?<=.)[ه]$|(?<=[ae])h$")


def sounds(word: str) -> str:
    """The folded *word* as it sounds, in Latin letters with the vowels that are written; "" where no letter is known."""
    word = _SILENT_H.sub("", word)
    if word.isascii():
        word = _FIRST_X.sub("z", _SOFT_G.sub("j", _SOFT_C.sub("s", word)))
    else:
        word = _SPOKEN_V.sub("v", word.replace("وو", "v"))
    return _TOGETHER.sub(_together, word).translate(_LETTERS)


def skeleton(word: str) -> str:
    """The consonants of the folded *word*, double ones once; "" for a word of vowels alone."""
    return bones(sounds(word))


def bones(sounding: str) -> str:
    """The consonants of what `sounds` has made."""
    return _DOUBLE.sub(r"\1", sounding.translate(_NO_VOWELS))


def _together(found: re.Match[str]) -> str:
    return _SOUNDS_TOGETHER.get(found[0], "k")
