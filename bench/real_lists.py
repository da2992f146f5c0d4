"""Lists of real size out of packages that somebody has unpacked under the folder MAKSA_REAL_DATA, as files that `maksa load` reads.

- simple-icd-10-cm, each release another year: ICD-10-CM with its chapters and sections, as CSV;
- cellxgene-ontology-guide: MONDO in its versions, as a FHIR CodeSystem (several parents, synonyms), and NCBI Taxonomy, as CSV.

What a package says twice, or of parents that it has not, the load sees too. Each list is turned in a process of its own, so that
the memory it takes is nobody's figure.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import zstandard
from msgspec import Struct

from bench.report import ROOT

VARIABLE = "MAKSA_REAL_DATA"
_ONTOLOGY = re.compile(r"(MONDO|NCBITaxon)-ontology-v([\d-]+)\.json\.(?:gz|zst)$")
_YEAR = re.compile(r"20\d\d")


class RealLists(Struct, frozen=True):
    """What was found, by label: packages of ICD-10-CM by year, files of MONDO and NCBI Taxonomy by date."""

    icd: dict[str, Path]
    mondo: dict[str, Path]
    taxonomy: dict[str, Path]


class _Term(Struct):
    label: str = ""
    ancestors: dict[str, int] = {}
    synonyms: list[str] = []
    deprecated: bool = False


def folder() -> Path | None:
    """The folder that the environment names; None where it names none."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named and Path(named).is_dir() else None


def found(under: Path) -> RealLists:
    """The lists of the packages anywhere below *under*, each in order of label."""
    packages = {_YEAR.findall(file.name)[-1]: file.parents[1] for file in under.rglob("simple_icd_10_cm/data/*.txt")}
    ontologies: dict[str, dict[str, Path]] = {"MONDO": {}, "NCBITaxon": {}}
    for file in under.rglob("cellxgene_ontology_guide/data/*-ontology-*"):
        if named := _ONTOLOGY.search(file.name):
            ontologies[named[1]][named[2]] = file
    return RealLists(*(dict(sorted(each.items())) for each in (packages, ontologies["MONDO"], ontologies["NCBITaxon"])))


def written(kind: str, source: Path, file: Path) -> Path:
    """*file*, with the list of *source* in it. *kind*: icd, mondo or taxonomy."""
    if not file.exists():
        command = [sys.executable, "-W", "ignore", "-m", "bench.real_lists", kind, str(source), str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
    return file


def _write_icd(package: Path, file: Path) -> None:
    sys.path[:0] = [str(package.parent), str(package)]  # the second for a release that looks for its data beside itself
    icd = importlib.import_module("simple_icd_10_cm")
    codes = icd.get_all_codes()
    # A section of one category has its code, and the package lists both: asked as a section, it stands under its chapter.
    parents = (icd.get_parent(code, prioritize_blocks=icd.is_block(code)) for code in codes)
    _write_csv(file, zip(codes, map(icd.get_description, codes), parents, strict=True))


def _write_taxonomy(source: Path, file: Path) -> None:
    rows = ((code, term.label, "".join(_parents(term))) for code, term in _terms(source))
    _write_csv(file, rows)


def _write_csv(file: Path, rows: Iterator[tuple[str, str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        listed = csv.writer(opened)
        listed.writerow(("code", "display", "parent"))
        listed.writerows(rows)


def _write_mondo(source: Path, file: Path) -> None:
    concepts = [
        {
            "code": code,
            "display": term.label,
            "designation": [{"language": "en", "value": each} for each in term.synonyms],
            "property": [
                *({"code": "parent", "valueCode": parent} for parent in _parents(term)),
                {"code": "inactive", "valueBoolean": term.deprecated},
            ],
        }
        for code, term in _terms(source)
    ]
    facts = {"resourceType": "CodeSystem", "id": "MONDO", "status": "active", "content": "complete", "language": "en"}
    file.write_bytes(msgspec.json.encode(facts | {"concept": concepts}))


def _terms(source: Path) -> Iterator[tuple[str, _Term]]:
    """The terms as the package has them, one at a time: NCBI Taxonomy's ancestors are thirty million."""
    packed = source.read_bytes()
    raw = (
        gzip.decompress(packed)
        if source.suffix == ".gz"
        else zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    )
    for code, term in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items():
        yield code, msgspec.json.decode(term, type=_Term)


def _parents(term: _Term) -> list[str]:
    return [ancestor for ancestor, depth in term.ancestors.items() if depth == 1]


_WRITERS = {"icd": _write_icd, "mondo": _write_mondo, "taxonomy": _write_taxonomy}


if __name__ == "__main__":
    _WRITERS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
