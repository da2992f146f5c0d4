"""Every error of the tree has words in every protocol."""

from __future__ import annotations

import pytest

from maksa.model.errors import MaksaError, MalformedParameterError, NotASnapshotError, tree
from maksa.wire.ditas.statuses import MESSAGES
from maksa.wire.faults import DITAS, EXIT, OAUTH, Exit, ditas_status, exit_code, oauth_fault

TABLES = {"DITAS": DITAS, "OAUTH": OAUTH, "EXIT": EXIT}
ERRORS = [each for each in tree() if each.__module__.startswith("maksa.")]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.slug)
def test_every_error_has_a_row_in_every_table(table, error):
    """Its own, or that of a class above it; the root's row is for the root alone."""
    above = [kind.slug for kind in error.__mro__ if issubclass(kind, MaksaError) and kind is not MaksaError]

    assert error is MaksaError or any(slug in TABLES[table] for slug in above)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_stale(table):
    """A row without its error is a spelling mistake or a left-over."""
    assert set(TABLES[table]) <= {error.slug for error in ERRORS}


def test_slugs_are_unique():
    """A table could not tell two classes of one slug apart."""
    assert len({error.slug for error in ERRORS}) == len(ERRORS)


def test_the_nearest_class_above_speaks():
    """A malformed parameter is a bad request everywhere; a foreign file is the provider's fault for a caller."""
    assert (ditas_status(MalformedParameterError), ditas_status(NotASnapshotError)) == (400, 503)
    assert oauth_fault(MalformedParameterError(field="a", message="b")) == ("invalid_request", 400)
    assert exit_code(NotASnapshotError(path="x", reason="y")) is Exit.SHELF


def test_what_was_not_raised_on_purpose_is_a_fault_of_ours():
    """Whatever it is called."""
    assert (ditas_status(KeyError()), oauth_fault(KeyError()), exit_code(KeyError)) == (500, ("server_error", 500), 70)


def test_every_status_has_the_gateways_words():
    """A refusal could not be written otherwise."""
    assert set(DITAS.values()) <= set(MESSAGES)


def test_every_exit_code_has_a_meaning():
    """For the documentation, which lists them."""
    assert all(code.meaning for code in Exit)
