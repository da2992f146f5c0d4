"""The real lists beside the repository (../shared/data) published in a home, for those who measure or look at pages."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bench.report import ROOT
from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.concept import Concept, Designation
from maksa.model.finding import LoadReport
from maksa.publish import publish
from maksa.snapshot import manifest as manifests

DATA = ROOT.parent / "shared" / "data"
_AT = dt.datetime(2023, 2, 20, 12, tzinfo=dt.UTC)


def published(home: Home) -> bool:
    """Whether there are real lists; they are in *home* then, each once."""
    if not DATA.is_dir():
        return False
    shown = {version.terminology_id for version in manifests.read(home.shelf).versions}
    for file in sorted(DATA.glob("*.csv")):
        for terminology_id, concepts in _lists(file):
            if terminology_id not in shown:
                shown.add(terminology_id)
                _publish(home, terminology_id, concepts)
    return True


def _lists(file: Path) -> Iterator[tuple[str, list[Concept]]]:
    """The lists of a file, each with its concepts by code; a code that comes twice counts once."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if "terminology" in row]
    for terminology_id, group in groupby(
        sorted(rows, key=itemgetter("terminology", "code")), itemgetter("terminology")
    ):
        listed = list(group)
        codes = {row["code"] for row in listed}
        yield terminology_id, list({row["code"]: _concept(row, codes) for row in listed}.values())


def _concept(row: dict[str, str], codes: set[str]) -> Concept:
    code = row["code"]
    above = row.get("parent") or code.partition(".")[0]
    english = row.get("value_en", "")
    return Concept(
        code,
        row["value"],
        designations=(Designation("en", english),) if english else (),
        parents=(above,) if above != code and above in codes else (),
    )


def _publish(home: Home, terminology_id: str, concepts: list[Concept]) -> None:
    report = LoadReport(file="bench", sheet="", terminology_id=terminology_id, label="1", recognised={})
    with Catalog.open(home.made().catalog_url) as catalog:
        listed = manifests.read(home.shelf).versions
        catalog.write_draft(terminology_id, "1", concepts, published=listed, report=report)
        publish(catalog, home.shelf, terminology_id, "1", at=_AT)
