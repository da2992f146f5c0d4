"""`maksa map`: loaded, published, asked both ways, checked; on the real lists where they are."""

import csv
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
BETWEEN = ("--source", "IRC", "--target", "eRX", "--source-column", "IRC", "--target-column", "eRX")


@pytest.fixture
def publish_map(maksa, tmp_path):
    """Loads the lines of a map between IRC and eRX as a version, and publishes it."""

    def published(*lines, label="1", at="1402/01/01"):
        (tmp_path / "map.csv").write_text("\n".join(["IRC,eRX", *lines]) + "\n")
        loaded = maksa("map", "load", tmp_path / "map.csv", "--map", "IRC-eRX", "--version", label, *BETWEEN)
        assert loaded.code == 0, loaded.err
        done = maksa("publish", "IRC-eRX", label, "--at", at, "--notice-number", "110/130")
        assert done.code == 0, done.err
        return done

    return published


@pytest.fixture(autouse=True)
def lists(release):
    release("IRC", "1", "code,value", "9,ACA TABLET", "7,AXAR TABLET")
    release("eRX", "1", "code,value", "60000,ACA", "60001,AXAR")


def test_a_map_is_published_and_asked_both_ways(maksa, publish_map):
    """Through the commands that publish a terminology."""
    assert "2 entries" in publish_map("9,60000", "7,60000").out

    assert maksa("map", "show", "irc", "9", "--to", "ERX").rows == [
        ["60000", "ACA", "related-to", "1", "1", "", "", "IRC-eRX", "1"]
    ]
    assert [each["code"] for each in maksa("map", "show", "eRX", "60000", "--to", "IRC", "--json").json] == ["7", "9"]
    assert [each["code"] for each in maksa("map", "eRX", "60000", "--to", "IRC", "--json").json] == ["7", "9"]
    assert maksa("map", "show", "IRC", "1", "--to", "eRX").code == 1
    assert maksa("map", "show", "IRC", "1", "--to", "LOINC").code == 1


def test_maps_are_listed_apart_from_terminologies(maksa, publish_map):
    """Each list has its own."""
    publish_map("9,60000")

    assert maksa("map", "list").rows == [["IRC-eRX", "IRC", "eRX", "1", "1", "1402/01/01", ""]]
    assert maksa("map", "list", "--json").json[0]["last"]["notice"]["number"] == "110/130"
    assert [row[0] for row in maksa("terminologies").rows] == ["IRC", "eRX"]
    assert maksa("versions", "IRC-eRX").code == 1
    assert maksa("verify").code == 0


def test_a_terminology_is_not_loaded_under_the_id_of_a_map(maksa, publish_map, tmp_path):
    """Exit code 4."""
    publish_map("9,60000")
    (tmp_path / "list.csv").write_text("code,value\n1,x\n")

    done = maksa("load", tmp_path / "list.csv", "--terminology", "irc-erx", "--version", "2")
    assert (done.code, "is the id of a map" in done.err) == (4, True)


def test_codes_that_nobody_has_are_told(maksa, publish_map):
    """Exit code 1 where there are any."""
    publish_map("9,60000")
    assert maksa("map", "check", "IRC-eRX").code == 0

    publish_map("9,60009", "8,60000", label="2", at="1402/02/01")
    done = maksa("map", "check", "IRC-eRX")
    assert (done.code, done.rows) == (1, [["source", "IRC", "8"], ["target", "eRX", "60009"]])
    assert maksa("map", "check", "IRC-eRX", "--version", "1", "--json").json == {
        "map": "IRC-eRX", "codes": [], "count": 0,
    }  # fmt: skip


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not here")
def test_every_irc_finds_its_erx(maksa):
    """The real lists and their map, 32,834 rows; the strays are those that plain sets find."""
    for name, terminology_id in (("IRC", "IRC"), ("eRX", "eRX"), ("eRX_natural", "eRX")):
        label = f"1402 {name}"
        loaded = maksa("load", DATA / f"{name}.csv", "--terminology", terminology_id, "--version", label)
        assert loaded.code == 0, loaded.err
        assert maksa("publish", terminology_id, label).code == 0
    loaded = maksa("map", "load", DATA / "map_IRC_eRX.csv", "--map", "IRC-eRX", "--version", "1402", *BETWEEN)
    assert loaded.code == 0, loaded.err
    assert maksa("publish", "IRC-eRX", "1402").code == 0

    pairs = set(zip(column("map_IRC_eRX", "IRC"), column("map_IRC_eRX", "eRX"), strict=True))
    unknown = {erx for _, erx in pairs} - {*column("eRX", "code"), *column("eRX_natural", "code")}
    assert set(column("IRC", "code")) == {irc for irc, _ in pairs}
    check = maksa("map", "check", "IRC-eRX", "--json").json
    assert [each["code"] for each in check["codes"]] == sorted(unknown)
    for irc, erx in sorted(pairs)[::1000]:
        shown = maksa("map", "show", "IRC", irc, "--to", "eRX", "--json").json
        assert erx in [each["code"] for each in shown]


def column(name, header):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row[header] for row in csv.DictReader(file)]
