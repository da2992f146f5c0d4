"""`maksa load` of a file that holds a map: alone, beside its concepts, or implied by its rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"
DRUGS = "IRC,brand,eRX,title\n11,VILLAGE,70001,CALMINE\n12,HILL,70001,CALMINE\n13,RIVER,,\n"


@pytest.fixture
def drugs(tmp_path):
    (tmp_path / "drugs.csv").write_text(DRUGS)
    return tmp_path / "drugs.csv"


@pytest.mark.parametrize("asked", [("IRC-eRX",), ("IRC", "--map", "irc-erx")])
def test_a_drug_workbook_is_loaded_as_the_map_it_implies(maksa, drugs, asked):
    """By the map's id, or by name; and asked when it is published."""
    loaded = maksa("load", drugs, "--version", "1", "--terminology", *asked)
    assert loaded.code == 0, loaded.err
    assert "Next: maksa publish IRC-eRX 1" in loaded.out
    for terminology_id in ("IRC", "eRX"):
        assert maksa("load", drugs, "--terminology", terminology_id, "--version", "1").code == 0
        assert maksa("publish", terminology_id, "1").code == 0
    assert maksa("publish", "IRC-eRX", "1").code == 0

    assert [row[:2] for row in maksa("map", "show", "IRC", "12", "--to", "eRX").rows] == [["70001", "CALMINE"]]
    assert [row[0] for row in maksa("map", "show", "eRX", "70001", "--to", "IRC").rows] == ["11", "12"]


def test_a_concept_map_of_fhir_is_loaded_as_the_asked_map(maksa, tmp_path):
    """Whatever its own id: the file holds nothing else."""
    group = {"source": "http://loinc.org", "target": "http://example.org/colours"}
    group["element"] = [{"code": "1-8", "target": [{"code": "red", "equivalence": "wider"}]}]
    (tmp_path / "map").write_text(json.dumps({"resourceType": "ConceptMap", "id": "m", "title": "T", "group": [group]}))
    loaded = maksa("load", tmp_path / "map", "--terminology", "LOINC-to-colours", "--version", "1")
    assert loaded.code == 0, loaded.err
    assert maksa("publish", "LOINC-to-colours", "1").code == 0

    assert maksa("map", "list").rows[0][:5] == ["LOINC-to-colours", "LNC", "colours", "1", "1"]


def test_a_map_that_is_not_in_the_file_is_refused(maksa, drugs):
    """Those that are in it are listed; exit code 3."""
    done = maksa("load", drugs, "--terminology", "IRC", "--version", "1", "--map", "IRC-ATC")

    assert done.code == 3
    assert "there is no map 'IRC-ATC' in it; its maps: IRC-eRX (IRC to eRX)" in done.err


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((SHARED / name).read_text("utf-8").splitlines()))


@pytest.mark.skipif(not SHARED.exists(), reason="the real lists lie beside the repository, in ../shared/data")
def test_every_irc_of_the_real_lists_finds_its_erx(maksa, tmp_path):
    """32,834 products; what the check finds is what plain sets find: 290 eRX that are in no list, and no IRC."""
    erx = tmp_path / "eRX.csv"
    natural = (SHARED / "eRX_natural.csv").read_text("utf-8").partition("\n")[2]
    erx.write_text((SHARED / "eRX.csv").read_text("utf-8") + natural, "utf-8")
    for file, terminology_id in ((SHARED / "IRC.csv", "IRC"), (erx, "eRX"), (SHARED / "map_IRC_eRX.csv", "IRC-eRX")):
        loaded = maksa("load", file, "--terminology", terminology_id, "--version", "1")
        assert loaded.code == 0, loaded.err
        assert maksa("publish", terminology_id, "1").code == 0
    lines = rows_of("map_IRC_eRX.csv")
    listed = {row["code"] for name in ("eRX.csv", "eRX_natural.csv") for row in rows_of(name)}

    assert maksa("map", "list").rows[0][4] == str(len(lines)) == "32834"
    stray = maksa("map", "check", "IRC-eRX", "--json").json["codes"]
    assert {each["side"] for each in stray} == {"target"}
    assert {each["code"] for each in stray} == {line["eRX"] for line in lines} - listed
    irc = lines[20_000]["IRC"]
    assert maksa("map", "show", "IRC", irc, "--to", "eRX").rows[0][0] == lines[20_000]["eRX"]
