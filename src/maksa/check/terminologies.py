"""Which terminology is meant by what stands in its place: its id, its address, its name, or something near.

Source: canonical addresses and OIDs are those of FHIR's «Using code systems» and «Known identifier systems».
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from rapidfuzz import fuzz, process

from maksa.model.folding import folded
from maksa.model.registry import id_of, known, known_terminologies
from maksa.snapshot.shelf import View

How = Literal["id", "case", "address", "spelling", ""]

_NAMES = {
    "loinc": "LNC", "snomed": "SNOMEDCT", "snomedct": "SNOMEDCT", "sct": "SNOMEDCT", "icd": "ICD10", "whoatc": "ATC",
    "rvu": "RVU3", "iso3166": "ISO_3166-1", "nationaldrugcode": "IRC",
}  # fmt: skip
_OIDS = {
    "2.16.840.1.113883.6.3": "ICD10", "2.16.840.1.113883.6.96": "SNOMEDCT", "2.16.840.1.113883.6.1": "LNC",
    "2.16.840.1.113883.6.8": "UCUM", "2.16.840.1.113883.6.73": "ATC",
}  # fmt: skip
_NEAR = 80  # of a hundred: how like an id must be to be suggested
_SUGGESTED = 3
_LONGEST = 200  # characters; what is longer is near no id


class Named(Struct, frozen=True, gc=False):
    """What a text names. `terminology_id` is "" where nothing is named with certainty.

    `how`: "id" as it was defined, "case" in another case or with blanks, "address" a canonical address or OID, "spelling" by
    the same letters and digits, or by its name.
    """

    terminology_id: str
    how: How


class Terminologies:
    """The terminologies of one view, and those that the registry knows, by all that they are called."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._ids = [each.id for each in view.terminologies]
        ours = {**{each.id: each.id for each in known_terminologies()}, **{each: each for each in self._ids}}
        self._by_letters = _unambiguous((_letters(each), each) for each in ours)
        self._by_name = self._names()

    def _names(self) -> dict[str, str]:
        """Titles, the word before a colon of a title, and the last part of a dotted id."""
        pairs = list(_NAMES.items())
        for each in known_terminologies():
            pairs += [
                (_letters(title), each.id) for title in (each.title_fa, each.title_en, each.title_en.partition(":")[0])
            ]
        pairs += [(_letters(each.title), each.id) for each in self._view.terminologies]
        pairs += [(_letters(each.rpartition(".")[2]), each) for each in self._ids if "." in each]
        return _unambiguous((name, self._defined(terminology_id)) for name, terminology_id in pairs)

    def named(self, written: str) -> Named:
        """What *written* names; it is not blank."""
        terminology = self._view.terminology(written)
        if terminology is not None:
            return Named(terminology.id, "id" if terminology.id == written else "case")
        if by_address := _addressed(written):
            return Named(self._defined(by_address), "address")
        letters = _letters(written)
        found = self._by_letters.get(letters) or self._by_name.get(letters)
        if found:
            same = found.casefold() == written.strip().casefold()
            return Named(found, "id" if found == written else "case" if same else "spelling")
        return Named("", "")

    def near(self, written: str) -> tuple[str, ...]:
        """At most three ids that are spelled nearly like *written*, the nearest first."""
        if len(written) > _LONGEST:
            return ()
        names = {each: _letters(each) for each in self._ids}
        best = process.extract(_letters(written), names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_SUGGESTED)
        return tuple(terminology_id for _, _, terminology_id in best)

    def _defined(self, terminology_id: str) -> str:
        """The id as the shelf has it, else as the registry has."""
        terminology, line = self._view.terminology(terminology_id), known(terminology_id)
        return terminology.id if terminology else line.id if line else terminology_id


def _addressed(written: str) -> str:
    """The id of the terminology whose canonical address or OID this is: without a version, over http or https."""
    text = written.strip()
    if ":" not in text and "." not in text:
        return ""
    plain = text.partition("|")[0].removeprefix("urn:oid:")
    return _OIDS.get(plain) or id_of(plain) or id_of(plain.replace("https://", "http://", 1))


def _letters(text: str) -> str:
    """Letters and digits of *text*, folded: "ICD-10" is "ICD10", "SNOMED CT" is "SNOMEDCT"."""
    return "".join(folded(text).split()) if len(text) <= _LONGEST else ""


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each name names, without the names of two."""
    names: dict[str, set[str]] = {}
    for name, terminology_id in pairs:
        names.setdefault(name, set()).add(terminology_id)
    return {name: next(iter(ids)) for name, ids in names.items() if name and len(ids) == 1}
