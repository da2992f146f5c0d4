"""The checker: coded texts in, verdicts out. What is plainly valid costs a look-up, and what came before costs less.

Rules of this file:
- a text that is exactly as published is answered here, and nothing else is asked for it;
- verdicts are remembered, whatever they are, up to a bound: messages repeat themselves, and so do their mistakes;
- costly looks for what is near are bounded by an allowance, where one is given: a file full of errors is not slow either.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from maksa.check.code_list import CodeList
from maksa.check.judging import judged
from maksa.check.lists import Lists
from maksa.check.verdict import Verdict
from maksa.model.concept import CodedText
from maksa.snapshot.shelf import Shelf, View

_REMEMBERED = 1 << 15  # verdicts
_HALVES = re.compile("[\ud800-\udfff]")


class Checker:
    """Judges coded texts against what a shelf holds at this moment. Threads may share it.

    Args:
        shelf: a shelf, or one view of it.
        at: aware; judges by the versions in force at this moment, as for a claim or an old message.
        label: judges by the versions of this label.
        allowance: how much may be spent on looking for what is near, a tenth of a millisecond or so each; None for no bound.
            When it is spent, texts are judged the same and get fewer suggestions.
    """

    def __init__(
        self,
        shelf: Shelf | View,
        *,
        at: dt.datetime | None = None,
        label: str | None = None,
        allowance: int | None = None,
    ) -> None:
        self.view = shelf.view if isinstance(shelf, Shelf) else shelf
        self._lists = Lists(self.view, at=at, label=label)
        self._plain: dict[str, CodeList] = {}
        self._remembered: dict[tuple[str | None, ...], Verdict] = {}
        self._left = allowance
        self.is_spent = False  # whether a look at what is near was not allowed: suggestions may be missing

    def allow(self, allowance: int | None) -> None:
        """Begins anew with *allowance*: for who has many small files, or calls, of one checker."""
        self._left, self.is_spent = allowance, False

    def check(self, text: CodedText) -> Verdict:
        """What is wrong with *text*, if anything. Raises: SnapshotError where the file of its list is damaged."""
        return self.judge(text.terminology_id, text.code, text.display)

    def judge(self, terminology_id: str, code: str, display: str | None, damage: str = "") -> Verdict:
        """The same, of its parts. Without a *display* (None) the code alone is judged; "" is one that is missing.

        *damage* is the slug of what a spreadsheet or a message's writer has done to the code, where they have. Raises: SnapshotError.
        """
        key = (terminology_id, code, display, damage) if damage else (terminology_id, code, display)
        verdict = self._remembered.get(key)
        if verdict is not None:
            return verdict
        verdict = None if damage else self._plainly(terminology_id, code, display)
        verdict = verdict or self._judged(terminology_id, code, display, damage)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = verdict
        return verdict

    def _plainly(self, terminology_id: str, code: str, display: str | None) -> Verdict | None:
        """The verdict on a text that is exactly as published; None for any other."""
        code_list = self._plain.get(terminology_id)
        if code_list is None:
            return None
        try:
            now = code_list.display(code)
        except UnicodeEncodeError:  # half a character: no file and no database takes it
            return None
        if now is None or (display is not None and display != now) or code in code_list.retired:
            return None
        return Verdict(CodedText(terminology_id, code, display or ""), code_list.id, code_list.label, now)

    def _judged(self, terminology_id: str, code: str, display: str | None, damage: str = "") -> Verdict:
        given = CodedText(_whole(terminology_id), _whole(code), _whole(display or ""))
        verdict = judged(self._lists, given, self._spend, has_display=display is not None, damage=damage)
        if verdict.terminology_id and terminology_id not in self._plain and not verdict.findings:
            code_list = self._lists.asked(terminology_id)
            if code_list is not None:
                self._plain[terminology_id] = code_list
        return verdict

    def _spend(self, cost: int) -> bool:
        if self._left is None:
            return True
        self.is_spent = self.is_spent or self._left < cost
        if self._left < cost:
            return False
        self._left -= cost
        return True


def _whole(part: str) -> str:
    """*part* with U+FFFD for each half of a character, which no file and no answer takes."""
    return part if part.isascii() else _HALVES.sub("\ufffd", part)


def check(
    shelf: Shelf | View, texts: Iterable[CodedText], *, at: dt.datetime | None = None, label: str | None = None
) -> Iterator[Verdict]:
    """The verdict on each of *texts*, in their order, against what *shelf* holds now, or held *at* a moment.

    Raises: SnapshotError.
    """
    return map(Checker(shelf, at=at, label=label).check, texts)
