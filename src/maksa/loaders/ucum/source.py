"""The essence read: its base units and units as concepts, by their case-sensitive codes.

Source: ucum-essence.xml 2.2 and its schema, unitsofmeasure.org.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from maksa.loaders.markup import elements, inner, line_of, local, root_name, root_of
from maksa.loaders.source import Source
from maksa.model.concept import Concept, Designation, Property

if TYPE_CHECKING:
    from maksa.loaders.markup import Element

FORM = "UCUM essence (XML)"
NAMESPACE = "http://unitsofmeasure.org/ucum-essence"

_ATTRIBUTES = {"CODE": "CODE", "class": "class", "dim": "dimension", "isMetric": "isMetric", "isSpecial": "isSpecial",
               "isArbitrary": "isArbitrary"}  # fmt: skip


def recognises(path: Path) -> bool:
    """Whether the file is a UCUM essence, by its outermost element."""
    return root_name(path) == f"{{{NAMESPACE}}}root"


class UcumSource(Source):
    """The units of an essence. Prefixes are parts of codes and not codes: they are counted as skipped."""

    columns = ("Code", "name")

    def _opened(self) -> dict[str, str]:
        root = root_of(self._path)
        facts = {"version": root.get("version", ""), "date": root.get("revision-date", "")}
        return {"form": FORM, **{name: fact for name, fact in facts.items() if fact}}

    def _found(self) -> Iterator[tuple[int, Concept]]:
        prefixes = 0
        for element in elements(self._path, "prefix", "base-unit", "unit"):
            if local(element) == "prefix":
                prefixes += 1
            else:
                yield line_of(element), unit_of(element)
        if prefixes:
            self._report.read += prefixes
            self._report.skipped += prefixes
            self._gathering.add("ucum-prefixes", count=prefixes)


def unit_of(element: Element) -> Concept:
    """The unit: its first name is the display, further names and the printed symbol are designations."""
    name, *others = [*(_text(child) for child in inner(element, "name")), ""]
    designations = [Designation("en", other) for other in others if other]
    designations += [
        Designation("en", symbol, "symbol") for symbol in map(_text, inner(element, "printSymbol")) if symbol
    ]
    return Concept(
        element.get("Code", ""), name, "en", designations=tuple(designations), properties=tuple(_properties(element))
    )


def _properties(element: Element) -> Iterator[Property]:
    for quantity in inner(element, "property"):
        yield Property("property", _text(quantity))
    for attribute, name in _ATTRIBUTES.items():
        if value := element.get(attribute):
            yield Property(name, value)
    for defined in inner(element, "value"):
        yield Property("definition", f"{defined.get('value', '')} {defined.get('Unit', '')}".strip())


def _text(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
