"""The lists of one view in the version that is asked: the last one, that of a label, or that in force at a date."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import cached_property

from maksa.check.code_list import CodeList
from maksa.check.terminologies import Named, Terminologies
from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.model.errors import SnapshotError
from maksa.service.editions import edition_of
from maksa.snapshot.shelf import Edition, View

_KEPT = 10_000  # ways of writing what names them, and codes


class Lists:
    """Every list that a coded text may be of. What was asked once is kept, and so are the lists that were opened.

    Args:
        at: aware; the moment of which the question is. A label says all, so a date beside it is not asked.
    """

    def __init__(self, view: View, *, at: dt.datetime | None = None, label: str | None = None) -> None:
        self.view = view
        self._at = at
        self._label = label
        self._terminologies = Terminologies(view)
        self._named: dict[str, Named] = {}
        self._lists: dict[str, CodeList] = {}
        self._with_code: dict[str, tuple[tuple[str, str], ...]] = {}

    def named(self, written: str) -> Named:
        """What *written* names as a terminology; it is not blank."""
        found = self._named.get(written)
        if found is None:
            found = self._terminologies.named(written)
            if found.terminology_id and len(self._named) < _KEPT:
                self._named[written] = found
        return found

    def near(self, written: str) -> tuple[str, ...]:
        """The ids that are spelled nearly like *written*, which names none."""
        return self._terminologies.near(written)

    def of(self, terminology_id: str) -> CodeList | UnknownTerminology | UnknownVersion:
        """The list of that id, as it was defined. Raises: SnapshotError where its file is damaged."""
        kept = self._lists.get(terminology_id)
        if kept is not None:
            return kept
        edition = edition_of(self.view, terminology_id, self._label, self._at)
        terminology = self.view.terminology(terminology_id)
        if terminology is None or not isinstance(edition, Edition):
            assert not isinstance(edition, Edition), "an edition is of a terminology"
            return edition
        return self._lists.setdefault(terminology_id, CodeList(terminology, edition))

    def asked(self, written: str) -> CodeList | None:
        """The list that *written* names with certainty; None where it names none that is in force here."""
        named = self.named(written) if written.strip() else None
        found = self.of(named.terminology_id) if named and named.terminology_id else None
        return found if isinstance(found, CodeList) else None

    def with_code(self, code: str) -> tuple[tuple[str, str], ...]:
        """(id of the list, display) of every list that has *code*, in order of definition; kept for codes that repeat."""
        found = self._with_code.get(code)
        if found is None:
            displays = ((each.id, each.display(code)) for each in self.all if each.may_have(code))
            found = tuple((each, now) for each, now in displays if now is not None)
            if len(self._with_code) >= _KEPT:
                self._with_code.clear()
            self._with_code[code] = found
        return found

    @cached_property
    def all(self) -> tuple[CodeList, ...]:
        """Every list that is in force, in order of definition; damaged ones are left out."""
        found: list[CodeList] = []
        for terminology in self.view.terminologies:
            with suppress(SnapshotError):
                each = self.of(terminology.id)
                found += [each] if isinstance(each, CodeList) else []
        return tuple(found)
