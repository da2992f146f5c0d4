"""What a job is told, and what it tells: the records that go between the desk and the process that does the work."""

from __future__ import annotations

from typing import Literal, Self

from msgspec import Struct

from maksa.drafting.loading import Wanted
from maksa.model.difference import Kind
from maksa.model.errors import MaksaError
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint, Notice, Version

JobKind = Literal["load", "review", "publish"]
"""`load` reads a file into a draft and reviews it, `review` reads a draft that is there, `publish` makes it a version."""


class Order(Struct, frozen=True, kw_only=True):
    """One job, whole: the process needs nothing else. `folder` is its own; `file` a name in the folder's `file/`.

    `fingerprint` and `last_label` are of the draft that was approved. `signing_key` is the setting. `memory` is in bytes.
    """

    kind: JobKind
    folder: str
    home: str
    catalog_url: str
    wanted: Wanted
    file: str = ""
    fingerprint: str = ""
    last_label: str = ""
    notice: Notice = Notice()
    signing_key: str = ""
    memory: int = 2**33


class Fault(Struct, frozen=True):
    """Why a job did not end well: the slug of an error of the tree, or one of `OWN_FAULTS`, and what it said in English.

    `facts` are the error's, as texts: other languages say them in words of their own.
    """

    slug: str
    message: str = ""
    facts: dict[str, str] = {}

    @classmethod
    def of(cls, error: MaksaError) -> Self:
        """The fault that *error* is."""
        facts = error.facts.items()
        return cls(error.slug, str(error), {name: _text(fact) for name, fact in facts if isinstance(fact, _TOLD)})


OWN_FAULTS = ("reader-crashed", "out-of-memory", "too-slow", "stopped", "desk-ended", "unexpected")
"""The faults of a job that no error of the tree says."""


_TOLD = (str, int, list, tuple)


def _text(fact: object) -> str:
    return "، ".join(map(str, fact)) if isinstance(fact, list | tuple) else str(fact)


class Drafted(Struct, frozen=True, kw_only=True):
    """A draft as it was reviewed. `last_label` is the version it was compared with, "" where there is none.

    `differences` counts what it has otherwise than that version; empty of a map.
    """

    terminology_id: str
    label: str
    title: str
    kind: Literal["terminology", "map"]
    concepts: int
    fingerprint: str
    last_label: str
    imprint: Imprint = Imprint()
    differences: dict[Kind, int] = {}


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a job. `says` is the form of its file.

    `report` is the load's with the first finding of each kind; all of them are in the job's folder.
    """

    says: str = ""
    report: LoadReport | None = None
    draft: Drafted | None = None
    version: Version | None = None
    fault: Fault | None = None


class Progress(Struct, frozen=True):
    """How far a job is: *done* of about *total* rows of a phase; 0 where the total is not known."""

    phase: str = ""
    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int | None:
        """In whole percents, below 100 until the phase is over; None where it cannot be told."""
        return min(99, self.done * 100 // self.total) if self.total else None


class Said(Struct, frozen=True, kw_only=True):
    """A line of the process: how far it is, or, last, what became of it."""

    progress: Progress | None = None
    outcome: Outcome | None = None
