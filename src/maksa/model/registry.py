"""The terminologies that the ministry's guide and letters name: what ships with maksa so that a load need not say it.

A terminology that is not here is as welcome: nothing in maksa refuses an unknown id. Where the documents name an id and say
no more of it (MEQ), its line is as bare. The letter 110/130 names codings that have no id in any document (imaging,
physiotherapy, laboratory): they are notices (`maksa notices`) and not lines of this list.
Source: contract, section 5; canonical addresses are FHIR's («Using code systems»), licences those of the issuers' pages.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from msgspec import Struct

from maksa.model.shapes import converter
from maksa.model.terminology import key_of


class KnownTerminology(Struct, frozen=True, kw_only=True):
    """A terminology as the registry knows it.

    `url` is its canonical address where one is published, else empty. `translation_of` is the id of the terminology
    whose codes it has, in another language: the two are a pair, searched as one and answered as two. What ends in `_fa`
    says the same in Persian.
    """

    id: str
    title_fa: str
    title_en: str
    issuer: str
    issuer_fa: str
    url: str
    licence: str
    licence_fa: str
    hierarchical: bool
    translation_of: str = ""


_known_of = converter(KnownTerminology)


@cache
def known_terminologies() -> tuple[KnownTerminology, ...]:
    """Every line of the registry, in its order."""
    lines = files(__package__).joinpath("registry.csv").read_text("utf-8").splitlines()
    return tuple(map(_line, csv.DictReader(lines, strict=True)))


def _line(row: dict[str, str]) -> KnownTerminology:
    return _known_of(row | {"hierarchical": row["hierarchical"] == "yes"})


def known(terminology_id: str) -> KnownTerminology | None:
    """What the registry says of an id, in any case; None where it says nothing."""
    return _by_key().get(key_of(terminology_id))


def pair_of(terminology_id: str) -> str:
    """The id of the other of a pair, from the one or from the other; "" for an id that is of none."""
    return _pairs().get(key_of(terminology_id), "")


def id_of(url: str) -> str:
    """The id of the terminology with that canonical address; "" for an address that the registry does not know."""
    return _by_url().get(url.strip().rstrip("/"), "")


@cache
def _by_key() -> dict[str, KnownTerminology]:
    return {key_of(each.id): each for each in known_terminologies()}


@cache
def _pairs() -> dict[str, str]:
    translations = [each for each in known_terminologies() if each.translation_of]
    return {key_of(each.id): each.translation_of for each in translations} | {
        key_of(each.translation_of): each.id for each in translations
    }


@cache
def _by_url() -> dict[str, str]:
    return {each.url: each.id for each in known_terminologies() if each.url}
