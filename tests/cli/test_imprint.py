"""Who issues a list and under which licence, from a terminal: `maksa load --issuer --licence`."""

import json

import pytest

from maksa.home import Home
from maksa.model.terminology import Imprint
from maksa.snapshot.shelf import Shelf


@pytest.fixture
def file(tmp_path):
    """A list of one row."""
    path = tmp_path / "list.csv"
    path.write_text("code,value\n1,اسلام\n", encoding="utf-8")
    return path


@pytest.fixture
def published(maksa, file, tmp_path):
    """`published(label, *options)` loads and publishes; the imprint that the version has."""

    def do(label, *options):
        assert maksa("load", file, "--terminology", "Mine", "--version", label, *options).code == 0
        assert maksa("publish", "Mine", label).code == 0
        return last(tmp_path)

    return do


def last(tmp_path):
    view = Shelf.open(Home.of(str(tmp_path / "home")).shelf).view
    return (view.terminology("Mine") or view.map("Mine")).last.snapshot.imprint


def test_what_a_load_says_is_in_the_version(maksa, published):
    """In a line each; and `terminologies --json` tells it."""
    imprint = published("1", "--issuer", " انجمن  پرستاری\nایران ", "--licence", "CC BY 4.0")
    told = maksa("terminologies", "--json").json[0]

    assert imprint == Imprint("انجمن پرستاری ایران", "CC BY 4.0")
    assert (told["issuer"], told["licence"]) == ("انجمن پرستاری ایران", "CC BY 4.0")


def test_what_a_load_does_not_say_is_as_the_last_version_has_it(published):
    """As titles are kept; each of the two by itself."""
    published("1", "--issuer", "انجمن", "--licence", "آزاد")

    assert published("2") == Imprint("انجمن", "آزاد")
    assert published("3", "--licence", "با اجازه") == Imprint("انجمن", "با اجازه")
    assert published("4") == Imprint("انجمن", "با اجازه")


def test_a_draft_that_is_begun_from_a_version_has_what_that_says(maksa, published, tmp_path):
    """Not what the last one does."""
    published("1", "--licence", "آزاد")
    published("2", "--licence", "با اجازه")
    maksa("draft", "start", "Mine", "3", "--from", "1")
    told = maksa("draft", "list", "--json").json
    maksa("publish", "Mine", "3")

    assert told[0]["imprint"] == {"issuer": "", "licence": "آزاد"}
    assert last(tmp_path) == Imprint(licence="آزاد")


def test_a_damaged_last_version_stops_no_listing(maksa, published, tmp_path):
    """What it says of itself is not known then."""
    published("1", "--issuer", "انجمن")
    next(Home.of(str(tmp_path / "home")).shelf.glob("*.maksa")).write_bytes(b"")
    told = maksa("terminologies", "--json").json

    assert [(each["terminology_id"], each["issuer"]) for each in told] == [("Mine", "")]


def test_a_map_has_them_likewise(maksa, tmp_path):
    """Kept by `maksa map load`, which does not ask for them."""
    fhir = tmp_path / "map.json"
    fhir.write_text(_MAP, encoding="utf-8")
    assert maksa("load", fhir, "--terminology", "Mine", "--version", "1", "--licence", "آزاد").code == 0
    assert maksa("publish", "Mine", "1").code == 0
    table = tmp_path / "map.csv"
    table.write_text("source,target\n1,2\n", encoding="utf-8")
    loaded = maksa("map", "load", table, "--map", "Mine", "--version", "2", "--source", "A", "--target", "B",
                   "--source-column", "source", "--target-column", "target")  # fmt: skip
    maksa("publish", "Mine", "2")

    assert loaded.code == 0
    assert last(tmp_path) == Imprint(licence="آزاد")


def test_a_file_says_it_where_nobody_did(maksa, tmp_path):
    """A FHIR resource has a publisher and a copyright; what is published stays for the next load, and a finding tells of it."""
    file = tmp_path / "list.json"

    def load(label, publisher, *options):
        file.write_text(_SYSTEM % publisher, encoding="utf-8")
        told = maksa("load", file, "--terminology", "Mine", "--version", label, "--json", *options).json
        maksa("publish", "Mine", label)
        return told["recognised"], told["counts"]

    recognised, counts = load("1", "HL7", "--licence", "آزاد")
    first = last(tmp_path)
    load("2", "Another")

    assert (recognised["issuer"], recognised["licence"], counts) == ("HL7", "CC0", {})
    assert first == last(tmp_path) == Imprint("HL7", "آزاد")
    assert load("3", "Another", "--issuer", "Another")[1] == {"other-licence": 1}
    assert last(tmp_path) == Imprint("Another", "آزاد")


def test_an_export_says_it_and_a_load_of_that_takes_it(maksa, published, tmp_path):
    """Under another id too: what is whose does not change by that."""
    published("1", "--issuer", "انجمن", "--licence", "آزاد")
    copy = tmp_path / "copy.json"
    maksa("export", "Mine", "-o", copy)
    maksa("load", copy, "--terminology", "Copy", "--version", "1")
    told = maksa("draft", "list", "--json").json

    assert json.loads(copy.read_text("utf-8"))["imprint"] == {"issuer": "انجمن", "licence": "آزاد"}
    assert told[0]["imprint"] == {"issuer": "انجمن", "licence": "آزاد"}


_SYSTEM = """{"resourceType": "CodeSystem", "id": "s", "content": "complete", "publisher": "%s", "copyright": "CC0",
"concept": [{"code": "1", "display": "one"}]}"""
_MAP = """{"resourceType": "ConceptMap", "url": "http://a/map", "status": "active", "group": [{"source": "http://a/A",
"target": "http://a/B", "element": [{"code": "1", "target": [{"code": "1", "equivalence": "equivalent"}]}]}]}"""
