"""Counts are exact, memory is bounded, and a spill has everything."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from maksa.loaders.gathering import KEPT_PER_SLUG, VALUE_LIMIT
from maksa.model.errors import DiskFullError, ReadOnlyError
from maksa.model.finding import Finding
from tests.loaders.conftest import Load

MANY = "code,value\n" + "".join(f" {number},كد\n" for number in range(250)) + ",x\n"


def test_counts_are_exact_where_findings_are_bounded(load: Load) -> None:
    report = load(MANY).report

    assert report.counts == {"trimmed": 250, "arabic-letters": 250, "blank-code": 1}
    assert [sum(found.slug == slug for found in report.findings) for slug in report.counts] == [100, 100, 1]
    assert KEPT_PER_SLUG == 100
    assert sum(report.counts.values()) == sum(found.count for found in report.findings) + report.more


def test_a_spill_has_every_finding(load: Load, tmp_path: Path) -> None:
    """As lines of JSON, appended: two loads may share one."""
    spill = tmp_path / "findings.jsonl"
    load(MANY, spill=spill)
    load("code,value\n,x\n", spill=spill)

    findings = [msgspec.json.decode(line, type=Finding) for line in spill.read_bytes().splitlines()]
    assert len(findings) == 502
    assert (findings[500].slug, findings[500].row, findings[501].row) == ("blank-code", 252, 2)


def test_without_findings_there_is_no_spill(load: Load, tmp_path: Path) -> None:
    load("code,value\n1,x\n", spill=tmp_path / "findings.jsonl")

    assert not (tmp_path / "findings.jsonl").exists()


def test_a_spill_that_cannot_be_written_is_told_from_a_full_disk(load: Load, tmp_path: Path) -> None:
    with pytest.raises(ReadOnlyError, match="findings"):
        load(MANY, spill=tmp_path / "nowhere" / "findings.jsonl")
    if Path("/dev/full").exists():
        with pytest.raises(DiskFullError, match="/dev/full: no space left"):
            load(MANY, spill=Path("/dev/full"))


def test_a_value_is_cut_where_a_finding_shows_it(load: Load) -> None:
    loaded = load("code,value\n1, " + "x" * 10_000 + "\n")

    assert len(loaded.only.value) == VALUE_LIMIT == 200
    assert len(loaded.concepts[0].display) == 10_000
