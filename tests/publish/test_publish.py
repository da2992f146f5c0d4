"""Publishing: what a version is when it has come through the wall, and what does not come through."""

import datetime as dt

import pytest

from maksa.model.concept import Concept, Designation, Property
from maksa.model.errors import (
    DateOrderError,
    DraftLockedError,
    EmptyDraftError,
    FutureDateError,
    HierarchyError,
    IntegrityError,
    RepeatedCodeError,
    UnknownDraftError,
    VersionExistsError,
)
from maksa.model.terminology import Notice
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.manifest import file_of
from maksa.snapshot.verify import verify
from tests.publish.conftest import DAY, NOON, House

NOTICE = Notice(number="110/128", date=dt.date(2021, 7, 28), title="ابلاغ دارو", remarks="با مکمل‌ها")
TEHRAN = Concept(
    "23",
    "تهران",
    "fa",
    designations=(Designation("en", "Tehran"),),
    properties=(Property("centre", "تهران"),),
    parents=("IR",),
)


def test_a_published_version_answers_from_the_shelf(house):
    """Its facts, its notice, and every concept with all that hangs on it."""
    house.load("countryDivisions", "1400", [TEHRAN, Concept("IR", "ایران", "fa")], title="تقسیمات کشوری")
    version = house.publish("COUNTRYDIVISIONS", "1400", NOON, notice=NOTICE)
    snapshot = house.shelf.terminology("countryDivisions").last.snapshot

    assert snapshot.version == version
    assert (version.terminology_id, version.label, version.title) == ("countryDivisions", "1400", "تقسیمات کشوری")
    assert (version.number, version.row, version.concepts, version.published_at) == (1, 1, 2, NOON)
    assert version.notice == NOTICE
    assert snapshot.display("23") == "تهران"
    tehran = snapshot.concept("23")
    assert (tehran.designations, tehran.properties, tehran.parents) == (TEHRAN.designations, TEHRAN.properties, ("IR",))
    assert (tehran.created, tehran.changed) == (NOON, NOON)


def test_the_file_is_named_by_its_bytes_and_verifies(house):
    """Nothing else is left in the shelf but the manifest and the lock."""
    version = house.release("ContactType", "1", {"1": "تلفن منزل"})

    assert [fault for _, fault in verify(house.folder)] == [None]
    assert sorted(path.name for path in house.folder.iterdir()) == sorted(
        [".lock", file_of(house.folder, version).name, "manifest.json"]
    )


def test_the_catalog_lists_what_is_published(house):
    """The draft's rows are gone."""
    version = house.release("ContactType", "1", {"1": "تلفن منزل"})

    assert house.catalog.versions("ContactType") == [version]
    assert house.catalog.drafts() == []


def test_now_is_whole_seconds_of_utc(house):
    """A clock of another zone, with a fraction."""
    tehran = dt.timezone(dt.timedelta(hours=3, minutes=30))
    house.load("ContactType", "1", [Concept("1", "تلفن منزل", "fa")])
    version = house.publish("ContactType", "1", clock=lambda: dt.datetime(2021, 7, 28, 15, 30, 0, 999_999, tehran))

    assert version.published_at == NOON
    assert version.published_at.utcoffset() == dt.timedelta(0)


def test_rows_count_publications_and_numbers_count_drafts(house):
    """The wire's id and VersionId: the list that was loaded first is published last."""
    house.load("eRX", "1", [Concept("1", "استامینوفن", "fa")])
    house.release("IRC", "1", {"1": "استامینوفن"}, NOON)
    house.publish("eRX", "1", NOON)

    assert [(version.terminology_id, version.row, version.number) for version in house.manifest.versions] == [
        ("IRC", 1, 2),
        ("eRX", 2, 1),
    ]


def test_a_history_may_be_loaded_oldest_first(house):
    """Past dates, two versions of the same second too."""
    for label, at in (("1", NOON), ("2", NOON + DAY), ("3", NOON + DAY)):
        house.release("ContactType", label, {"1": "تلفن منزل"}, at)

    assert [version.published_at for version in house.manifest.versions] == [NOON, NOON + DAY, NOON + DAY]


def test_a_version_dated_before_the_last_is_refused(house):
    """A history is loaded oldest first. [contract §4]"""
    house.release("ContactType", "2", {"1": "تلفن منزل"}, NOON)
    house.release("Country", "1", {"IR": "ایران"}, NOON - DAY)  # another terminology has its own history

    with pytest.raises(
        DateOrderError, match=r"ContactType '1' is dated 2021-07-27 12:00:00.*'2' of 2021-07-28 12:00:00"
    ):
        house.release("ContactType", "1", {"1": "تلفن خانه"}, NOON - DAY)
    assert len(house.manifest.versions) == 2


def test_a_version_of_tomorrow_is_refused(house):
    """Nobody could ask for it yet."""
    house.load("ContactType", "1", [Concept("1", "تلفن منزل", "fa")])

    with pytest.raises(FutureDateError, match="2021-07-29 12:00:00"):
        house.publish("ContactType", "1", NOON + DAY, clock=lambda: NOON)


