"""A file against the last version of its terminology."""

from __future__ import annotations

from tests.loaders.conftest import Dictionary, Load, Workbook

LAST = Dictionary({"60002": "ACETAMINOPHEN", "60281": "MOMETASONE", "00012": "IRON", "0013": "ZINC"})


def test_what_did_not_change_is_not_worth_a_word(load: Load) -> None:
    same = "code,value\n60002,ACETAMINOPHEN\n60281,MOMETASONE\n00012,IRON\n0013,ZINC\n"

    assert load(same, previous=LAST).report.counts == {}


def test_a_changed_display_shows_the_former_one(load: Load) -> None:
    """Another keyboard's letters are a change too: the wire sends what was published."""
    loaded = load("code,value\n1,علي\n", previous=Dictionary({"1": "علی"}))

    changed = loaded.report.findings[1]
    assert (changed.slug, changed.row, changed.column, changed.value) == ("display-changed", 2, "value", "علي")
    assert changed.message == "the code '1' was 'علی' in the last version"


def test_codes_that_are_gone_are_counted_once(load: Load) -> None:
    """A code whose row was refused is gone too."""
    loaded = load("code,value\n60002,ACETAMINOPHEN\n60281,\n", previous=LAST)

    assert loaded.report.counts == {"blank-display": 1, "retired": 3}
    gone = loaded.report.findings[1]
    assert gone.message == "3 codes of the last version are not in this file: 60281, 00012, 0013"


def test_a_code_whose_padded_form_was_published_has_lost_its_zeros(load: Load, workbook: Workbook) -> None:
    """In text as in a workbook, where the number itself is told too."""
    rows = [["code", "value"], ["12", "IRON"], ["13", "ZINC"], ["14", "new"]]
    text = load("\n".join(map(",".join, rows)) + "\n", previous=LAST)
    book = load(workbook({"a": [["code", "value"], [12, "IRON"]]}), previous=LAST)

    assert [found.message for found in text.report.findings[:2]] == [
        "leading zeros seem lost: the last version has no '12' but '00012'",
        "leading zeros seem lost: the last version has no '13' but '0013'",
    ]
    assert text.report.counts == {"leading-zeros": 2, "retired": 4}
    assert book.report.counts == {"leading-zeros": 1, "number-code": 1, "retired": 4}


def test_a_first_version_has_nothing_to_be_compared_with(load: Load) -> None:
    assert load("code,value\n12,IRON\n", previous=None).report.counts == {}
