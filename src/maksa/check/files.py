"""A file of coded texts, judged from its first to its last: what is wrong with which, the sums, and a corrected copy."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from msgspec import Struct

from maksa.check.checker import Checker
from maksa.check.correcting.edits import Edits
from maksa.check.correcting.writing import stamp_of, write_corrected
from maksa.check.reading.columns import Columns
from maksa.check.reading.found import Note, Place, Unreadable
from maksa.check.reading.recognition import opened
from maksa.check.verdict import Verdict
from maksa.check.wording import worded
from maksa.model.concept import CodedText
from maksa.model.reasons import Reason
from maksa.snapshot.shelf import Shelf, View

ALLOWANCE = 60_000  # of a file, for looks at what is near: six seconds or so
_STEP = 5_000  # texts between two reports of progress


class Judged(Struct, frozen=True, gc=False):
    """A coded text of a file that something is to be said of, and where it stands."""

    place: Place
    verdict: Verdict


class Summary(Struct, kw_only=True):
    """The sums of a file: `checked == valid + warned + refused`, of which `corrected` have a certain correction.

    `notes` say what is worth knowing about the whole file (which columns were taken, what was not read), `notes_fa` in Persian.
    `counts` are findings by slug, `terminologies` (checked, refused) by id, as written where it is none. `left_out` are
    corrections that the file has no place or no letters for. `is_bounded`: suggestions for what came late may be missing.
    """

    file: str
    form: str
    notes: tuple[str, ...] = ()
    notes_fa: tuple[str, ...] = ()
    checked: int = 0
    valid: int = 0
    warned: int = 0
    refused: int = 0
    corrected: int = 0
    left_out: int = 0
    counts: dict[str, int] = {}
    terminologies: dict[str, tuple[int, int]] = {}
    is_bounded: bool = False


_NOTHING = Note(
    "no coded text was found in it: docs/check.md says what is looked for",
    "هیچ متن کدشده‌ای در آن یافت نشد: راهنمای برنامه‌نویسان می‌گوید چه چیزی جست‌وجو می‌شود",
)
_NAMED = 1_000  # terminologies that a summary tells apart; the rest are one
_OTHERS = "…"


class FileCheck:
    """The check of one file: iterate it once, and `summary` is complete. Made by `check_file`; close it where it keeps edits."""

    def __init__(
        self, path: Path, checker: Checker, columns: Columns, *, progress: Callable[[str, int], None], keeps_edits: bool
    ) -> None:
        self._path = path
        self._checker = checker
        self._progress = progress
        self._stamp = stamp_of(path)
        self._source = opened(path, columns)
        self._edits = Edits() if keeps_edits else None
        self._counts: Counter[str] = Counter()
        self._checked: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self.summary = Summary(file=str(path), form=self._source.form)

    def __iter__(self) -> Iterator[Judged]:
        """The texts that have findings, in the order of the file. Raises: FileUnreadableError, SnapshotError."""
        judge = self._checker.judge
        checked, valid = self._checked, 0
        number = 0
        for number, found in enumerate(self._source.texts(with_spans=self._edits is not None), 1):
            if number % _STEP == 0:
                self._progress("check", number)
            if isinstance(found, Unreadable):
                yield self._wrong(found.place, _unreadable(found.reason))
                continue
            verdict = judge(found.terminology_id, found.code, found.display, found.damage)
            if not verdict.findings:
                checked[verdict.terminology_id] += 1
                valid += 1
                continue
            if self._edits is not None and verdict.correction is not None:
                self._edits.add(found, verdict.correction)
            yield self._wrong(found.place, verdict)
        self._progress("check", number)
        self._finish(number, valid)

    def _wrong(self, place: Place, verdict: Verdict) -> Judged:
        name = verdict.terminology_id or verdict.given.terminology_id.strip()[:100]
        if name not in self._checked and len(self._checked) >= _NAMED:
            name = _OTHERS
        self._checked[name] += 1
        self._counts.update(verdict.slugs)
        self.summary.corrected += verdict.correction is not None
        if verdict.is_valid:
            self.summary.warned += 1
        else:
            self.summary.refused += 1
            self._refused[name] += 1
        return Judged(place, verdict)

    def _finish(self, number: int, valid: int) -> None:
        summary = self.summary
        summary.checked, summary.valid = number, valid
        notes = self._source.notes if number else (*self._source.notes, _NOTHING)
        summary.notes, summary.notes_fa = tuple(each.english for each in notes), tuple(each.persian for each in notes)
        summary.counts = dict(self._counts.most_common())
        summary.terminologies = {name: (count, self._refused[name]) for name, count in self._checked.most_common()}
        summary.left_out = self._edits.left_out if self._edits else 0
        summary.is_bounded = self._checker.is_spent

    def write_corrected(self, target: str | Path) -> None:
        """Writes the file to *target* with every certain correction; to be called after the last text.

        Raises: StorageError, FileUnreadableError where the file has changed since; nothing is at *target* then.
        """
        assert self._edits is not None, "asked for with `keeps_edits`"
        self.summary.left_out += write_corrected(self._source, self._path, self._edits, self._stamp, Path(target))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back the disk that the corrections took."""
        if self._edits is not None:
            self._edits.close()


def _unreadable(reason: Reason) -> Verdict:
    facts = {"reason": reason.english, "reason_fa": reason.persian}
    return Verdict(CodedText("", "", ""), findings=(worded("unreadable", facts),))


def _silent(_phase: str, _done: int) -> None:
    """Reports no progress."""


def check_file(
    path: str | Path,
    shelf: Shelf | View,
    *,
    columns: Columns | None = None,
    at: dt.datetime | None = None,
    label: str | None = None,
    progress: Callable[[str, int], None] = _silent,
    keeps_edits: bool = False,
) -> FileCheck:
    """The check of the file at *path*: CSV, TSV, XLSX, JSON, JSON lines or XML, whichever its content is.

    Args:
        columns: which column of a table is what, where that is not recognised.
        at: aware; judges by the versions in force at this moment.
        label: judges by the versions of this label.
        progress: called with the phase and the number of texts so far.
        keeps_edits: whether `write_corrected` will be called.

    Raises: FileUnreadableError, ColumnMissingError, ColumnAmbiguousError.
    """
    checker = Checker(shelf, at=at, label=label, allowance=ALLOWANCE)
    return FileCheck(Path(path), checker, columns or Columns(), progress=progress, keeps_edits=keeps_edits)
