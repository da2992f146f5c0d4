"""Who issues a list and under which licence, as its file says it: after the operator's word and the last version's."""

from __future__ import annotations

import json

import pytest

from maksa.loaders.recognition import Asked, meant_map, recognised
from maksa.loaders.source import IMPRINT_LIMIT
from maksa.model.terminology import Imprint
from tests.loaders.fhir.conftest import code_system

HL7 = {"publisher": "Health Level Seven", "copyright": "CC0.\n  No  rights\u202e reserved."}
SAID = Imprint("Health Level Seven", "CC0. No rights reserved.")
NONE = Imprint()


@pytest.fixture
def taken(tmp_path):
    """`taken(content, given, last)`: the imprint of the version, and the slugs of the findings; *map_id* as of a load."""

    def take(content, given=NONE, last=NONE, map_id=None, terminology_id="colours"):
        path = tmp_path / "list"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        form = recognised(path)
        with form.source(path, Asked(terminology_id=terminology_id, label="1")) as source:
            meant = meant_map(form, source, map_id)
            imprint = source.imprint_after(given, last, meant.within if meant else "")
            return imprint, [(found.slug, found.value) for found in source.report().findings]

    return take


def test_a_code_system_says_it_where_nobody_else_did(taken):
    """Each in a line, without what turns a line around."""
    assert taken(code_system(**HL7)) == (SAID, [])
    assert taken(code_system()) == (NONE, [])


def test_the_operators_word_comes_first(taken):
    """Each of the two by itself; nothing needs to be said of it."""
    assert taken(code_system(**HL7), given=Imprint(licence="با اجازه")) == (Imprint(SAID.issuer, "با اجازه"), [])
    assert taken(code_system(**HL7), given=Imprint("a", "b"), last=Imprint("c", "d")) == (Imprint("a", "b"), [])


def test_the_last_versions_word_stays_and_the_files_is_told(taken):
    """It may be an operator's; a finding says what the file would have said."""
    imprint, found = taken(code_system(**HL7), last=Imprint("انجمن", SAID.licence))

    assert imprint == Imprint("انجمن", SAID.licence)
    assert found == [("other-issuer", SAID.issuer)]


def test_a_whole_agreement_is_cut(taken):
    """Some resources have pages there."""
    licence = taken(code_system(copyright="x" * 5_000))[0].licence

    assert (len(licence), licence[-1]) == (IMPRINT_LIMIT, "…")


def test_a_map_says_its_own(taken):
    """Beside a code system, whose word it is not."""
    group = {"source": "http://a/A", "target": "http://a/B", "element": []}
    mapped = {"resourceType": "ConceptMap", "id": "m", "publisher": "The mapper", "group": [group]}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": code_system(**HL7)}, {"resource": mapped}]}

    assert taken(bundle)[0] == SAID
    assert taken(bundle, map_id="m")[0] == Imprint("The mapper")
    assert taken(mapped, terminology_id="M")[0] == Imprint("The mapper")


CLAML = '<ClaML version="2.0.0">%s<Title name="x"/><Class code="A" kind="chapter">%s</Class></ClaML>'


def test_claml_says_it_before_its_title(taken):
    """In words that can mean nothing else; the authority of an identifier may be anybody."""
    head = '<Meta name="Copyright" value="© the issuer"/><Identifier authority="HL7" uid="2.16"/>'

    assert taken(CLAML % (head, ""))[0] == Imprint(licence="© the issuer")
    assert taken(CLAML % ("", '<Meta name="copyright" value="of a class"/>'))[0] == NONE
    assert taken(CLAML % ('<Meta name="publisher" value="WHO"/><Meta name="lang" value="en"/>', ""))[0] == Imprint(
        "WHO"
    )


def test_what_was_exported_says_what_it_said(taken):
    """A document does; lines have no room for it. A title may look like anything."""
    concept = {"code": "1", "display": "a"}
    version = {"terminology_id": "Mine", "title": '"concepts":[', "concepts": 1}
    document = {"version": version, "imprint": {"issuer": "انجمن", "licence": "آزاد"}, "concepts": [concept]}
    written = json.dumps(document, separators=(",", ":"), ensure_ascii=False)

    assert taken(written)[0] == Imprint("انجمن", "آزاد")
    assert taken(json.dumps({"version": version, "concepts": [concept]}, separators=(",", ":")))[0] == NONE
    assert taken(written.replace('"آزاد"', "3"))[0] == NONE
    assert taken('{"code":"1","display":"a","language":"en","status":"active"}\n')[0] == NONE
