"""A catalog and a shelf to publish in, and lists of concepts for hypothesis: small alphabets, so that codes meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies as st

from maksa.model.concept import Concept, Designation, Property
from tests.publish.conftest import House

CODES = ["1", "10", "2", "A", "آ", "ب"]
WORDS = ["تلفن", "منزل", "home", "work"]

concepts = st.lists(
    st.builds(
        Concept,
        code=st.sampled_from(CODES),
        display=st.sampled_from(WORDS),
        designations=st.lists(
            st.builds(Designation, st.sampled_from(["fa", "en"]), st.sampled_from(WORDS)), max_size=2
        ).map(tuple),
        properties=st.lists(
            st.builds(Property, st.sampled_from(["level", "kind"]), st.sampled_from(["1", "2"])), max_size=2
        ).map(tuple),
        status=st.sampled_from(["active", "retired"]),
    ),
    unique_by=lambda concept: concept.code,
    min_size=1,
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.catalog.close()
