"""The generated release is the same each time, and has the shape of SNOMED CT: every row is kept, and most have near relatives."""

from __future__ import annotations

from bench import release
from maksa.loaders.snomed import SnomedSource
from maksa.model.ancestry import Ancestry


def test_every_row_of_the_release_is_kept(tmp_path):
    """Nothing of it is a finding: no orphan, no circle, no identifier that is none."""
    with SnomedSource(release.write(tmp_path, 2_000), terminology_id="SNOMEDCT") as source:
        concepts = list(source.concepts())
        report = source.report()

    assert len(concepts) == 2_000
    assert (report.read, report.counts, report.blocking) == (report.kept, {}, 0)


def test_its_proportions_are_those_of_the_full_size(tmp_path):
    """2.86 descriptions and 1.7 parents for a concept, and more ancestors than parents."""
    with SnomedSource(release.write(tmp_path, 7_000), terminology_id="SNOMEDCT") as source:
        concepts = list(source.concepts())
    numbers = {concept.code: number for number, concept in enumerate(concepts)}
    ancestry = Ancestry()
    for concept in concepts:
        for parent in concept.parents:
            ancestry.add(numbers[concept.code], numbers[parent])

    assert sum(1 + len(concept.designations) for concept in concepts) == 20_000
    assert 1.6 < len(ancestry) / len(concepts) < 1.8
    assert 8 < sum(len(above) for _, above, _ in ancestry.closure()) / len(concepts) < 25
