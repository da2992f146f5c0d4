"""A LOINC release, opened: its terms and the parts above them as concepts, their wordings in every language joined to them.

Rules of this file:
- a term's six axes and its other facts are properties under the names of the table's own columns;
- the component hierarchy gives parents; the parts that it is made of are concepts too, after the terms;
- linguistic variants and the hierarchy are joined in a temporary database: memory does not grow with languages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType

from maksa.loaders.loinc.files import TERM, found, is_release, records
from maksa.loaders.release import Release
from maksa.loaders.source import Source
from maksa.loaders.staging import staging, told_apart
from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import FileUnreadableError

FORM = "LOINC release"

_PROPERTIES = (
    *TERM[1:], "CLASSTYPE", "STATUS", "ORDER_OBS", "EXAMPLE_UCUM_UNITS", "VersionFirstReleased", "VersionLastChanged",
    "CHNG_TYPE", "STATUS_REASON", "EXTERNAL_COPYRIGHT_NOTICE",
)  # fmt: skip
_USES = {
    "SHORTNAME": "short-name",
    "DisplayName": "display-name",
    "CONSUMER_NAME": "consumer-name",
    "RELATEDNAMES2": "related-names",
    "DefinitionDescription": "definition",
}
_VARIANT_USES = {
    "LONG_COMMON_NAME": "long-common-name",
    "LinguisticVariantDisplayName": "display-name",
    "SHORTNAME": "short-name",
    "RELATEDNAMES2": "related-names",
}
_STATUSES = {"ACTIVE": "active", "TRIAL": "draft", "DISCOURAGED": "active", "DEPRECATED": "retired"}

_TABLES = """
CREATE TABLE wording (code TEXT, language TEXT, use TEXT, value TEXT, PRIMARY KEY (code, language, use)) WITHOUT ROWID;
CREATE TABLE parent (code TEXT, parent TEXT, PRIMARY KEY (code, parent)) WITHOUT ROWID;
CREATE TABLE part (code TEXT PRIMARY KEY, display TEXT, row INTEGER) WITHOUT ROWID;
"""


def recognises(path: Path) -> bool:
    """Whether the zip, folder or file at *path* has a CSV with the header of LOINC's table."""
    try:
        with Release(path) as release:
            return is_release(release)
    except FileUnreadableError:
        return False


class LoincSource(Source):
    """The terms of a LOINC release, and its map from deprecated terms to those that took their place.

    Raises: on entering, FileUnreadableError where there is no table of terms, or the release must not be trusted.
    """

    columns = ("LOINC_NUM", "LONG_COMMON_NAME")

    def _opened(self) -> dict[str, str]:
        with ExitStack() as opened:
            self._release = opened.enter_context(Release(self._path))
            self._files = files = found(self._release)
            self._db: sqlite3.Connection = opened.enter_context(closing(staging(_TABLES)))
            self._open = opened.pop_all()
        languages = ", ".join(tag for tag, _ in files.variants)
        told = {"form": FORM, "terms": files.terms, "hierarchy": files.hierarchy, "languages": languages}
        return {name: value for name, value in told.items() if value}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        super().__exit__(kind, error, trace)

    def _found(self) -> Iterator[tuple[int, Concept]]:
        with told_apart():
            self._stage_variants()
            if self._files.hierarchy:
                self._stage_hierarchy()
            else:
                self._gathering.add("missing-file", value="ComponentHierarchyBySystem.csv", kind="hierarchy")
            with self._gathering.within(self._files.terms):
                for row, cells in records(self._release, self._files.terms, self._gathering):
                    yield row, self._term(row, cells)
            with self._gathering.within(self._files.hierarchy):
                parts = self._db.execute("SELECT code, display, row FROM part WHERE code LIKE 'LP%' ORDER BY code")
                for code, display, row in parts.fetchall():
                    yield row, Concept(code, display, "en", parents=self._parents(code))

    def _stage_variants(self) -> None:
        for tag, name in self._files.variants:
            with self._gathering.within(name):
                many = (
                    (cells["LOINC_NUM"].strip(), tag, use, value.strip())
                    for _, cells in records(self._release, name, self._gathering)
                    for column, use in _VARIANT_USES.items()
                    if (value := cells.get(column, "")).strip()
                )
                self._db.executemany("INSERT OR IGNORE INTO wording VALUES (?,?,?,?)", many)

    def _stage_hierarchy(self) -> None:
        """A code stands in the file once for each way up from it: its parents are those of all of them."""
        name = self._files.hierarchy
        with self._gathering.within(name):
            for row, cells in records(self._release, name, self._gathering):
                code, parent = cells["CODE"].strip(), cells["IMMEDIATE_PARENT"].strip()
                self._db.execute("INSERT OR IGNORE INTO part VALUES (?,?,?)", (code, cells["CODE_TEXT"].strip(), row))
                if parent:
                    self._db.execute("INSERT OR IGNORE INTO parent VALUES (?,?)", (code, parent))

    def _term(self, row: int, cells: dict[str, str]) -> Concept:
        code, display = cells["LOINC_NUM"].strip(), cells.get("LONG_COMMON_NAME", "") or cells.get("SHORTNAME", "")
        status = cells.get("STATUS", "")
        if status not in _STATUSES:
            self._gathering.add("unknown-status", row=row, column="STATUS", value=status)
        own = (
            Designation("en", value, use)
            for column, use in _USES.items()
            if (value := cells.get(column, "")) and value != display
        )
        facts = (Property(column, value) for column in _PROPERTIES if (value := cells.get(column, "")))
        return Concept(
            code,
            display,
            "en",
            designations=(*own, *self._wordings(code)),
            properties=tuple(facts),
            parents=self._parents(code),
            status=_STATUSES.get(status, "active"),
        )

    def _wordings(self, code: str) -> Iterator[Designation]:
        for language, value, use in self._db.execute(
            "SELECT language, value, use FROM wording WHERE code = ? ORDER BY language, use", (code,)
        ):
            yield Designation(language, value, use)

    def _parents(self, code: str) -> tuple[str, ...]:
        rows = self._db.execute("SELECT parent FROM parent WHERE code = ? ORDER BY parent", (code,))
        return tuple(parent for (parent,) in rows)

    def maps(self) -> list[ConceptMap]:
        """The map from deprecated terms to their replacements, where the release has it (MapTo.csv)."""
        if not self._files.replaced:
            return []
        own, label = self._report.terminology_id, self._report.label
        return [
            ConceptMap(
                map_id=f"{own}-MapTo", source_id=own, target_id=own, source_version=label, target_version=label,
                title="LOINC terms that took the place of deprecated ones",
            )
        ]  # fmt: skip

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The lines of that map in file order, the comment as advice; empty for one that is not of `maps()`."""
        if not any(each.map_id == map_id for each in self.maps()):
            return
        with self._gathering.within(self._files.replaced):
            for _, cells in records(self._release, self._files.replaced, self._gathering):
                yield MapEntry(cells["LOINC"].strip(), cells["MAP_TO"].strip(), advice=cells.get("COMMENT", "").strip())
