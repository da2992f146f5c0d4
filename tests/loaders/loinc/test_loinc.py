"""A LOINC release of invented terms: parts and facts as properties, hierarchy, languages, replacements, and its faults."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.loinc import LoincSource, recognises
from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import MapEntry
from maksa.model.errors import MaksaError

AXES = ["COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP", "CLASS"]
HEADER = ["LOINC_NUM", *AXES, "STATUS", "SHORTNAME", "LONG_COMMON_NAME", "DisplayName"]
BLUENESS = [
    "1-8",
    "Blueness",
    "Hue",
    "Pt",
    "Sky",
    "Qn",
    "",
    "COLOUR",
    "ACTIVE",
    "Blue Sky",
    "Blueness of the sky",
    "Sky blue",
]
OLD = ["2-6", "Azure", "Hue", "Pt", "Sky", "Ord", "", "COLOUR", "DEPRECATED", "Az Sky", "Azure of the sky", ""]

FILES = {
    "LoincTable/Loinc.csv": [HEADER, BLUENESS, OLD],
    "LoincTableCore/LoincTableCore.csv": [HEADER[:9], BLUENESS[:9], OLD[:9]],
    "LoincTable/MapTo.csv": [["LOINC", "MAP_TO", "COMMENT"], ["2-6", "1-8", "One hue is enough"]],
    "AccessoryFiles/ComponentHierarchyBySystem/ComponentHierarchyBySystem.csv": [
        ["PATH_TO_ROOT", "SEQUENCE", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT"],
        ["", "1", "", "LP1-1", "Colours"],
        ["LP1-1", "1", "LP1-1", "LP2-2", "Blues"],
        ["LP1-1.LP2-2", "1", "LP2-2", "1-8", "Blueness"],
        ["LP1-1", "2", "LP1-1", "1-8", "Blueness"],
    ],
    "AccessoryFiles/LinguisticVariants/faIR1LinguisticVariant.csv": [
        ["LOINC_NUM", *AXES, "SHORTNAME", "LONG_COMMON_NAME", "RELATEDNAMES2", "LinguisticVariantDisplayName"],
        ["1-8", "آبی", "", "", "آسمان", "", "", "", "", "آبی بودن آسمان", "", "آبیِ آسمان"],
    ],
}


def text_of(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def written(folder: Path, files: dict[str, list[list[str]]] = FILES) -> Path:
    for name, rows in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text_of(rows).encode())
    return folder


def loaded(path: Path):
    with LoincSource(path, terminology_id="LNC", label="2.77") as source:
        return {each.code: each for each in source.concepts()}, source.report()


def test_a_term_has_its_names_axes_parents_and_languages(tmp_path):
    """The widest table is read, and the core table beside it is not."""
    concepts, report = loaded(written(tmp_path))

    assert concepts["1-8"] == Concept(
        "1-8",
        "Blueness of the sky",
        "en",
        designations=(
            Designation("en", "Blue Sky", "short-name"),
            Designation("en", "Sky blue", "display-name"),
            Designation("fa-IR", "آبیِ آسمان", "display-name"),
            Designation("fa-IR", "آبی بودن آسمان", "long-common-name"),
        ),
        properties=tuple(
            Property(name, value)
            for name, value in zip(HEADER[1:9], BLUENESS[1:9], strict=True)
            if value
        ),
        parents=("LP1-1", "LP2-2"),
    )  # fmt: skip
    assert (report.read, report.kept, report.counts) == (4, 4, {})


def test_the_parts_of_the_hierarchy_are_concepts_after_the_terms(tmp_path):
    """So that every parent is a code of the list."""
    concepts, _ = loaded(written(tmp_path))

    assert list(concepts) == ["1-8", "2-6", "LP1-1", "LP2-2"]
    assert (concepts["LP2-2"].display, concepts["LP2-2"].parents) == ("Blues", ("LP1-1",))


def test_a_deprecated_term_is_retired_and_the_map_says_what_took_its_place(tmp_path):
    """With the issuer's comment."""
    with LoincSource(written(tmp_path), terminology_id="LNC", label="2.77") as source:
        [old] = [each for each in source.concepts() if each.code == "2-6"]
        [replaced] = source.maps()

        assert old.status == "retired"
        assert list(source.entries(replaced.map_id)) == [MapEntry("2-6", "1-8", advice="One hue is enough")]


def test_the_table_alone_is_a_release_without_a_hierarchy(tmp_path):
    """And the report says so."""
    path = written(tmp_path) / "LoincTable" / "Loinc.csv"
    concepts, report = loaded(path)

    assert concepts["1-8"].parents == ()
    assert report.counts == {"missing-file": 1}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (BLUENESS[:5], ("cell-count", 4, "")),
        (BLUENESS, ("repeated-code", 4, "1-8")),
        (["3-4", *BLUENESS[1:8], "RETIRED", *BLUENESS[9:]], ("unknown-status", 4, "RETIRED")),
        (["3-4", *BLUENESS[1:9], "", "", ""], ("blank-display", 4, "")),
    ],
)
def test_a_bad_row_is_a_finding_with_its_file_and_row(tmp_path, row, expected):
    """And the others are loaded."""
    files = FILES | {"LoincTable/Loinc.csv": [HEADER, BLUENESS, OLD, row]}
    _, report = loaded(written(tmp_path, files))

    assert [(each.slug, each.row, each.value) for each in report.findings] == [expected]
    assert {each.sheet for each in report.findings} == {"LoincTable/Loinc.csv"}
    assert report.read == report.kept + report.refused + report.skipped


def test_a_quote_that_never_closes_is_refused_with_its_place(tmp_path):
    """The rows after it would all be one cell."""
    path = written(tmp_path) / "LoincTable" / "Loinc.csv"
    path.write_bytes(path.read_bytes() + b'"3-4,"open')

    with pytest.raises(MaksaError, match=r"Loinc\.csv: line \d+: "):
        loaded(tmp_path)


def test_a_release_without_its_table_is_refused(tmp_path):
    """As the issuer calls it."""
    with pytest.raises(MaksaError, match=r"no LOINC table \(Loinc\.csv\)"):
        loaded(
            written(
                tmp_path,
                {name: rows for name, rows in FILES.items() if "Table/Loinc" not in name and "Core" not in name},
            )
        )


def test_a_release_is_recognised_by_its_tables_header(tmp_path):
    """A table of another issuer is not one."""
    written(tmp_path / "loinc")
    written(tmp_path / "other", {"Loinc.csv": [["code", "value"], ["1", "one"]]})

    assert (recognises(tmp_path / "loinc"), recognises(tmp_path / "other")) == (True, False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=60), st.integers(0, 600), st.booleans())
def test_any_bytes_in_any_file_are_findings_or_errors(tmp_path_factory, name, noise, at, replaces):
    """Every row is counted, or the file is named."""
    folder = written(tmp_path_factory.mktemp("noise"))
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw[:at] + noise + raw[at + len(noise) * replaces :])

    assert is_told(folder)


def is_told(folder: Path) -> bool:
    try:
        _, report = loaded(folder)
    except MaksaError as error:
        return str(folder) in str(error)
    return report.read == report.kept + report.refused + report.skipped
