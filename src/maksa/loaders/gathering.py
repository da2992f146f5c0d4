"""Findings gathered while a file is read: counted exactly, the first of each kind kept, all of them spilled if asked."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from maksa.loaders.wording import ONE, WORDINGS
from maksa.model.digits import persian_digits
from maksa.model.errors import DiskFullError, ReadOnlyError
from maksa.model.finding import Finding, LoadReport

KEPT_PER_SLUG = 100  # findings
VALUE_LIMIT = 200  # characters


class Gathering:
    """The findings of one load, written into its report.

    With *spill*, every finding is also appended to that file as a line of JSON, so that none is lost to the bound.
    """

    def __init__(self, report: LoadReport, spill: Path | None = None) -> None:
        self.report = report
        self._listed: Counter[str] = Counter()
        self._spill = spill
        self._stream: IO[bytes] | None = None
        self._member = ""

    @contextmanager
    def within(self, member: str) -> Iterator[None]:
        """Findings of this block are of that member of a release: it is their `sheet`."""
        before, self._member = self._member, member
        try:
            yield
        finally:
            self._member = before

    def add(self, slug: str, *, row: int = 0, column: str = "", value: str = "", count: int = 1, **facts: Any) -> None:
        """Counts a finding, and keeps it where there is room.

        Args:
            slug: a key of `WORDINGS`; its texts are filled with *value*, *count* and *facts*.
            row: as `Finding.row`; 0 for the whole file.
            count: how many cells this finding stands for.
        Raises: DiskFullError, ReadOnlyError (of the spill).
        """
        report, shown = self.report, value[:VALUE_LIMIT]
        wording = WORDINGS[slug]
        finding = Finding(
            severity=wording.severity,
            slug=slug,
            message=(ONE.get(slug, wording.english) if count == 1 else wording.english).format(
                value=shown, count=count, **facts
            ),
            file=report.file,
            sheet=self._member or report.sheet,
            row=row,
            column=column,
            value=shown,
            message_fa=wording.persian.format(value=shown, **_in_persian({**facts, "count": count})),
            count=count,
        )
        report.counts[slug] = report.counts.get(slug, 0) + count
        self._list(finding)
        if self._spill is not None:
            self._write(self._spill, finding)

    def refuse(self, slug: str, *, row: int, column: str = "", value: str = "", **facts: Any) -> None:
        """Adds a finding for which the whole *row* is refused, and counts the row so. Raises: as `add`."""
        self.add(slug, row=row, column=column, value=value, **facts)
        self.report.refused += 1

    def _list(self, finding: Finding) -> None:
        if self._listed[finding.slug] < KEPT_PER_SLUG:
            self._listed[finding.slug] += 1
            self.report.findings.append(finding)
        else:
            self.report.more += finding.count

    def _write(self, spill: Path, finding: Finding) -> None:
        try:
            if self._stream is None:
                self._stream = spill.open("ab")
            self._stream.write(msgspec.json.encode(finding) + b"\n")
        except OSError as error:
            raise _told(spill, error) from error

    def close(self) -> None:
        """Puts the spill on disk. Raises: DiskFullError, ReadOnlyError."""
        if self._spill is None or self._stream is None:
            return
        stream, self._stream = self._stream, None
        try:
            stream.close()
        except OSError as error:
            raise _told(self._spill, error) from error


def _in_persian(facts: dict[str, Any]) -> dict[str, Any]:
    """*facts* with their numbers in Persian digits; codes and ids are texts, and stay as they are written."""
    return {name: persian_digits(str(fact)) if isinstance(fact, int) else fact for name, fact in facts.items()}


def _told(spill: Path, error: OSError) -> DiskFullError | ReadOnlyError:
    kind = DiskFullError if error.errno == errno.ENOSPC else ReadOnlyError
    return kind(path=str(spill), reason=error.strerror)
