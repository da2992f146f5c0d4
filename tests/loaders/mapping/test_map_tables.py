"""Tables of maps: two named columns, and what is recognised beside them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.mapping import MapTableSource
from maksa.model.concept_map import MapEntry
from maksa.model.errors import ColumnMissingError


@pytest.fixture
def read(tmp_path):
    """The entries of the lines of a table, and the report."""

    def done(*lines, header="IRC,eRX,relationship,order,advice", **more):
        file = tmp_path / "map.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        with MapTableSource(file, source_column="IRC", target_column="eRX", map_id="IRC-eRX", **more) as source:
            return list(source.entries()), source.report()

    return done


def test_rows_are_entries_with_what_is_written_beside_them(read):
    """A relationship of R4 or R5; a blank target is none; what is not written is as the operator says."""
    entries, report = read(
        "9154715040124503,60000,source-is-narrower-than-target,,first",
        "9154715040124503,60001,wider,2,",
        "5038533984593944,60001,,,",
        "0001,,,,withdrawn",
        relationship="equivalent",
    )

    assert entries == [
        MapEntry("9154715040124503", "60000", "source-is-narrower-than-target", advice="first"),
        MapEntry("9154715040124503", "60001", "source-is-narrower-than-target", order=2),
        MapEntry("5038533984593944", "60001", "equivalent"),
        MapEntry("0001", "", "not-related-to", advice="withdrawn"),
    ]
    assert (report.read, report.kept, report.refused) == (4, 4, 0)
    assert report.recognised["source"] == "IRC"


@pytest.mark.parametrize(
    ("line", "slug", "severity"),
    [
        ("1,60000,,,", "repeated-entry", "refusal"),
        (",60001,,,", "blank-code", "refusal"),
        ("2,60001,,second,", "not-a-number", "refusal"),
        ("2,60001,nearly,,", "unknown-relationship", "warning"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_place(read, line, slug, severity):
    """Row 3; the row before it is kept."""
    entries, report = read("1,60000,,,", line)

    (finding,) = report.findings
    assert (finding.slug, finding.severity, finding.row) == (slug, severity, 3)
    assert len(entries) == report.kept == 1 + (severity == "warning")


def test_a_column_that_is_not_there_is_named(read):
    """With the header that was read."""
    with pytest.raises(ColumnMissingError, match=r"no column for target codes \('eRX' was asked for\); the header"):
        read("1,2", header="IRC,ERRX")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["1", "2", ""]), st.sampled_from(["a", "b", ""]))))
def test_rows_read_are_kept_refused_or_skipped(read, rows):
    """And the pairs that are kept are those of a dictionary: the first of each."""
    entries, report = read(*(f"{source},{target},,," for source, target in rows))

    assert report.read == report.kept + report.refused + report.skipped == len(rows)
    assert [(each.source, each.target) for each in entries] == [pair for pair in dict.fromkeys(rows) if pair[0]]
