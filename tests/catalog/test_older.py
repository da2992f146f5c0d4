"""A catalog of an older maksa: its drafts are there still, edited and published as if they were loaded now."""

import contextlib
from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from maksa.catalog import Catalog
from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.terminology import Imprint
from tests.catalog.conftest import report

PLAIN = [Concept(f"{number:04}", f"مفهوم {number}", "fa") for number in reversed(range(600))]
RICH = Concept(
    "4110121001",
    "Tehran",
    "en",
    designations=(Designation("fa", "تهران"),),
    properties=(Property("population", "8693706", "integer"),),
    parents=("41101",),
    status="inactive",
)
ENTRIES = [MapEntry("A00", "1", order=2), MapEntry("A00", "2", order=1), MapEntry("A01", "")]

_OLD = """
CREATE TABLE draft_concept (
    version BIGINT NOT NULL, position INTEGER NOT NULL, code TEXT NOT NULL, display TEXT NOT NULL, rest {bytes},
    PRIMARY KEY (version, position)
)
"""


def rest_of(concept: Concept) -> bytes | None:
    """What schema 1 had in its column `rest`."""
    if concept.language == "fa" and not concept.parents:
        return None
    parts = [concept.designations, concept.properties, concept.parents, concept.status]
    return msgspec.msgpack.encode([concept.language, *parts])


@contextlib.contextmanager
def changing(url: str) -> Iterator[Connection]:
    """A transaction on the catalog at *url*, past all of maksa."""
    parsed = make_url(url)
    engine = create_engine(parsed if parsed.drivername == "sqlite" else parsed.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def made_second(connection: Connection) -> None:
    """The tables as schema 2 had them: without issuer and licence."""
    for name in ("issuer", "licence"):
        connection.execute(text(f"ALTER TABLE version DROP COLUMN {name}"))
    connection.execute(text("UPDATE setting SET value = 2 WHERE name = 'schema_version'"))


def made_old(url: str) -> None:
    """The catalog at *url* as schema 1 had it: a row for each concept or entry."""
    is_sqlite = url.startswith("sqlite")
    rows = [(1, place, each.code, each.display, rest_of(each)) for place, each in enumerate([*PLAIN, RICH], 1)]
    rows += [
        (2, place, each.source, each.target, msgspec.msgpack.encode(each)) for place, each in enumerate(ENTRIES, 1)
    ]
    with changing(url) as connection:
        made_second(connection)
        connection.execute(text("DROP TABLE draft_block"))
        connection.execute(text(_OLD.format(bytes="BLOB" if is_sqlite else "BYTEA")))
        names = ("version", "position", "code", "display", "rest")
        insert = text("INSERT INTO draft_concept VALUES (:version, :position, :code, :display, :rest)")
        connection.execute(insert, [dict(zip(names, row, strict=True)) for row in rows])
        connection.execute(text("UPDATE setting SET value = 1 WHERE name = 'schema_version'"))


@pytest.fixture
def drafts(url):
    """The drafts of a list and of a map, in a catalog that is of schema 1 now."""
    with Catalog.open(url) as catalog:
        listed = catalog.write_draft("countryDivisions", "1", [*PLAIN, RICH], published=(), report=report())
        concept_map = ConceptMap(map_id="A-B", source_id="A", target_id="B")
        mapped = catalog.write_map(concept_map, "1", ENTRIES, published=(), report=report())
    made_old(url)
    return listed, mapped


def test_its_drafts_are_what_they_were(url, drafts):
    """Concepts with all that hangs on them, in both orders; the entries of a map."""
    listed, mapped = drafts
    with Catalog.open(url) as catalog:
        assert catalog.drafts() == [listed, mapped]
        assert sorted(catalog.draft_concepts(listed)) == list(enumerate([*PLAIN, RICH], 1))
        assert [each.target for each in catalog.draft_entries(mapped)] == ["2", "1", ""]


def test_its_drafts_are_edited_and_replaced(url, drafts):
    """Opened twice: what was carried over once is left alone."""
    Catalog.open(url).close()
    with Catalog.open(url) as catalog:
        with catalog.edit("countryDivisions", "1") as edit:
            edit.named({RICH.code})
            assert edit.put({RICH.code: None}).concepts == len(PLAIN)
        assert catalog.write_draft("countryDivisions", "1", [RICH], published=(), report=report()).number == 1
        assert [concept for _, concept in catalog.draft_concepts(catalog.draft("countryDivisions", "1"))] == [RICH]


def test_of_the_schema_before_a_draft_has_no_issuer_and_the_next_one_may(url):
    """Schema 2: what is there stays as it was, and takes what is new."""
    with Catalog.open(url) as catalog:
        before = catalog.write_draft("Mine", "1", [RICH], published=(), report=report())
    with changing(url) as connection:
        made_second(connection)
    with Catalog.open(url) as catalog:
        after = catalog.write_draft("Mine", "2", [RICH], published=(), report=report(), imprint=Imprint("من", "آزاد"))

        assert catalog.drafts() == [before, after]
        assert (before.imprint, catalog.draft("Mine", "2").imprint) == (Imprint(), Imprint("من", "آزاد"))
