"""The skeleton of a classification, read before its classes: what stands below what, and which modifiers there are.

ClaML's own order puts modifiers first and lets a class modify those below it, wherever they stand; so the file is read
twice. The skeleton holds codes and modifiers, no rubric of any class.
Source: ClaML 2.0.0 on Modifier, ModifierClass, ModifiedBy, ValidModifierClass and ExcludeModifier; the Meta element
`excludeOnPrecedingModifier` as BfArM's and WHO's files use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from maksa.loaders.claml.rubrics import NOT_AFTER, Description, described
from maksa.loaders.markup import elements, inner, line_of, local
from maksa.loaders.reasons import reason
from maksa.model.errors import FileUnreadableError
from maksa.model.terminology import Imprint

if TYPE_CHECKING:
    from maksa.loaders.markup import Element

DEPTH_LIMIT = 50  # classes below one another; ICD-10 has five levels
_PLACE = re.compile(r"_(\d)$")


class ModifierClass(NamedTuple):
    """One value of a modifier: what it adds to the code and to the words. `not_after` are values it never follows."""

    modifier: str
    code: str
    description: Description
    not_after: frozenset[tuple[str, str]]


class Modification(NamedTuple):
    """That a class is modified. `place` is where in the code the modifier stands (4, 5), 0 where nothing says so."""

    modifier: str
    place: int
    valid: tuple[str, ...]  # codes of the values that may be used; all where it is empty


ISSUER, LICENCE = ("publisher", "issuer"), ("copyright", "licence", "license")
"""The names, in any case, of `Meta` elements before the title that say whose the classification is."""


class Node(NamedTuple):
    parents: tuple[str, ...]
    modified_by: tuple[Modification, ...]
    excluded: frozenset[str]  # modifiers that are not inherited
    line: int


class Structure:
    """The skeleton of the file at *path*. Raises: FileUnreadableError."""

    def __init__(self, path: Path) -> None:
        self.title: dict[str, str] = {}
        self.marks: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.modifiers: dict[str, list[ModifierClass]] = {}
        self._inner: set[str] = set()  # codes of classes that have others below them
        self._path = path
        self._inherited: dict[str, tuple[Modification, ...]] = {}
        readers = {"Title": self._take_title, "UsageKind": self._take_mark, "ModifierClass": self._take_modifier,
                   "Class": self._take_class}  # fmt: skip
        for element in elements(path, *readers):
            readers[local(element)](element)

    def _take_title(self, element: Element) -> None:
        facts = {name: element.get(name, "") for name in ("name", "version", "date")}
        self.title = {"title": " ".join("".join(map(str, element.itertext())).split()), **facts}

    def _take_mark(self, element: Element) -> None:
        self.marks[element.get("name", "")] = element.get("mark", "")

    def _take_modifier(self, element: Element) -> None:
        modifier = element.get("modifier", "")
        made = ModifierClass(modifier, element.get("code", ""), described(element, self.marks), _not_after(element))
        self.modifiers.setdefault(modifier, []).append(made)

    def _take_class(self, element: Element) -> None:
        code = element.get("code", "")
        parents = tuple(each.get("code", "") for each in inner(element, "SuperClass"))
        self._inner.update(parents)
        if next(inner(element, "SubClass"), None) is not None:
            self._inner.add(code)
        excluded = frozenset(each.get("code", "") for each in inner(element, "ExcludeModifier"))
        modified_by = tuple(map(_modification, inner(element, "ModifiedBy")))
        self.nodes.setdefault(code, Node(parents, modified_by, excluded, line_of(element)))

    def is_leaf(self, code: str) -> bool:
        """Whether no class stands below this one."""
        return code not in self._inner

    def modifications(self, code: str) -> list[Modification]:
        """The modifications of a class, its own and those it inherits, in the order of their places.

        Raises: FileUnreadableError where classes stand below one another without end.
        """
        return sorted(self._effective(code, 0), key=lambda each: each.place)

    def _effective(self, code: str, depth: int) -> tuple[Modification, ...]:
        node = self.nodes.get(code)
        if node is None:
            return ()
        if code not in self._inherited:
            if depth > DEPTH_LIMIT:
                why = reason("line", line=node.line, reason=reason("classes-deep", code=code, limit=DEPTH_LIMIT))
                raise FileUnreadableError(file=str(self._path), **why.facts)
            above = {each.modifier: each for parent in node.parents for each in self._effective(parent, depth + 1)}
            kept = {name: each for name, each in above.items() if name not in node.excluded}
            kept |= {each.modifier: each for each in node.modified_by}
            self._inherited[code] = tuple(kept.values())
        return self._inherited[code]


def _modification(element: Element) -> Modification:
    modifier, position = element.get("code", ""), element.get("position", "")
    named = _PLACE.search(modifier)
    place = int(position) if position.isdecimal() else int(named[1]) if named else 0
    return Modification(modifier, place, tuple(each.get("code", "") for each in inner(element, "ValidModifierClass")))


def _not_after(element: Element) -> frozenset[tuple[str, str]]:
    return frozenset(_pairs(element))


def _pairs(element: Element) -> Iterator[tuple[str, str]]:
    for meta in inner(element, "Meta"):
        if meta.get("name") == NOT_AFTER:
            modifier, _, code = meta.get("value", "").strip().partition(" ")
            yield modifier, code.strip()


def imprint_of(path: Path) -> Imprint:
    """What the head of the file, up to its title, says of who issues it and under which licence. Raises: FileUnreadableError.

    An `Identifier`'s authority is who gave that identifier, and there may be several: it is not read.
    """
    said: dict[str, str] = {}
    for element in elements(path, "Meta", "Title", "Modifier", "ModifierClass", "Class"):
        if local(element) != "Meta":
            break
        said.setdefault(element.get("name", "").casefold(), element.get("value", ""))
    issuer, licence = (next((said[name] for name in names if said.get(name)), "") for names in (ISSUER, LICENCE))
    return Imprint(issuer, licence)
