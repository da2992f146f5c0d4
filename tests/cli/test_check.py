"""`maksa check`: sums to read, a report to keep, a corrected file, and an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from maksa.wire.faults import Exit

OLD = "MOMETASONE 0.1 % CREAM"
NOW = "MOMETASONE FUROATE 0.1 % 15 g CREAM"


@pytest.fixture
def messages(release, tmp_path: Path) -> Path:
    """Two versions of a list, and a file of messages with an old display, another keyboard's letters and an unknown code."""
    release("eRX", "1000", "code,value", f"60281,{OLD}", "1,یک", at="1400/05/06")
    release("eRX", "10000", "code,value", f"60281,{NOW}", "1,یک", at="1401/05/06")
    path = tmp_path / "messages.csv"
    path.write_text(f"terminology,code,value\neRX,60281,{OLD}\neRX,1,يك\neRX,60281,{NOW}\neRX,7654321,هیچ\n", "utf-8")
    return path


def test_a_file_is_judged_and_summed_up(maksa, messages):
    """On standard output what people read; the exit code is 1 where something would be refused."""
    run = maksa("check", messages)

    assert run.code == Exit.NO
    assert f"{messages}: csv, 4 coded texts in" in run.out
    assert "valid 1 · with warnings only 1 · refused 2 · certain corrections 2" in run.out
    assert f"old-display\trefusal\t1\trow 2: '{OLD}' was the display of '60281' until version 1000" in run.out
    assert "eRX\t4\t2" in run.out


def test_what_the_service_would_take_is_exit_code_0(maksa, messages):
    """Warnings are told and are no refusal."""
    messages.write_text("terminology,code,value\neRX,1,يك\n", "utf-8")
    run = maksa("check", messages)

    assert (run.code, "keyboard\twarning\t1" in run.out) == (0, True)


def test_json_has_every_finding_and_the_sums(maksa, messages):
    facts = maksa("check", messages, "--json").json

    assert [(each["place"], each["valid"]) for each in facts["found"]] == [
        ({"row": 2}, False), ({"row": 3}, True), ({"row": 5}, False),
    ]  # fmt: skip
    assert facts["found"][0]["correction"] == {"terminology_id": "eRX", "code": "60281", "display": NOW}
    assert facts["found"][0]["findings"][0]["slug"] == "old-display"
    assert (facts["summary"]["checked"], facts["summary"]["refused"]) == (4, 2)


def test_a_date_and_a_version_are_judged_by(maksa, messages):
    assert maksa("check", messages, "--at", "1400/06/01", "--json").json["found"][0]["place"] == {"row": 3}
    assert maksa("check", messages, "--version", "1000", "--json").json["summary"]["counts"]["later-display"] == 1
    assert maksa("check", messages, "--version", "1000", "--at", "1400/06/01").code == Exit.USAGE


def test_a_report_is_a_workbook_in_both_languages(maksa, messages, tmp_path):
    """A row for each finding, the counts on a last sheet."""
    maksa("check", messages, "--report", tmp_path / "report.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx"))
    rows = book.get_sheet_by_index(0).to_python()

    assert [row[8] for row in rows] == ["finding · یافته", "old-display", "keyboard", "unknown-code"]
    assert rows[1][1] == 2
    assert rows[1][10].startswith(f"«{OLD}» متن نسخهٔ «1000» است")
    assert rows[1][11:14] == ["eRX", "60281", NOW]
    assert ["refused · ردشده", 2] in book.get_sheet_by_name("counts").to_python()


def test_a_report_is_json_by_its_name(maksa, messages, tmp_path):
    maksa("check", messages, "--report", tmp_path / "report.json")
    facts = json.loads((tmp_path / "report.json").read_text("utf-8"))

    assert len(facts["found"]) == 3
    assert facts["summary"]["checked"] == 4


def test_a_corrected_file_is_written_beside_it(maksa, messages, tmp_path):
    """Only what is certain: the unknown code stays."""
    run = maksa("check", messages, "--corrected", tmp_path / "right.csv")

    assert f"corrected: {tmp_path / 'right.csv'}" in run.err
    assert (tmp_path / "right.csv").read_text("utf-8") == messages.read_text("utf-8").replace(OLD, NOW).replace(
        "يك", "یک"
    )
    assert maksa("check", tmp_path / "right.csv", "--json").json["summary"]["counts"] == {"unknown-code": 1}


def test_what_is_in_the_way_is_said_before_a_long_file_is_read(maksa, messages, tmp_path):
    """And nothing is left behind."""
    assert maksa("check", messages, "--report", messages).code == Exit.USAGE
    assert maksa("check", messages, "--corrected", messages).code == Exit.MACHINE
    assert maksa("check", messages, "--corrected", tmp_path / "no" / "x.csv").code == Exit.MACHINE
    assert maksa("check", tmp_path / "nothing.csv").code == Exit.SOURCE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "list.csv", "messages.csv"]


def test_columns_are_named(maksa, messages):
    """One id for all rows, codes alone."""
    messages.write_text("شماره;دارو\n60281;x\n۱;y\n", "utf-8")

    run = maksa("check", messages, "--terminology", "eRX", "--code", "شماره", "--display", "-", "--json")
    assert run.json["summary"]["counts"] == {"code-digits": 1}
    assert maksa("check", messages).code == Exit.SOURCE
