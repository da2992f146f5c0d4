"""Why a file cannot be loaded, in both languages: every reason that this room raises has a Persian wording."""

from __future__ import annotations

import ast
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import maksa.loaders
from maksa.loaders.reasons import REASONS, ROLES
from maksa.loaders.recognition import Asked, recognised
from maksa.loaders.table import ColumnChoice, PrefixHierarchy
from maksa.loaders.table.columns import ROLES as TABLE_ROLES
from maksa.model.errors import SourceError, tree
from maksa.model.reasons import ReasonedError

FOLDER = Path(maksa.loaders.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
ERRORS = {kind.__name__ for kind in tree(SourceError)}
QUOTED = re.compile(r"«[^»]*»|\([^)]*\)")
NAMES = set(
    "NUL XML JSON FHIR CodeSystem ValueSet ConceptMap ClaML DTD SNOMED CT LOINC RF2 Full Snapshot Delta IRC eRX genericCode"
    " ICD XLSX XLSB XLS CSV PDF ZIP Word OpenDocument".split()
)


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Each call in this room: its file, and the name of what is called."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func).rpartition(".")[2]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_error_that_a_loader_raises_says_why_in_persian():
    """None is made of an English sentence alone, be it of the tree or of an option that cannot be read."""
    bare = [
        f"{path.relative_to(FOLDER)}:{node.lineno}"
        for path, node, name in calls()
        if name == "ValueError"
        or (name in ERRORS and not any(_says_why(keyword) for keyword in node.keywords))
        or (name == "refusal" and isinstance(node.args[1], ast.Constant | ast.JoinedStr))
    ]

    assert bare == []


def _says_why(keyword: ast.keyword) -> bool:
    is_all_of_it = keyword.arg is None and ast.unparse(keyword.value).endswith(".facts")
    return keyword.arg == "reason_fa" or is_all_of_it


def test_every_reason_is_raised_and_every_one_that_is_raised_is_there():
    """By the slugs that the room writes; a sentence that nothing says is dropped."""
    written = {
        node.value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8").replace("REASONS = ", "")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    asked = {
        node.args[0].value
        for _, node, name in calls()
        if name == "reason" and node.args and isinstance(node.args[0], ast.Constant)
    }

    assert asked - REASONS.keys() == set()
    assert REASONS.keys() - written == set()


@pytest.mark.parametrize("slug", REASONS)
def test_each_says_the_same_in_both_languages(slug):
    """With the same facts; a foreign word stands beside the Persian sentence, never in it."""
    english, persian = REASONS[slug]

    assert places(persian) == places(english) - {"detail", "says"}
    assert set(re.findall("[A-Za-z][A-Za-z0-9]+", QUOTED.sub("", re.sub(r"\{[^}]*\}", "", persian)))) <= NAMES


def test_every_role_of_a_column_has_a_persian_name():
    """Of those that a table may lack."""
    assert TABLE_ROLES.keys() - ROLES.keys() == set()


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), text)
    return packed.getvalue()


Why = Callable[..., tuple[str, str, str]]


@pytest.fixture
def why(tmp_path: Path) -> Why:
    """`why(content, …)`: what the error of a load says, (English, Persian, the foreign word)."""

    def told(content: bytes | str, name: str = "list.csv", **asked: Any) -> tuple[str, str, str]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with (
            pytest.raises(SourceError) as raised,
            recognised(path).source(path, Asked(terminology_id="eRX", label="1", **asked)) as source,
        ):
            list(source.concepts())
        facts = raised.value.facts
        return str(raised.value).removeprefix(f"{path}: "), facts["reason_fa"], facts.get("detail", "")

    return told


