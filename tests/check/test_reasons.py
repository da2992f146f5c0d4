"""Why a file cannot be read, in both languages: a Persian sentence has no English but what it quotes."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from maksa.check.reading.reasons import REASONS, around, reason
from maksa.model.errors import FileUnreadableError

QUOTED = re.compile(r"«[^»]*»")
NAMES = {"NUL", "JSON", "UTF", "RFC", "XML", "entity"}


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("slug", REASONS)
def test_each_says_the_same_in_both_languages(slug):
    """With the same facts; a foreign word stands beside the Persian sentence, never in it."""
    english, persian = REASONS[slug]

    assert places(persian) == places(english) - {"detail"}
    assert set(re.findall("[A-Za-z]+", re.sub(r"\{\w+\}", "", persian))) <= NAMES


@pytest.fixture
def refused(write, checked):
    """Why a file of that content is refused: (English, Persian, detail)."""

    def why(content):
        with pytest.raises(FileUnreadableError) as told:
            list(checked(write(content)))
        facts = told.value.facts
        return facts["reason"], facts["reason_fa"], facts["detail"]

    return why


@pytest.mark.parametrize(
    ("content", "persian", "detail"),
    [
        ('terminology,code,value\neRX,1,"x\neRX,2,y\n', "گیومه‌ای که در خط ۲ باز شده، هیچ‌جا بسته نمی‌شود", ""),
        ("", "فایل خالی است", ""),
        (b"\xff\xfe{\0}\0", "JSON است ولی با UTF-16؛ آن را با UTF-8 ذخیره کنید (RFC 8259)", ""),
        ('{"a": [1, 2}', "JSON درستی نیست، بایت ۱۱: «}» در این جا نمی‌آید", ""),
        ('{"a": nothing}', "JSON درستی نیست، بایت ۵: «nothing}» در JSON معنایی ندارد", ""),
        ('{"a": [1', "JSON درستی نیست، بایت ۸: ۲ کروشه یا آکولاد بسته نشده است", ""),
        ("[" * 600, "JSON درستی نیست، بایت ۵۱۲: بیش از ۵۱۲ کروشه یا آکولاد درون یکدیگر است", ""),
        ("<a><b></a>", "خط ۱: XML درستی نیست", "mismatched tag: line 1, column 8"),
        ("<a>" * 600, "خط ۱: بیش از ۵۱۲ عنصر درون یکدیگر است", ""),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "خط ۱: موجودیت (entity) «b» را تعریف می‌کند؛ چنین فایلی خوانده نمی‌شود", ""),
        (b"code,value\n1,\0", "بایت صفر (NUL) دارد؛ گویا متن نیست", ""),
    ],
)  # fmt: skip
def test_a_file_says_why_in_persian(refused, content, persian, detail):
    """Its digits too; what expat says stays as it is, apart."""
    english, told, word = refused(content)

    assert (told, word) == (persian, detail)
    assert english.isascii()
    assert detail in english


def test_a_damaged_workbook_says_so_and_what_its_reader_said(refused):
    """That is a library's English."""
    english, told, word = refused(b"PK\x03\x04 no workbook")

    assert told == "کارپوشه آسیب دیده است"
    assert word
    assert english == f"it is a damaged workbook: {word}"


def test_a_record_that_cannot_be_read_says_why_in_both(write, checked):
    """A row that is no cells, a line that is no JSON."""
    row = next(iter(checked(write('terminology,code,value\neRX,60281,"x"y\n')))).verdict.findings[0]
    line = next(iter(checked(write('{"a": 1}\n{"a": \n')))).verdict.findings[0]

    assert row.message == """cannot be read: ',' expected after '"'"""
    assert row.message_fa == "خوانده نمی‌شود: پس از گیومهٔ بسته، به جای جداکنندهٔ خانه‌ها نویسهٔ دیگری آمده است"
    assert line.message_fa.startswith("خوانده نمی‌شود: JSON درستی نیست، بایت ")


def test_a_reason_inside_a_place_is_text():
    """Whatever a file writes in it, braces too."""
    inner = reason("json-unexpected", shown="{reason}{x}")

    assert around("not-json", inner, byte=3).english == "not JSON: byte 3: '{reason}{x}' is not expected here"