def test_a_label_is_published_once(house):
    """A published version never changes. [contract §4]"""
    house.release("ContactType", "1", {"1": "تلفن منزل"})

    with pytest.raises(VersionExistsError):
        house.publish("contacttype", "1")
    with pytest.raises(VersionExistsError):
        house.release("ContactType", "1", {"1": "تلفن خانه"})


def test_what_was_never_loaded_is_not_published(house):
    """The label is named."""
    with pytest.raises(UnknownDraftError, match="no draft of ContactType labelled '1'"):
        house.publish("ContactType", "1")


def test_an_empty_draft_is_refused(house):
    """A file whose every row was refused."""
    house.load("ContactType", "1", [])

    with pytest.raises(EmptyDraftError, match="ContactType '1' holds no concept"):
        house.publish("ContactType", "1")


def test_a_repeated_code_is_refused(house):
    """The loader says so first; nothing gets by here either."""
    house.load("ContactType", "1", [Concept(code, "تلفن", "fa") for code in ("2", "1", "2")])

    with pytest.raises(RepeatedCodeError, match="the code '2' more than once"):
        house.publish("ContactType", "1")


def divisions(**parents):
    return [Concept(code, code, "en", parents=tuple(above)) for code, above in parents.items()]


@pytest.mark.parametrize(
    ("concepts", "reason"),
    [
        (divisions(a="a"), "a code is above itself: a → a$"),
        (divisions(a="b", b="c", c="ad", d="", e="b"), "a code is above itself: a → b → c → a$"),
    ],
)
def test_parents_that_make_no_hierarchy_are_refused(house, concepts, reason):
    """None is above itself; the codes are named."""
    house.load("countryDivisions", "1", concepts)

    with pytest.raises(HierarchyError, match=f"countryDivisions '1': {reason}"):
        house.publish("countryDivisions", "1")
    assert house.manifest.versions == ()


def test_a_parent_that_is_no_concept_leaves_no_row(house):
    """Its load has told of it; an extension's parents may stand in another issuer's list."""
    house.load("SNOMEDCT", "1", divisions(top="", below=["top", "elsewhere"]))
    house.publish("SNOMEDCT", "1")

    assert house.shelf.terminology("SNOMEDCT").last.snapshot.ancestors("below") == [("top", 1)]


def test_a_concept_may_have_many_parents(house):
    """A diamond is no cycle."""
    house.load("SNOMEDCT", "1", divisions(top="", left=["top"], right=["top"], both=["right", "left"]))
    house.publish("SNOMEDCT", "1")

    above = house.shelf.terminology("SNOMEDCT").last.snapshot.ancestors("both")
    assert above == [("left", 1), ("right", 1), ("top", 2)]


def test_a_refused_draft_stays_and_leaves_nothing_on_the_shelf(house):
    """It can be mended and published."""
    draft = house.load("countryDivisions", "1", divisions(a="a"))
    with pytest.raises(HierarchyError):
        house.publish("countryDivisions", "1")

    assert house.catalog.drafts() == [draft]
    assert [path.name for path in house.folder.iterdir()] == [".lock"]


def test_nothing_is_built_on_a_damaged_version(house):
    """A bit that fell over would be carried into every later version."""
    version = house.release("ContactType", "1", {"1": "تلفن منزل"})
    path = file_of(house.folder, version)
    spoilt = bytearray(path.read_bytes())
    spoilt[-1] ^= 1
    path.write_bytes(spoilt)

    with pytest.raises(IntegrityError, match="SHA-256"):
        house.release("ContactType", "2", {"1": "تلفن منزل"})
    assert house.release("Country", "1", {"IR": "ایران"}).row == 2


def test_a_second_publisher_waits_and_then_says_for_whom(house):
    """The lock is the shelf's."""
    house.load("ContactType", "1", [Concept("1", "تلفن منزل", "fa")])
    house.wait_s = 0.1

    house.folder.mkdir()
    with only_publisher(house.folder, 1.0), pytest.raises(DraftLockedError, match=f"the shelf {house.folder}"):
        house.publish("ContactType", "1")
    assert house.publish("ContactType", "1").row == 1


def test_progress_is_told(house):
    """In order: concepts, hierarchy, search."""
    told = []
    house.load("ContactType", "1", [Concept("1", "تلفن منزل", "fa")])
    house.publish("ContactType", "1", progress=lambda phase, done: told.append((phase, done)))

    assert told[0] == ("concepts", 1)
    assert {phase for phase, _ in told} == {"concepts", "indexes", "hierarchy", "search", "digest"}


def test_one_history_is_one_shelf_whatever_the_catalog(tmp_path, postgres_database):
    """Content-addressed: the same drafts and dates give the same bytes, from SQLite and from PostgreSQL."""
    shelves = []
    for name, url in (("sqlite", ""), ("postgresql", postgres_database)):
        (tmp_path / name).mkdir()
        house = House(tmp_path / name, url=url)
        house.load("countryDivisions", "1", [TEHRAN, Concept("IR", "ایران", "fa")])
        house.publish("countryDivisions", "1", NOON, notice=NOTICE)
        house.release("countryDivisions", "2", {"۲": "تهران", "IR": "ایران", "02": "گیلان"}, NOON + DAY)
        shelves.append(house.manifest)
        assert house.catalog.versions("countryDivisions") == list(house.manifest.versions)
        house.catalog.close()

    assert shelves[0] == shelves[1]
