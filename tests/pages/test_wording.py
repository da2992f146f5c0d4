"""The catalogues of words: the same keys in both languages, and every key that a page names is there."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from maksa.pages.wording import LANGUAGES, wording_of

SOURCE = Path(__file__).parents[2] / "src" / "maksa"
ROOMS = ("pages", "web/portal", "desk")
NAMED = re.compile(r"""\bt(?:\.text|\.or_none)?\(\s*["']([\w-]+\.[\w.-]+)["']\s*[,)]""")


def places_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys():
    """What one says, the other says too."""
    fa, en = (wording_of(language).texts.keys() for language in LANGUAGES)

    assert fa ^ en == set()


def test_both_languages_have_the_same_places():
    """What is put into the one has its place in the other."""
    fa, en = wording_of("fa").texts, wording_of("en").texts

    assert {key for key in fa if places_of(fa[key]) != places_of(en[key])} == set()


def test_every_key_that_a_page_names_is_in_the_catalogue():
    """Templates and handlers name keys; those that are put together at run time are the pages' own tests' subject."""
    files = [path for room in ROOMS for path in (SOURCE / room).rglob("*.*") if path.suffix in (".py", ".html", ".xml")]
    named = {key: path.name for path in files for key in NAMED.findall(path.read_text("utf-8"))}

    assert {key: name for key, name in named.items() if key not in wording_of("en").texts} == {}
    assert "layout.skip" in named


def test_a_wording_escapes_what_is_put_into_it():
    """The catalogue is text, and so is what comes from outside."""
    assert "<" not in wording_of("en")("unit.bytes", n="<script>")


def test_a_missing_key_is_a_mistake_of_ours():
    """No page shows a key in place of its words."""
    with pytest.raises(KeyError):
        wording_of("en")("layout.nothing")


def test_a_password_has_one_persian_name():
    """«گذرواژه», on pages and in the guide for integrators; the ministry's guide says it in two other ways."""
    root = SOURCE.parents[1]
    ours = [
        path
        for room in ROOMS
        for path in (SOURCE / room).rglob("*.*")
        if path.suffix in (".toml", ".html", ".js", ".py")
    ]
    others = re.compile("(رمز|کلمه|کلمهٔ|واژهٔ)[ \u200c]?(عبور|گذر)|پسورد")

    texts = [*ours, *(root / "docs").rglob("*.md"), root / "GLOSSARY.md"]
    assert [path.name for path in texts if others.search(path.read_text("utf-8"))] == []
