"""The parents that rows name, judged when the last row is known: orphans, and circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from maksa.loaders.gathering import Gathering

PATH_SHOWN = 10  # codes in a message


class Parentage:
    """Who names whom for a parent. Holds a reference for each row that has one: bounded by the codes seen."""

    def __init__(self, gathering: Gathering, column: str) -> None:
        self._gathering = gathering
        self._column = column
        self._parents: dict[str, str] = {}
        self._texts: dict[str, str] = {}  # one string for each parent, not one for each of its children

    def add_all(self, codes: list[str], parents: list[str]) -> None:
        """Notes the parent of each code, "" where it has none."""
        if any(parents):  # a list without a hierarchy may have the column
            self._parents.update(zip(codes, map(self._texts.setdefault, parents, parents), strict=True))

    def finish(self, rows: Mapping[str, int]) -> None:
        """Gathers a warning for each orphan, and a blocking refusal for each circle.

        Args:
            rows: the row of each code that was kept.
        """
        self._texts.clear()
        named = set(self._parents.values()) - {""}
        if missing := named.difference(rows):
            self._tell_orphans(missing, rows)
        inner = named & self._parents.keys()  # a circle passes through no other codes, and these are few
        for circle in circles({code: self._parents[code] for code in inner}):
            self._gathering.report.blocking += 1
            shown = " → ".join(circle[:PATH_SHOWN]) + (" → …" if len(circle) > PATH_SHOWN else f" → {circle[0]}")
            code = circle[0]
            self._gathering.add("parent-cycle", row=rows[code], column=self._column, value=code, path=shown)

    def _tell_orphans(self, missing: set[str], rows: Mapping[str, int]) -> None:
        for code, parent in self._parents.items():
            if parent in missing:
                self._gathering.add("orphan-parent", row=rows[code], column=self._column, value=parent, code=code)


def circles(parents: Mapping[str, str]) -> Iterator[list[str]]:
    """Each circle among *parents* once, as the codes on it from the first one met; in time linear in the codes."""
    visited: set[str] = set()
    for start in parents:
        path: list[str] = []
        code = start
        while code in parents and code not in visited:
            visited.add(code)
            path.append(code)
            code = parents[code]
        if code in path:
            yield path[path.index(code) :]
