"""Which concepts of a source are kept, for sources that are no tables: the same judgement as a table's rows get.

Rules of this file:
- text is mended or refused as `table.cells` does, code for code and display for display;
- a code is kept once; what hangs on a refused concept goes with it, and the parents that it leaves behind are said;
- the codes kept and the parents named are all that stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain

from msgspec.structs import replace

from maksa.loaders.gathering import Gathering
from maksa.loaders.table.cells import are_plain, mended, points
from maksa.loaders.table.codes import CODE_LIMIT
from maksa.loaders.table.history import Comparison, Previous
from maksa.loaders.table.parentage import PATH_SHOWN
from maksa.model.concept import Concept, Designation, Property


class Keeper:
    """Judges the concepts of one source, which come in order, and tells of each what was wrong with it.

    Args:
        code, display: what findings call these two columns: the form's own names for them.
        previous: the last published version, to compare with.
    """

    def __init__(self, gathering: Gathering, code: str, display: str, previous: Previous | None = None) -> None:
        self.rows: dict[str, int] = {}
        self._gathering = gathering
        self._code, self._display = code, display
        self._parents: dict[str, tuple[str, ...]] = {}
        self._comparison = None if previous is None else Comparison(previous, gathering, code, display)

    def kept(self, concept: Concept, row: int) -> Concept | None:
        """The concept as it will be kept; None where it was refused. Either is counted.

        Args:
            row: where the concept stands, as the form counts: a line of XML, a place in an array, a row.
        """
        self._gathering.report.read += 1
        clean = self._clean(concept, row)
        if clean is None or not self._is_sound(clean, row):
            return None
        self._gathering.report.kept += 1
        self.rows[clean.code] = row
        if clean.parents:
            self._parents[clean.code] = clean.parents
        if self._comparison is not None:
            self._comparison.concept(clean.code, clean.display, row)
        return clean

    def finish(self) -> None:
        """Gathers what needs the whole source: orphans, circles, codes that the last version had."""
        self._tell_orphans()
        self._tell_circle()
        if self._comparison is not None:
            self._comparison.finish(self.rows)

    def _clean(self, concept: Concept, row: int) -> Concept | None:
        cells = [concept.code, concept.display, *concept.parents, *_values(concept)]
        return concept if are_plain([cells], len(cells)) else self._mended(concept, row)

    def _mended(self, concept: Concept, row: int) -> Concept | None:
        """The concept with each text mended; None where one cannot be, and then the concept is counted as refused."""
        lost: list[str] = []

        def clean(text: str, column: str, *, is_code: bool = False) -> str:
            note = partial(self._gathering.add, row=row, column=column, value=text)
            made = mended(text, note, is_code=is_code)
            if made is None:
                lost.append(column)
            return made or ""

        made = replace(
            concept,
            code=clean(concept.code, self._code, is_code=True),
            display=clean(concept.display, self._display),
            parents=tuple(clean(parent, "parent", is_code=True) for parent in concept.parents),
            designations=tuple(
                Designation(each.language, clean(each.value, each.use), each.use) for each in concept.designations
            ),
            properties=tuple(
                Property(each.name, clean(each.value, each.name), each.kind) for each in concept.properties
            ),
        )
        self._gathering.report.refused += bool(lost)
        return None if lost else made

    def _is_sound(self, concept: Concept, row: int) -> bool:
        code, refuse = concept.code, partial(self._gathering.refuse, row=row, column=self._code, value=concept.code)
        if not code:
            refuse("blank-code")
        elif code in self.rows:
            refuse("repeated-code", first_row=self.rows[code])
        elif len(code) > CODE_LIMIT:
            refuse("long-code", length=len(code), limit=CODE_LIMIT)
        elif not code.isprintable():
            refuse("invisible-in-code", characters=points(code))
        elif not concept.display:
            self._gathering.refuse("blank-display", row=row, column=self._display, code=code)
        elif code in concept.parents:
            refuse("own-parent")
        else:
            return True
        return False

    def _tell_orphans(self) -> None:
        for code, parents in self._parents.items():
            for parent in parents:
                if parent not in self.rows:
                    self._gathering.add("orphan-parent", row=self.rows[code], column="parent", value=parent, code=code)

    def _tell_circle(self) -> None:
        """A circle is said once: whoever mends it sees the next one."""
        if not (circle := circle_among(self._parents)):
            return
        shown = " → ".join(circle[:PATH_SHOWN]) + (" → …" if len(circle) > PATH_SHOWN else f" → {circle[0]}")
        self._gathering.report.blocking += 1
        self._gathering.add("parent-cycle", row=self.rows[circle[0]], column="parent", value=circle[0], path=shown)


def _values(concept: Concept) -> Iterator[str]:
    return chain((each.value for each in concept.designations), (each.value for each in concept.properties))


def circle_among(parents: dict[str, tuple[str, ...]]) -> list[str]:
    """The codes around one circle, each the child of the next; empty where there is none. Linear in the parents named."""
    done: set[str] = set()
    for start in parents:
        if start in done:
            continue
        path, here = [start], {start}
        waiting = [iter(parents[start])]
        while waiting:
            parent = next(waiting[-1], None)
            if parent is None:
                waiting.pop()
                code = path.pop()
                here.discard(code)
                done.add(code)
            elif parent in here:
                return path[path.index(parent) :]
            elif parent in parents and parent not in done:
                path.append(parent)
                here.add(parent)
                waiting.append(iter(parents[parent]))
    return []
