"""Which rows of a file belong to the asked terminology, where a column names the terminology of each row."""

from __future__ import annotations

from collections import Counter

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.table.tables import Table
from maksa.model.errors import SourceError
from maksa.model.terminology import key_of

IDS_HELD = 1_000  # further ones are counted together
IDS_SHOWN = 20  # in a message
ID_LIMIT = 100  # characters, as of every id


class Ownership:
    """Tells rows of other terminologies from ours, and counts them by id.

    A file that names one other id in all its rows is taken whole, with a warning: issuers spell ids as they like.
    """

    def __init__(self, table: Table, terminology_id: str, gathering: Gathering) -> None:
        self._asked = self._spelling = terminology_id
        self._key = key_of(terminology_id)
        self._gathering = gathering
        self._others: Counter[str] = Counter()
        at = table.plan.roles.get("terminology")
        self._column = "" if at is None else table.plan.columns[at]
        self._at = None if at is None or self._names_none_of_ours(table, at) else at

    def _names_none_of_ours(self, table: Table, at: int) -> bool:
        """Reads until a row has the asked id, which is the first row of most files.

        Raises: SourceError where the file names several ids, and none is the asked one.
        """
        spellings: dict[str, str] = {}
        for row in table.rows():
            cell = row[at].strip()[:ID_LIMIT] if len(row) > at else ""
            if key_of(cell) == self._key:
                self._spelling = row[at]
                return False
            if cell and len(spellings) < IDS_HELD:
                spellings.setdefault(key_of(cell), cell)
        if len(spellings) > 1:
            shown = tuple(list(spellings.values())[:IDS_SHOWN])
            why = reason("none-of-ours", asked=self._asked, column=self._column, ids=shown)
            raise SourceError(file=self._gathering.report.file, **why.facts)
        for spelling in spellings.values():
            self._gathering.add("id-differs", column=self._column, value=spelling, terminology_id=self._asked)
        return True

    def owns_all(self, rows: list[list[str]]) -> bool:
        """Whether each of *rows*, none of them short, names the asked id as the first of them did; nothing is counted."""
        at = self._at
        return at is None or {row[at] for row in rows} == {self._spelling}

    def is_foreign(self, row: list[str]) -> bool:
        """Whether the row is another terminology's; it is counted as skipped then. A short row is ours."""
        at = self._at
        if at is None or len(row) <= at or row[at] == self._spelling or key_of(row[at]) == self._key:
            return False
        name = row[at].strip()[:ID_LIMIT] or "(blank)"
        self._others[name if name in self._others or len(self._others) < IDS_HELD else "…"] += 1
        self._gathering.report.skipped += 1
        return True

    def finish(self) -> None:
        """Gathers one warning with the count of each other id."""
        if not self._others:
            return
        named = self._others.most_common(IDS_SHOWN)
        shown = ", ".join(f"{name} ({count:,})" for name, count in named)
        if len(self._others) > IDS_SHOWN:
            shown += f", and {len(self._others) - IDS_SHOWN} more"
        count = self._others.total()
        self._gathering.add("other-terminology", column=self._column, value=named[0][0], count=count, ids=shown)
