"""A classification in ClaML opened: its chapters, blocks and categories streamed, with the codes that modifiers make.

Source: ClaML 2.0.0 and 3 (EN 14463:2007, ISO 13120:2013 and 2019), as WHO and BfArM publish ICD-10 in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from maksa.loaders.claml.combining import Combiner
from maksa.loaders.claml.rubrics import described
from maksa.loaders.claml.structure import Structure, imprint_of
from maksa.loaders.markup import elements, inner, line_of, root_name, root_of
from maksa.loaders.reasons import reason
from maksa.loaders.source import Source
from maksa.model.concept import Concept, Property
from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import Reason
from maksa.model.terminology import Imprint

if TYPE_CHECKING:
    from maksa.loaders.markup import Element

FORM = "ClaML"
VERSIONS = ("2", "3")  # the first number of each that is read


def recognises(path: Path) -> bool:
    """Whether the file is ClaML, by its outermost element."""
    return root_name(path).rpartition("}")[2] == "ClaML"


class ClamlSource(Source):
    """The classes of a classification, each followed by the codes that its modifiers make of it.

    Raises: on entering, FileUnreadableError: damaged XML, entities, another version of ClaML, no class at all.
    """

    columns = ("code", "preferred")

    def _opened(self) -> dict[str, str]:
        version = root_of(self._path).get("version", "")
        if version.partition(".")[0] not in VERSIONS:
            raise FileUnreadableError(file=str(self._path), **_other_version(version).facts)
        self._structure = Structure(self._path)
        if not self._structure.nodes:
            raise FileUnreadableError(file=str(self._path), **reason("no-class").facts)
        facts = {name: fact for name, fact in self._structure.title.items() if fact}
        return {"form": f"{FORM} {version}", **facts}

    def _imprints(self) -> dict[str, Imprint]:
        return {"": imprint_of(self._path)}

    def _found(self) -> Iterator[tuple[int, Concept]]:
        combiner = Combiner(self._structure, self._gathering)
        for element in elements(self._path, "Class"):
            line, concept = line_of(element), self._concept(element)
            yield line, concept
            yield from ((line, each) for each in combiner.combinations(concept))
        combiner.finish()

    def _concept(self, element: Element) -> Concept:
        words = described(element, self._structure.marks)
        facts = [Property(name, value, "code") for name in ("kind", "usage") if (value := element.get(name))]
        return Concept(
            element.get("code", ""),
            words.display,
            words.language,
            words.designations,
            (*facts, *words.properties),
            tuple(each.get("code", "") for each in inner(element, "SuperClass")),
        )


def _other_version(version: str) -> Reason:
    known = Reason(" and ".join(VERSIONS), " و ".join(f"«{each}»" for each in VERSIONS))
    return reason("claml-version", version=version, known=known) if version else reason("claml-no-version", known=known)
