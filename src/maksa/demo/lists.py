"""The demo's lists as concepts, and the versions they are published as."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from maksa.loaders.ucum import UcumSource
from maksa.model.concept import Concept, Designation
from maksa.model.terminology import Notice

# Two-letter territories of CLDR that are no countries of ISO 3166-1: unions, exceptional reservations, tests.
_NOT_ISO = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"))


class Edition(Struct, frozen=True, kw_only=True):
    """One version to publish: its facts and a function that gives its concepts."""

    terminology_id: str
    label: str
    title: str
    published_on: dt.date
    concepts: Callable[[], Iterable[Concept]]
    source: str
    notice: Notice = Notice()


def editions() -> list[Edition]:
    """Every version of the demo, oldest first."""
    made = [*_of_the_guide(), _countries(), _units()]
    return sorted(made, key=lambda each: each.published_on)


def _of_the_guide() -> Iterator[Edition]:
    """Dates are those of the letters that announced the lists, or of the guide's versions. Source: seed.fa.txt."""
    drugs = Notice(number="110/40", date=dt.date(2021, 4, 27), title="eRX و IRC دارو")
    rows = [
        ("ContactType", "1", "نوع راه تماس", dt.date(2021, 6, 30), Notice()),
        ("thritaEHR.Religion", "1", "دین", dt.date(2021, 6, 30), Notice()),
        ("eRX", "1000", "عنوان رسمی داروهای نسخهٔ الکترونیک", dt.date(2021, 4, 27), drugs),
        ("eRX", "10000", "عنوان رسمی داروهای نسخهٔ الکترونیک", dt.date(2023, 2, 20), Notice()),
    ]
    for terminology_id, label, title, date, notice in rows:
        yield Edition(
            terminology_id=terminology_id,
            label=label,
            title=title,
            published_on=date,
            concepts=_sample(terminology_id, label),
            source="guide.csv",
            notice=notice,
        )


def _sample(terminology_id: str, label: str) -> Callable[[], Iterable[Concept]]:
    def concepts() -> Iterator[Concept]:
        with files(__package__).joinpath("lists/guide.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if (row["terminology"], row["version"]) == (terminology_id, label):
                    yield Concept(row["code"], row["value"])

    return concepts


def _countries() -> Edition:
    return Edition(
        terminology_id="ISO_3166-1",
        label=f"babel-{importlib.metadata.version('babel')}",
        title="کشورها",
        published_on=dt.date(2024, 1, 1),
        concepts=countries,
        source="Unicode CLDR",
    )


def countries() -> Iterator[Concept]:
    """The 249 countries of ISO 3166-1 by their two-letter codes, named in Persian, in English beside it."""
    from babel import Locale

    persian, english = Locale("fa").territories, Locale("en").territories
    for code in sorted(english):
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISO:
            yield Concept(code, persian[code], "fa", designations=(Designation("en", english[code]),))


def _units() -> Edition:
    with UcumSource(_essence(), terminology_id="UCUM") as source:
        release = source.recognised
    return Edition(
        terminology_id="UCUM",
        label=release["version"],
        title="یکاهای اندازه‌گیری",
        published_on=dt.date.fromisoformat(release["date"]),
        concepts=units,
        source="UCUM essence",
    )


def units() -> Iterator[Concept]:
    """The base units and units of UCUM, as the loader reads them from the installed essence."""
    with UcumSource(_essence(), terminology_id="UCUM") as source:
        yield from source.concepts()


def _essence() -> Path:
    return Path(str(importlib.metadata.distribution("ucumvert").locate_file("ucumvert/vendor/ucum-essence.xml")))
