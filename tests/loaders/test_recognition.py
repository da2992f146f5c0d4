"""The form of a file is told by its content: one of each, under names that say nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from maksa.loaders.recognition import FORMS, Asked, named, recognised
from maksa.loaders.snomed.kinds import CONCEPT, DESCRIPTION
from maksa.loaders.table import ColumnChoice
from maksa.model.errors import SourceError

CLAML = '<?xml version="1.0"?><ClaML version="2.0.0"><Title name="x" version="1"/></ClaML>'
ESSENCE = '<root xmlns="http://unitsofmeasure.org/ucum-essence" version="2.2"></root>'
CODES = json.dumps({"resourceType": "CodeSystem", "content": "complete", "concept": [{"code": "1", "display": "one"}]})
LOINC = "LOINC_NUM,COMPONENT,PROPERTY,TIME_ASPCT,SYSTEM,SCALE_TYP,METHOD_TYP,CLASS,STATUS\n"
EXAMPLES = {
    "claml": CLAML,
    "ucum": ESSENCE,
    "fhir": CODES,
    "gem": "0010  A000    00000\n",
    "loinc": LOINC,
    "snomed": "\t".join(CONCEPT.header) + "\n",
    "exported": "code,display,language,status,created,changed,parents\n1,a,en,active,,,\n",
    "drugs": "IRC,eRX,نام\n1,2,a\n",
    "table": "code,value\n1,one\n",
}


@pytest.mark.parametrize("form", EXAMPLES)
def test_a_file_has_the_form_of_its_content(tmp_path, form):
    """Whatever it is called."""
    (tmp_path / "list.dat").write_text(EXAMPLES[form], "utf-8")

    assert recognised(tmp_path / "list.dat").name == form


def test_every_form_has_its_example():
    """A form that is added is tried above."""
    assert {form.name for form in FORMS} == set(EXAMPLES)
    assert [named(form.name) for form in FORMS] == list(FORMS)


@pytest.mark.parametrize("form", ["snomed", "loinc"])
def test_a_release_is_recognised_in_a_zip_and_in_a_folder(tmp_path, form):
    """Where its file lies deep in it."""
    name = "list.txt" if form == "snomed" else "list.csv"
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr(f"a/b/{name}", EXAMPLES[form])
    (tmp_path / "folder" / "a").mkdir(parents=True)
    (tmp_path / "folder" / "a" / name).write_text(EXAMPLES[form])

    assert recognised(tmp_path / "list.zip").name == recognised(tmp_path / "folder").name == form


def test_a_folder_that_is_no_release_is_refused(tmp_path):
    """Lists are loaded one by one."""
    (tmp_path / "list.csv").write_text(EXAMPLES["table"])

    with pytest.raises(SourceError, match="no release"):
        recognised(tmp_path)


@pytest.mark.parametrize(
    "asked",
    [{"sheet": "2"}, {"columns": ColumnChoice(code="id")}, {"languages": ("fa",)}],
    ids=lambda asked: next(iter(asked)),
)
def test_what_a_form_has_no_use_for_is_refused_when_it_is_asked(tmp_path, asked):
    """Not ignored: the operator believes that it was done."""
    with pytest.raises(SourceError, match=f"{next(iter(asked))} can be asked of other forms; this is LOINC"):
        named("loinc").source(tmp_path, Asked("LNC", **asked))


def test_a_release_of_snomed_ct_is_opened_in_the_languages_that_were_asked(tmp_path):
    """And in the usual ones after them."""
    (tmp_path / "concept.txt").write_text(
        "\t".join(CONCEPT.header) + "\n138875005\t20200101\t1\t900000000000207008\t900000000000074008\n"
    )
    rows = [
        f"{n}0000001\t20200101\t1\t900000000000207008\t138875005\t{language}\t900000000000013009\t{term}\t900000000000448009\n"
        for n, (language, term) in enumerate([("en", "Root"), ("fa", "ریشه")], 1)
    ]
    Path(tmp_path / "description.txt").write_text("\t".join(DESCRIPTION.header) + "\n" + "".join(rows))

    for languages, display in (((), "Root"), (("fa",), "ریشه")):
        with recognised(tmp_path).source(tmp_path, Asked("SNOMEDCT", languages=languages)) as source:
            assert [concept.display for concept in source.concepts()] == [display]
