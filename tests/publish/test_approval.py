"""What was approved is what is published, or nothing is."""

import hashlib

import msgspec
import pytest

from maksa.model.concept import Concept, Designation
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import ApprovalVoidError
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint
from maksa.publish import Approved, fingerprint_of

TWO = [Concept("2", "دوم", "fa"), Concept("1", "نخست", "fa")]


def fingerprint(house, label="1", terminology_id="ContactType"):
    draft = house.catalog.draft(terminology_id, label)
    return fingerprint_of(draft, house.catalog.draft_concepts(draft))


def test_what_was_approved_is_published(house):
    """The fingerprint that the review took is the one that publishing finds."""
    house.load("ContactType", "1", TWO)
    version = house.publish("ContactType", "1", approved=Approved(fingerprint(house), ""))

    assert [listed.digest for listed in house.manifest.versions] == [version.digest]


@pytest.mark.parametrize(
    "changed",
    [
        [Concept("2", "دوم", "fa"), Concept("1", "نخستین", "fa")],
        [Concept("1", "نخست", "fa"), Concept("2", "دوم", "fa")],  # in another order
        [Concept("2", "دوم", "fa", (Designation("en", "second"),)), Concept("1", "نخست", "fa")],
        [*TWO, Concept("3", "سوم", "fa")],
    ],
)
def test_a_draft_that_was_changed_after_its_approval_is_not_published(house, changed):
    """A wording, a place, a designation, a concept: nothing slips through between the two."""
    house.load("ContactType", "1", TWO)
    approved = Approved(fingerprint(house), "")
    house.load("ContactType", "1", changed)

    with pytest.raises(ApprovalVoidError, match="changed after it was approved"):
        house.publish("ContactType", "1", approved=approved)
    assert house.manifest.versions == ()
    assert [draft.label for draft in house.catalog.drafts()] == ["1"]


def test_an_approval_is_void_once_another_version_came_between(house):
    """The comparison that was read was with an older version."""
    house.load("ContactType", "2", TWO)
    approved = Approved(fingerprint(house, "2"), "")
    house.release("ContactType", "1", {"1": "نخست"})

    with pytest.raises(ApprovalVoidError, match="compared with nothing, and the last version is '1' now"):
        house.publish("ContactType", "2", approved=approved)


def test_a_map_is_approved_likewise(house):
    """Its fingerprint is of its entries."""
    report = LoadReport(file="map.csv", sheet="", terminology_id="A-B", label="1", recognised={})
    concept_map = ConceptMap(map_id="A-B", title="", source_id="A", target_id="B")

    def load(target):
        entries = [MapEntry("1", target, "equivalent")]
        return house.catalog.write_map(concept_map, "1", entries, published=house.manifest.versions, report=report)

    draft = load("2")
    approved = Approved(fingerprint_of(draft, house.catalog.draft_entries(draft)), "")
    load("3")
    with pytest.raises(ApprovalVoidError):
        house.publish("A-B", "1", approved=approved)
    load("2")

    assert house.publish("A-B", "1", approved=approved).kind == "map"


@pytest.mark.parametrize("changed", [Imprint("دانشگاه"), Imprint("انجمن", "آزاد"), Imprint()])
def test_who_issues_it_and_its_licence_are_approved_too(house, changed):
    """They are shown to whoever says yes."""
    house.load("Mine", "1", TWO, imprint=Imprint("انجمن"))
    approved = Approved(fingerprint(house, terminology_id="Mine"), "")
    house.load("Mine", "1", TWO, imprint=changed)

    with pytest.raises(ApprovalVoidError, match="changed after it was approved"):
        house.publish("Mine", "1", approved=approved)


def test_without_an_issuer_the_fingerprint_is_what_it_always_was(house):
    """An approval that waits while maksa is brought up to date holds."""
    draft = house.load("ContactType", "1", TWO)
    sum_ = hashlib.sha256(msgspec.json.encode([draft.terminology_id, draft.label, draft.title, None]))
    for row in house.catalog.draft_concepts(draft):
        sum_.update(msgspec.json.encode(row))

    assert fingerprint(house) == sum_.hexdigest()
