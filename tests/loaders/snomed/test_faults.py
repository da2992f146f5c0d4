"""Releases that are not what they say: each fault is a finding with file and line, or an error that names the place."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.snomed import SnomedSource
from maksa.loaders.snomed.kinds import CONCEPT, DESCRIPTION, LANGUAGE, RELATIONSHIP
from maksa.model.errors import MaksaError

from .conftest import BLUE, COLOUR, NAMES, NAVY, colours, concept, description, relationship, text_of


def report_of(path, **options):
    with SnomedSource(path, terminology_id="SNOMEDCT", **options) as source:
        for _ in source.concepts():
            pass
        return source.report()


def findings(path) -> list[tuple[str, str, int, str]]:
    report = report_of(path)
    assert report.read == report.kept + report.refused + report.skipped
    return [(each.slug, each.sheet.rpartition("/")[2], each.row, each.value) for each in report.findings]


CONCEPTS, DESCRIPTIONS, RELATIONSHIPS = (
    NAMES[kind].format("Snapshot") for kind in (CONCEPT, DESCRIPTION, RELATIONSHIP)
)


@pytest.mark.parametrize(
    ("kind", "row", "expected"),
    [
        (CONCEPT, [*concept("100000999"), "more"], ("cell-count", CONCEPTS, 12, "")),
        (CONCEPT, concept("100000999")[:4], ("cell-count", CONCEPTS, 12, "")),
        (CONCEPT, concept("100000999", date="20200231"), ("not-a-date", CONCEPTS, 12, "20200231")),
        (CONCEPT, concept("100000999", date="2020-02-01"), ("not-a-date", CONCEPTS, 12, "2020-02-01")),
        (CONCEPT, concept("100000999", active="yes"), ("not-a-flag", CONCEPTS, 12, "yes")),
        (CONCEPT, concept("ABC-1"), ("not-an-sctid", CONCEPTS, 12, "ABC-1")),
        (CONCEPT, concept("۱۰۰۰۰۰۹۹۹"), ("not-an-sctid", CONCEPTS, 12, "۱۰۰۰۰۰۹۹۹")),
        (CONCEPT, concept(BLUE), ("repeated-component", CONCEPTS, 12, BLUE)),
        (CONCEPT, concept("100000999"), ("no-description", CONCEPTS, 12, "100000999")),
        (DESCRIPTION, description(99, BLUE, "a\x07b"), ("control-character", DESCRIPTIONS, 17, "a\x07b")),
        (DESCRIPTION, description(99, BLUE, " Blue "), ("trimmed", DESCRIPTIONS, 17, " Blue ")),
        (DESCRIPTION, description(99, "100000999", "Nobody's"), ("unknown-concept", "", 0, "100000999")),
        (RELATIONSHIP, relationship(99, BLUE, "100000999"), ("orphan-parent", RELATIONSHIPS, 7, "100000999")),
    ],
)  # fmt: skip
def test_a_bad_row_is_a_finding_with_its_file_and_line(write, kind, row, expected):
    """And the rest of the release is loaded."""
    rows = colours()
    rows[kind].append(row)

    assert findings(write(rows)) == [expected]


def test_a_description_that_comes_twice_in_full_files_with_one_date_is_refused(write):
    """Two states of one day cannot both be true; the first is kept."""
    rows = {
        CONCEPT: [concept(BLUE)],
        DESCRIPTION: [description(1, BLUE, "Blue"), description(1, BLUE, "Azure")],
        LANGUAGE: [],
        RELATIONSHIP: [],
    }
    report = report_of(write(rows, form="Full"))

    assert [(each.slug, each.row) for each in report.findings] == [("repeated-component", 3)]


def test_is_a_that_goes_round_in_a_circle_blocks_publishing(write):
    """The finding shows the way round."""
    rows = colours()
    rows[RELATIONSHIP].append(relationship(99, COLOUR, NAVY))
    report = report_of(write(rows))

    [circle] = [each for each in report.findings if each.slug == "parent-cycle"]
    assert report.blocking == 1
    assert circle.message.count("→") == 3


@pytest.mark.parametrize(
    ("missing", "named"), [(CONCEPT, "no concept file (sct2_Concept_Snapshot_"), (DESCRIPTION, "no description file")]
)
def test_a_missing_file_is_named(write, missing, named):
    """As the issuer calls it."""
    rows = colours()
    del rows[missing]

    with pytest.raises(MaksaError, match=named.replace("(", r"\(")):
        report_of(write(rows))


def test_delta_files_are_no_release_to_load(write):
    """They say what changed, not what is."""
    with pytest.raises(MaksaError, match="only Delta files"):
        report_of(write(colours(), form="Delta"))


def test_a_past_date_needs_the_full_files(write):
    """A snapshot knows one day."""
    with pytest.raises(MaksaError, match="needs the Full files"):
        report_of(write(colours()), as_of=dt.date(2020, 1, 1))


def test_bytes_that_are_not_utf_8_are_refused_with_their_place(write):
    """Windows-1252, as an editor has saved it: file and line are named."""
    folder = write(colours())
    file = folder / "Snapshot" / "Terminology" / DESCRIPTIONS
    file.write_bytes(file.read_bytes().replace(b"Azure", b"Azur\xe9"))

    with pytest.raises(MaksaError, match=rf"{DESCRIPTIONS}: line 14: bytes that are not UTF-8: e9"):
        report_of(folder)


def is_told(folder) -> bool:
    """Whether the load ends in an error that names the release, or in a report that counts every row."""
    try:
        report = report_of(folder)
    except MaksaError as error:
        return str(folder) in str(error)
    return report.read == report.kept + report.refused + report.skipped


cells = (
    st.sampled_from(["", "0", "1", BLUE, NAVY, "20200101", "99999999", "x", "\x00", "é", "\ufffd", "#5", "\r"])
    | st.text()
)
tables = st.lists(st.lists(cells, max_size=11), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(tables, tables, tables, tables))
def test_any_cells_are_findings_or_errors_and_every_row_is_counted(tmp_path_factory, given_tables):
    """No text, however odd, ends a load otherwise."""
    folder = tmp_path_factory.mktemp("fuzz")
    for kind, rows in zip((CONCEPT, DESCRIPTION, RELATIONSHIP, LANGUAGE), given_tables, strict=True):
        text = text_of(kind, [*colours()[kind], *rows])
        (folder / NAMES[kind].format("Snapshot")).write_bytes(text.encode(errors="surrogatepass"))

    assert is_told(folder)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 5000), st.booleans())
def test_any_bytes_in_a_member_are_findings_or_errors(tmp_path_factory, noise, at, replaces):
    """A disk that writes over a file, or into it."""
    folder = tmp_path_factory.mktemp("noise")
    for kind, rows in colours().items():
        raw = text_of(kind, rows).encode()
        if kind is DESCRIPTION:
            raw = raw[:at] + noise + raw[at + len(noise) * replaces :]
        (folder / NAMES[kind].format("Snapshot")).write_bytes(raw)

    assert is_told(folder)
