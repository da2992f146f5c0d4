"""The mirror of what was published: the manifest is right, whatever the catalog thinks."""

import datetime as dt

import pytest
from msgspec.structs import replace

from maksa.model.concept import Concept
from maksa.model.errors import UnknownDraftError, VersionExistsError
from maksa.model.terminology import Notice, Version

FIRST = Version(
    terminology_id="eRX",
    label="10000",
    number=1,
    row=1,
    published_at=dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC),
    title="دارو",
    concepts=12_597,
    notice=Notice(number="110/128", date=dt.date(2021, 7, 28), title="ابلاغ دارو", remarks="با مکمل‌ها"),
    digest="0" * 64,
    size=4096,
)
SECOND = replace(FIRST, label="10001", number=7, row=2, digest="1" * 64)


def test_a_published_version_is_listed_as_the_manifest_has_it(catalog):
    """Every fact of it, the notice too."""
    catalog.reconcile([FIRST, SECOND])

    assert catalog.versions("ERX") == [FIRST, SECOND]
    assert catalog.versions("IRC") == []
    (entry,) = catalog.terminologies()
    assert (entry.terminology_id, entry.title, entry.published, entry.drafts) == ("eRX", "دارو", 2, 0)


def test_reconciling_again_changes_nothing(catalog, write):
    """A crash between any two steps is mended by doing them again."""
    draft = write("IRC", "1", published=[FIRST])
    for _ in range(2):
        catalog.reconcile([FIRST])

    assert catalog.versions("eRX") == [FIRST]
    assert catalog.drafts() == [draft]


def test_a_draft_that_the_manifest_has_is_published(catalog, write):
    """The process died after the manifest was replaced: the draft's rows go."""
    draft = write("eRX", "10000")
    catalog.reconcile([FIRST])

    assert catalog.drafts() == []
    assert list(catalog.draft_concepts(draft)) == []
    assert catalog.versions("eRX") == [FIRST]


def test_a_published_label_is_never_loaded_again(catalog, write):
    """A published version never changes. [contract §4]"""
    with pytest.raises(VersionExistsError, match="eRX already has a published version '10000'"):
        write("ERX", "10000", published=[FIRST])

    assert catalog.drafts() == []


def test_numbers_start_above_the_manifest_s(write):
    """The catalog was lost and made anew; the shelf was not."""
    assert write("eRX", "10002", published=[FIRST, SECOND]).number == 8


def test_a_version_that_left_the_manifest_is_not_listed(catalog):
    """An operator went back to an older manifest."""
    catalog.reconcile([FIRST, SECOND])
    catalog.reconcile([FIRST])

    assert catalog.versions("eRX") == [FIRST]
    catalog.reconcile([])
    assert catalog.terminologies() == []


def test_a_line_that_differs_is_taken_from_the_manifest(catalog):
    """The same number says another thing: the mirror is wrong."""
    catalog.reconcile([FIRST])
    catalog.reconcile([replace(FIRST, digest="2" * 64)])

    assert [version.digest for version in catalog.versions("eRX")] == ["2" * 64]


def test_versions_that_swapped_numbers_are_followed(catalog):
    """All that is wrong goes before anything comes: labels and numbers are unique at every step."""
    catalog.reconcile([FIRST, SECOND])
    swapped = [replace(FIRST, number=7), replace(SECOND, number=1)]
    catalog.reconcile(swapped)

    assert catalog.versions("eRX") == swapped


def test_a_draft_whose_number_was_published_meanwhile_gets_another(catalog, write):
    """An old copy of the catalog was put back: its draft has a number that the manifest gave to something else."""
    draft = write("IRC", "1")
    assert draft.number == FIRST.number
    catalog.reconcile([FIRST, SECOND])

    (kept,) = catalog.drafts()
    assert kept.number > SECOND.number
    assert len(list(catalog.draft_concepts(kept))) == 3


def test_the_manifest_s_spelling_wins_over_a_draft_s(catalog, write):
    """A terminology is defined when its first version is published. [contract §4]"""
    write("ERX", "2")
    catalog.reconcile([FIRST])

    assert catalog.spelling("erx") == "eRX"
    assert catalog.draft("eRX", "2").terminology_id == "eRX"


def test_a_held_draft_ends_with_its_publication(catalog, write):
    """One transaction: it is listed as published and its rows are gone."""
    write("eRX", "10000", concepts=[Concept("1", "استامینوفن", "fa")])
    with catalog.hold("erx", "10000") as held:
        assert [concept.display for _, concept in held.concepts()] == ["استامینوفن"]
        held.mark_published(FIRST)

    assert catalog.drafts() == []
    assert catalog.versions("eRX") == [FIRST]


def test_a_held_draft_stays_when_publishing_fails(catalog, write):
    """Whatever was done in the block is undone."""
    draft = write("eRX", "10000")

    def publish():
        with catalog.hold("eRX", "10000") as held:
            next(held.concepts())
            held.mark_published(FIRST)
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        publish()
    assert catalog.drafts() == [draft]
    assert catalog.versions("eRX") == []


def test_holding_says_what_cannot_be_published(catalog, write):
    """Published already, or never loaded."""
    catalog.reconcile([FIRST])

    with pytest.raises(VersionExistsError), catalog.hold("eRX", "10000"):
        pass
    with pytest.raises(UnknownDraftError), catalog.hold("eRX", "10001"):
        pass
    with pytest.raises(UnknownDraftError), catalog.hold("Country", "1"):
        pass
    assert catalog.spelling("Country") is None
