"""A terminology as the checker asks it: in the version that is in force, with what became of its codes before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property

from maksa.check.code_marks import CodeMarks
from maksa.check.wordings import Wordings
from maksa.model.concept import Concept, FormerConcept
from maksa.model.errors import SnapshotError
from maksa.model.folding import keyboard_form
from maksa.snapshot.probing import codes_with_status, designations_of, displays_of
from maksa.snapshot.shelf import Edition, Terminology

_RETIRED = "retired"  # FHIR's PublicationStatus; `draft` is in use


class CodeList:
    """One version of one terminology. What it answers never changes, so whoever asks may keep it."""

    def __init__(self, terminology: Terminology, edition: Edition) -> None:
        self.terminology = terminology
        self.id = terminology.id
        self.label = edition.version.label
        self.snapshot = edition.snapshot
        self.display = edition.snapshot.display
        self.wordings = Wordings(edition.snapshot)
        self._marks = CodeMarks(edition.snapshot)
        self.may_have = self._marks.may_have
        self._edition = edition

    @cached_property
    def retired(self) -> frozenset[str]:
        """The codes that the version still has, marked as retired."""
        return codes_with_status(self.snapshot, _RETIRED)

    def displays(self, codes: Sequence[str]) -> dict[str, str]:
        """The display of each of *codes* that is there."""
        return displays_of(self.snapshot, self._marks.among(codes))

    def other_wordings(self, code: str) -> list[str]:
        """The designations of *code*, in their order."""
        return designations_of(self.snapshot, code)

    def concept(self, code: str) -> Concept | None:
        """All that the version says of *code*."""
        return self.snapshot.concept(code)

    def former(self, code: str) -> FormerConcept | None:
        """What *code* was, where an earlier version had it and this one has not."""
        return self.snapshot.former(code)

    def before(self) -> Iterator[Edition]:
        """The editions before this one, the latest first; damaged ones are left out."""
        return self._sound(reversed(self._around(before=True)))

    def after(self) -> Iterator[Edition]:
        """The editions after this one, the earliest first; damaged ones are left out."""
        return self._sound(iter(self._around(before=False)))

    def _around(self, *, before: bool) -> list[Edition]:
        place = self.terminology.editions.index(self._edition)
        return self.terminology.editions[:place] if before else self.terminology.editions[place + 1 :]

    @staticmethod
    def _sound(editions: Iterator[Edition]) -> Iterator[Edition]:
        for edition in editions:
            with suppress(SnapshotError):
                edition.snapshot  # noqa: B018 # opening is the effect
                yield edition

    def since(self, code: str) -> tuple[str, dt.datetime]:
        """The label and the publication of the version since which *code* has had its display without a break."""
        now, first = self.display(code), self._edition
        for edition in self.before():
            if edition.snapshot.display(code) != now:
                break
            first = edition
        return first.version.label, first.version.published_at

    def edition_with(self, code: str, text: str, *, earlier: bool) -> Edition | None:
        """The nearest edition before this one (or after it) in which the display of *code* was *text*, on any keyboard."""
        wanted = keyboard_form(text)
        for edition in self.before() if earlier else self.after():
            display = edition.snapshot.display(code)
            if display is not None and keyboard_form(display) == wanted:
                return edition
        return None
