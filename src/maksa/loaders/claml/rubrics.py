"""What a class says of itself: its rubrics as display, designations and properties, and their markup as plain text.

Source: ClaML 2.0.0 (EN 14463, ISO 13120) on Rubric, Label, Reference and Fragment; kinds as WHO's and BfArM's files have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from maksa.loaders.markup import inner, local
from maksa.model.concept import Designation, Property
from maksa.model.folding import language_of

if TYPE_CHECKING:
    from maksa.loaders.markup import Element

PREFERRED = "preferred"
USES = {
    "preferredLong": "fully-specified",
    "inclusion": "inclusion",
    "index": "synonym",
    "indexTerm": "synonym",
    "synonym": "synonym",
    "short": "short",
}
"""Rubrics that are wordings of the concept, by which it is found. Every other kind is a property of that name."""

NOT_AFTER = "excludeOnPrecedingModifier"
"""The Meta element that names a value which this one never follows: a rule of combining, and no fact about a class."""

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class Description(NamedTuple):
    """A class in words. `display` is empty where it has no preferred rubric."""

    display: str
    language: str
    designations: tuple[Designation, ...]
    properties: tuple[Property, ...]


def described(element: Element, marks: Mapping[str, str]) -> Description:
    """The rubrics of a class or modifier class, in their order.

    Args:
        marks: the mark of each usage: {"dagger": "†", "aster": "*"}.
    """
    display, language = "", ""
    designations: list[Designation] = []
    properties: list[Property] = []
    for kind, spoken, text in _labels(element, marks):
        if kind == PREFERRED and not display:
            display, language = text, spoken
        elif kind == PREFERRED or kind in USES:
            designations.append(Designation(spoken, text, USES.get(kind, "synonym")))
        else:
            properties.append(Property(kind, text))
    return Description(display, language, tuple(designations), (*properties, *_facts(element)))


def _labels(element: Element, marks: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(kind, language, text) of each label that says something."""
    for rubric in inner(element, "Rubric"):
        for label in inner(rubric, "Label"):
            if text := text_of(label, marks):
                yield rubric.get("kind", ""), label.get(_LANGUAGE) or language_of(text), text


def _facts(element: Element) -> Iterator[Property]:
    """Meta elements, and the history of the class."""
    for meta in inner(element, "Meta"):
        if meta.get("value") and meta.get("name") != NOT_AFTER:
            yield Property(meta.get("name", ""), meta.get("value", ""))
    for event in inner(element, "History"):
        if text := text_of(event, {}):
            yield Property("history", f"{event.get('date', '')} {text}".strip())


def text_of(element: Element, marks: Mapping[str, str]) -> str:
    """The text of a label in one line: paragraphs and items apart by a blank, references in brackets where they ask for it."""
    text = _TOUCHING.sub(" ", "".join(_pieces(element, marks))).replace(_EDGE, "")
    return " ".join(text.split())


# Some issuers leave no blank around a reference. XML cannot hold this character, so it marks where one begins and ends.
_EDGE = "\x1f"
_TOUCHING = re.compile(f"(?<=\\w){_EDGE}(?=[\\w(])|(?<=[\\w)]){_EDGE}(?=\\w)")


def _pieces(element: Element, marks: Mapping[str, str]) -> Iterator[str]:
    yield (element.text or "") + marks.get(element.get("usage", ""), "")
    for child in element:
        name = local(child)
        apart = {"Term": "", "Reference": _EDGE}.get(name, " ")
        yield apart
        if name == "Reference" and child.get("class") == "in brackets":
            yield f"({''.join(_pieces(child, marks)).strip()})"
        else:
            yield from _pieces(child, marks)
        yield apart + (child.tail or "")