SYSTEM = '{"resourceType": "CodeSystem", "id": "c", "content": "%s", "supplements": "http://loinc.org"}'
DAMAGED = [
    (b"", "فایل خالی است"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "کارپوشهٔ قدیمی XLS است، یا گذرواژه دارد؛ آن را با XLSX و بی گذرواژه ذخیره کنید"),
    (gzip.compress(b"code,value\n")[:4] + b"x" * 40, "با gzip فشرده شده است؛ نخست آن را باز کنید"),
    (b"%PDF-1.7", "PDF است؛ جدول آن را از ناشرش بخواهید"),
    (b"code,value\n1,\xff\n" + "2,اسلام\n".encode() * 9, "خط ۲: بایت‌هایی دارد که «utf-8» نیست: «ff 0a 32 2c»"),
    (b"code,value\n1,a\0\n", "نویسهٔ صفر (NUL) دارد؛ متن نیست"),
    ('code,value\n1,"a\n2,b\n', "ردیف ۲: گیومه‌ای باز شده که هیچ‌جا بسته نمی‌شود"),
    ("الف,ب\n1,2\n", "ستونی برای «کد» نیست؛ ستون‌های این فایل: «الف»، «ب»"),
    ("code,code,value\n1,2,a\n", "«کد» می‌تواند هر یک از این ستون‌ها باشد؛ یکی را نام ببرید: «code»، «code»"),
    (zipped(xl__workbook_bin=""), "این فایل کارپوشهٔ XLSB است؛ جدول را با XLSX یا CSV ذخیره کنید"),
    (zipped(word__document_xml=""), "این فایل سند Word است؛ جدول را با XLSX یا CSV ذخیره کنید"),
    (SYSTEM % "supplement", "«CodeSystem/c» مکمل «http://loinc.org» است و از خود کدی ندارد"),
    (
        SYSTEM % "not-present",
        "«CodeSystem/c» (content: «not-present») تنها سامانهٔ کدی را توصیف می‌کند؛ کدهایش جای دیگری منتشر می‌شود",
    ),
    (
        '<ClaML version="9.0.0"><Title name="x"/></ClaML>',
        "ClaML «9.0.0» است؛ آنچه خوانده می‌شود: «2» و «3»",
    ),
    ('<ClaML version="2.0.0"></ClaML>', "هیچ رده‌ای (Class) ندارد"),
    ("terminology,code,value\nIRC,1,a\nATC,2,b\n", "هیچ ردیفی از «eRX» نیست؛ ستون «terminology» این‌ها را نام می‌برد: «IRC»، «ATC»"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "persian"), DAMAGED)
def test_a_file_says_why_in_persian(why, content, persian):
    """In digits of its own, what the file writes between guillemets; the English sentence has no Persian in it of ours."""
    english, told, word = why(content)

    assert (told, word) == (persian, "")
    assert english


SAID = [
    (b"PK\x03\x04 no zip", "کارپوشه آسیب دیده است", "it is a damaged workbook: {}"),
    ('{"resourceType": "CodeSystem", "concept": [', "JSON پیش از پایانش بریده شده است", "it is no JSON: {}"),
    (
        '{"resourceType": "CodeSystem", "concept": 3}',
        "در «CodeSystem/?»: منبع FHIR درستی نیست",
        "CodeSystem/?: it is no FHIR resource: {}",
    ),
    ('<ClaML version="2.0.0"><Class', "خط ۱: XML درستی نیست", "line 1: {}"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "persian", "english"), SAID)
def test_what_a_library_says_stands_apart(why, content, persian, english):
    """In its own English, which is a part of the English sentence."""
    told = why(content)

    assert told[1] == persian
    assert told[2]
    assert told[0] == english.format(told[2])


def test_what_was_asked_and_is_not_there_is_said(why):
    """A column, a sheet of a text, an option that the form has no use for."""
    table = "code,value\n1,a\n"

    assert why(table, columns=ColumnChoice(code="Kod"))[1] == (
        "ستون «Kod»، که برای «کد» خواسته شد، نیست؛ ستون‌های این فایل: «code»، «value»"
    )
    assert why(table, sheet="برگهٔ ۲")[1] == "برگهٔ «برگهٔ ۲» نیست: این فایل متن است و برگه ندارد"
    assert why(table, languages=("fa",))[1] == "از این نوع فایل خواسته نمی‌شود: زبان‌ها"


@pytest.mark.parametrize("text", ["suffix", "prefix:0", "prefix:3,1"])
def test_a_hierarchy_that_cannot_be_read_says_why(text):
    """It is an option and no file; a terminal has the English."""
    with pytest.raises(ReasonedError) as told:
        PrefixHierarchy.read(text)

    assert told.value.why.english == str(told.value)
    assert "«" in told.value.why.persian


def test_a_row_that_is_no_cells_says_why_in_persian(tmp_path):
    """Its finding had an English word in the midst of a Persian sentence."""
    path = tmp_path / "list.csv"
    path.write_text('code,value\n1,"a"x\n2,b\n')
    with recognised(path).source(path, Asked(terminology_id="eRX", label="1")) as source:
        list(source.concepts())
    found = source.report().findings[0]

    assert found.message == """the row cannot be told into cells: line 2: ',' expected after '"'"""
    assert found.message_fa == (
        "ردیف را نمی‌توان به خانه‌ها بخش کرد: خط ۲: پس از گیومهٔ بسته، به جای جداکنندهٔ خانه‌ها نویسهٔ دیگری آمده است"
    )
