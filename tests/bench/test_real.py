"""Real lists as versions: an invented ontology always, the true ones where MAKSA_REAL_DATA names their packages."""

from __future__ import annotations

import gzip
import json

import pytest

from bench import real, real_lists
from bench.real_history import by_sets
from maksa.home import Home

TRUE_ONES = real_lists.folder()
NEEDS_PACKAGES = pytest.mark.skipif(TRUE_ONES is None, reason="MAKSA_REAL_DATA names no folder: see CONTRIBUTING.md")

pytestmark = pytest.mark.xdist_group("bench")  # one process: these load the machine


def term(label, *parents, **more):
    return {"label": label, "ancestors": dict.fromkeys(parents, 1), **more}


FIRST = {
    "X:1": term("ailment"),
    "X:2": term("cold", "X:1"),
    "X:3": term("cough", "X:1", synonyms=["tussis"]),
    "X:4": term("sniffle", "X:2", "X:1"),
}
SECOND = {
    "X:1": term("ailment"),
    "X:2": term("common cold", "X:1"),
    "X:3": term("cough", "X:2", synonyms=["tussis", "hack"]),
    "X:5": term("sneeze", "X:2"),
    "X:4": term("sniffle", "X:2", deprecated=True),
}


@pytest.fixture
def invented(tmp_path):
    """Two versions of an ontology, packed as the package packs them."""
    folder = tmp_path / "packages" / "cellxgene_ontology_guide" / "data"
    folder.mkdir(parents=True)
    for label, terms in (("2024-01-03", FIRST), ("2025-02-04", SECOND)):
        packed = gzip.compress(json.dumps(terms).encode())
        (folder / f"MONDO-ontology-v{label}.json.gz").write_bytes(packed)
    (folder / "CL-ontology-v2025-02-13.json.gz").write_bytes(b"another list")
    return real_lists.found(tmp_path / "packages")


def test_packages_are_found_by_what_they_hold(invented):
    """Wherever they lie below the folder; other ontologies are left."""
    assert list(invented.mondo) == ["2024-01-03", "2025-02-04"]
    assert (invented.icd, invented.taxonomy) == ({}, {})


def test_plain_sets_tell_every_kind_of_difference(invented, tmp_path):
    """The expectation itself, on lists that can be looked over."""
    one, two = (
        real_lists.written("mondo", source, tmp_path / f"{label}.json") for label, source in invented.mondo.items()
    )

    assert by_sets(one, two) == {
        ("relabelled", "X:2"),
        ("moved", "X:3"),
        ("designations", "X:3"),
        ("moved", "X:4"),
        ("status", "X:4"),
        ("properties", "X:4"),
        ("added", "X:5"),
    }
    assert by_sets(one, one) == set()


def test_versions_are_published_and_compared(invented, tmp_path):
    """Through the commands; the differences are those of plain sets, or the comparison is refused."""
    history = real.List("mondo", "MONDO", invented.mondo)
    home = Home(tmp_path / "home").made()
    loaded = list(real.published(history, home, tmp_path))
    [compared] = real.differences(history, home, tmp_path)

    assert [figure.name for figure in loaded if "peak" in figure.name and figure.value > 10] == [
        "MONDO 2024-01-03: peak memory",
        "MONDO 2025-02-04: peak memory",
    ]
    assert compared.name == "MONDO 2024-01-03 → 2025-02-04: 7 differences, as plain sets have them"


@NEEDS_PACKAGES
@pytest.mark.parametrize(("kind", "name"), [("icd", "ICD-10-CM"), ("mondo", "MONDO")])
def test_true_versions_differ_as_plain_sets_say(kind, name, tmp_path):
    """ICD-10-CM of several years and MONDO's releases: every difference, kind by kind and code by code."""
    versions = getattr(real_lists.found(TRUE_ONES), kind)
    if len(versions) < 2:
        pytest.skip(f"{name} is not there in two versions")
    history = real.List(kind, name, versions)
    home = Home(tmp_path / "home").made()
    list(real.published(history, home, tmp_path))

    assert len(list(real.differences(history, home, tmp_path))) == len(versions) - 1
