"""What the past says of a version's codes: when each was created, when it changed, and which are no more.

What follows and the last version are both in code order, so they are merged as they stream. The last version alone is asked:
it carries the dates of its own concepts, and of the codes that the versions before it had.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter

from maksa.model.concept import Concept, FormerConcept
from maksa.snapshot.reader import Snapshot, moment
from maksa.snapshot.writer import BATCH, Row, SnapshotWriter

Was = tuple[str, str | None, int, int, FormerConcept | None]
"""(code, display, created, changed, None) of a concept of the last version; of a former one there is no display to keep."""


def first(drafted: Iterable[tuple[int, Concept]], at: dt.datetime) -> Iterator[Row | FormerConcept]:
    """The rows of a terminology's first version: each concept is created when it is published."""
    seconds = int(at.timestamp())
    for position, concept in drafted:
        yield Row(concept, seconds, seconds, position)


def following(drafted: Iterable[tuple[int, Concept]], last: Snapshot, at: dt.datetime) -> Iterator[Row | FormerConcept]:
    """The rows of the version that follows *last*, and what is former in it, all by code.

    A code keeps its `created` for ever. `changed` is *at* where the display is another than in *last*, or where the code
    was away: whoever took a version meanwhile must take it again. *drafted* has each code once, in code order.

    Source: contract, section 4.
    """
    seconds = int(at.timestamp())
    past = _past(last)
    was = next(past, None)
    for position, concept in drafted:
        while was is not None and was[0] < concept.code:
            yield _former(was, last.version.label, at)
            was = next(past, None)
        if was is None or was[0] != concept.code:
            yield Row(concept, seconds, seconds, position)
            continue
        _, display, created, changed, _ = was
        yield Row(concept, created, changed if display == concept.display else seconds, position)
        was = next(past, None)
    while was is not None:
        yield _former(was, last.version.label, at)
        was = next(past, None)


def _past(last: Snapshot) -> Iterator[Was]:
    """The concepts of *last* and the former ones it knows, by code; no code is both."""
    here: Iterator[Was] = ((*state, None) for state in last.states())
    away: Iterator[Was] = ((former.code, None, int(former.created.timestamp()), 0, former) for former in last.formers())
    return heapq.merge(here, away, key=itemgetter(0))


def _former(was: Was, last_label: str, at: dt.datetime) -> FormerConcept:
    code, display, created, changed, former = was
    return former or FormerConcept(code, display or "", last_label, moment(created), moment(changed), at)


def write(writer: SnapshotWriter, rows: Iterable[Row | FormerConcept]) -> None:
    """Writes the concepts among *rows* as such, and the former ones as such. Raises: StorageError."""
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        here = [row for row in batch if isinstance(row, Row)]
        writer.write(here)
        if len(here) < len(batch):
            writer.write_former(row for row in batch if isinstance(row, FormerConcept))
