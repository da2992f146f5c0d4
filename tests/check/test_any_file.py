"""Any file gives findings or one error that names it, never a crash; and what is not corrected stays as it was."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maksa.check import check_file
from maksa.model.errors import SourceError
from tests.check.conftest import MOMETASONE

OLD = "MOMETASONE 0.1 % CREAM"

A_FEW = settings(max_examples=40)

SAMPLES = [
    f"terminology,code,value\neRX,60281,{OLD}\n".encode(),
    f'\ufeffکد;مقدار;ترمینولوژی\r\n"۶۰۲۸۱";"{OLD}";eRX\r\n'.encode(),
    json.dumps([{"valueField": OLD, "terminology_idField": "eRX", "coded_stringField": "60281"}] * 2).encode(),
    b'{"Value":null,"Terminology_id":"eRX","Coded_string":60281}\n{"coding":[{"system":"eRX","code":"1"}]}\n',
    f"<a><b><Value>{OLD}</Value><Terminology_id>eRX</Terminology_id><Coded_string>1</Coded_string></b></a>".encode(),
    b"PK\x03\x04 something",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("any")


def outcome(path: Path, view) -> bytes | None:
    """The corrected file; None where the file is refused."""
    target = path.with_name("corrected")
    target.unlink(missing_ok=True)
    try:
        with check_file(path, view, keeps_edits=True) as checking:
            for each in checking:
                assert each.verdict.findings
                assert str(each.place)
            checking.write_corrected(target)
    except SourceError as error:
        assert str(path) in str(error)  # noqa: PT017 # which of them it is does not matter here
        return None
    summary = checking.summary
    assert summary.checked == summary.valid + summary.warned + summary.refused
    return target.read_bytes()


@A_FEW
@given(st.binary(max_size=300).filter(lambda content: not content.startswith((b"PK\x03\x04", b"\xd0\xcf"))))
def test_any_bytes_are_read_or_refused(place, view, content):
    path = place / "bytes"
    path.write_bytes(content)
    corrected = outcome(path, view)

    assert corrected is None or isinstance(corrected, bytes)


@A_FEW
@given(st.sampled_from(SAMPLES[:-1]), st.integers(0, 200), st.integers(0, 8), st.binary(max_size=8))
def test_any_damage_is_read_or_refused(place, view, sample, at, size, other):
    """A few bytes of a good file are lost, or others have come."""
    path = place / "damaged"
    path.write_bytes(sample[:at] + other + sample[at + size :])
    outcome(path, view)


TEXTS = st.sampled_from([
    ("erx", "60281", OLD), ("eRX", "60281", MOMETASONE), ("eRX", "۶۰۲۸۱", MOMETASONE), ("ContactType", "1", "تلفن  منزل"),
    ("nope", "\x07", '"\\,;\n'), ("", "", ""), ("thritaEHR.Religion", "2", "مسيحيت"),
])  # fmt: skip
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)


def as_members(value: Any) -> Any:
    """*value* with each triple as an object of the functions' spelling."""
    if isinstance(value, tuple):
        return {"valueField": value[2], "terminology_idField": value[0], "coded_stringField": value[1]}
    if isinstance(value, list):
        return [as_members(each) for each in value]
    return {name: as_members(each) for name, each in value.items()} if isinstance(value, dict) else value


def mended(value: Any, view, judge) -> Any:
    """What the corrected document should hold."""
    if isinstance(value, tuple):
        right = judge(*value).correction
        return as_members((right.terminology_id, right.code, right.display) if right else value)
    if isinstance(value, list):
        return [mended(each, view, judge) for each in value]
    return {name: mended(each, view, judge) for name, each in value.items()} if isinstance(value, dict) else value


@A_FEW
@given(JSON.filter(lambda value: isinstance(value, (list, dict, tuple)) and value), st.booleans())
def test_a_corrected_document_is_the_same_but_for_the_corrections(place, view, judge, value, escaped):
    """Of any depth, whatever stands around the coded texts."""
    path = place / "document"
    path.write_text(json.dumps(as_members(value), ensure_ascii=escaped, indent=1), "utf-8")
    corrected = outcome(path, view)

    assert corrected is not None
    assert json.loads(corrected) == mended(value, view, judge)


@A_FEW
@given(st.lists(st.tuples(TEXTS, st.text(max_size=8)), min_size=1, max_size=6))
def test_a_corrected_table_is_the_same_but_for_the_corrections(place, view, judge, rows):
    """Whatever other columns hold: quotes, delimiters, line breaks."""
    path = place / "table"
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("other", "terminology", "code", "value"), *((more, *text) for text, more in rows)])
    path.write_bytes(out.getvalue().encode("utf-8", "replace").replace(b"\0", b""))
    corrected = outcome(path, view)

    assert corrected is not None
    given_rows, right_rows = (
        list(csv.reader(io.StringIO(text.decode(), newline=""))) for text in (path.read_bytes(), corrected)
    )
    assert [row[0] for row in right_rows] == [row[0] for row in given_rows]
    for before, after in zip(given_rows[1:], right_rows[1:], strict=True):
        right = judge(*before[1:]).correction
        assert tuple(after[1:]) == ((right.terminology_id, right.code, right.display) if right else tuple(before[1:]))


@A_FEW
@given(st.lists(TEXTS.filter(lambda text: "\x07" not in text[1]), min_size=1, max_size=5))
def test_a_corrected_message_is_the_same_but_for_the_corrections(place, view, judge, texts):
    """Elements that are empty have no room; the rest is replaced."""
    path = place / "message"
    root = ET.Element("Message")
    for terminology_id, code, display in texts:
        element = ET.SubElement(root, "Diagnosis")
        for name, part in (("Terminology_id", terminology_id), ("Coded_string", code), ("Value", display)):
            ET.SubElement(element, name).text = part
    path.write_bytes(ET.tostring(root, encoding="utf-8", short_empty_elements=False))
    corrected = outcome(path, view)

    assert corrected is not None
    for element, text in zip(ET.fromstring(corrected), texts, strict=True):
        right = judge(*text).correction
        wanted = (right.terminology_id, right.code, right.display) if right else text
        assert tuple(part.text or "" for part in element) == wanted
