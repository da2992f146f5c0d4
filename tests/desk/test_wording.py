"""The desk's words for what comes from elsewhere: findings, forms of files, errors with their facts."""

from __future__ import annotations

from string import Formatter

from maksa.desk.orders import OWN_FAULTS, Fault
from maksa.loaders.recognition import FORMS
from maksa.loaders.wording import WORDINGS
from maksa.model.errors import ColumnMissingError, tree
from maksa.pages.wording import wording_of

WORDS = wording_of("fa").texts


def section(name: str) -> dict[str, str]:
    return {key.partition(".")[2]: text for key, text in WORDS.items() if key.startswith(f"{name}.")}


def places(text: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(text) if place}


def test_every_kind_of_finding_has_a_name():
    """An operator reads no slugs."""
    assert section("desk_kind").keys() == WORDINGS.keys()


def test_every_form_of_a_file_has_a_name():
    """The one that was recognised, and those to choose from."""
    assert section("desk_form").keys() == {form.name for form in FORMS}


def test_every_fault_that_has_words_is_one():
    """Errors of the tree, and those of a job's own."""
    known = {kind.slug for kind in tree()} | set(OWN_FAULTS) | {"title", "other", "detail"}

    assert section("desk_fault").keys() - known == set()


def test_facts_that_are_put_into_words_are_the_errors_own():
    """A place that no error fills would be a fault of ours in the place of theirs."""
    told = {kind.slug: places(kind.template) | {"field", "case", "reason"} for kind in tree()}
    longest_first = sorted(told, key=len, reverse=True)
    slugs = {name: next(slug for slug in longest_first if name.startswith(slug)) for name in section("desk_fact")}

    assert {name for name, text in section("desk_fact").items() if places(text) - told[slugs[name]]} == set()


def test_a_fault_keeps_its_facts_as_texts():
    """Lists as a line of them."""
    fault = Fault.of(ColumnMissingError(file="a.csv", role="code", columns=["a", "b"]))

    assert fault.facts == {"file": "a.csv", "role": "code", "columns": "a، b"}
