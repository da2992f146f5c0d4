"""The process of one job: it reads an order from its standard input, and says on its standard output how far it is.

Rules of this file:
- it holds itself to limits before it opens a file: memory, no core, files of its own folder alone to be named in findings;
- it ends when its input ends, for then the desk has: nobody would hear what it says;
- what goes wrong on purpose is an outcome; what does not is the desk's to say (`running`).
"""

from __future__ import annotations

import os
import resource
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TypeVar

import msgspec

from maksa.catalog import Catalog, Draft
from maksa.desk.kept import FINDINGS, DifferenceWriter
from maksa.desk.orders import Drafted, Fault, Order, Outcome, Progress, Said
from maksa.drafting.loading import opened, spelled
from maksa.drafting.review import compared
from maksa.home import Home
from maksa.model.errors import MaksaError, SnapshotError, StorageError
from maksa.model.reasons import ReasonedError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.publish import Approved, publish
from maksa.publish.approval import Fingerprint
from maksa.snapshot.following import check_own
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf, View
from maksa.snapshot.signing import configured_key
from maksa.snapshot.storage import told_apart

T = TypeVar("T")

EXIT_MEMORY = 71
EXIT_ALONE = 75
_SAY_S = 0.2  # between two words of progress
_EACH = 5_000  # rows between two looks at the clock


def main() -> int:
    """Does the one job that the input says; the exit code is 0 whatever became of it, if it could be said."""
    order = json_decoder(Order)(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_desk, daemon=True).start()
    _limit(order.memory)
    teller = Teller()
    try:
        outcome = _DOES[order.kind](order, teller)
    except MaksaError as error:
        outcome = Outcome(fault=Fault.of(error))
    except ValueError as error:  # of a hierarchy that cannot be read
        facts = error.why.facts if isinstance(error, ReasonedError) else {}
        outcome = Outcome(fault=Fault("malformed-parameter", str(error), facts))
    except MemoryError:
        return EXIT_MEMORY
    teller.say(Said(outcome=outcome))
    return 0


def _end_with_the_desk() -> None:
    sys.stdin.buffer.read()
    os._exit(EXIT_ALONE)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS holds nobody to it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError):
        os.nice(5)  # pages are answered first


class Teller:
    """Says how far the work is, a few times a second. `total` is what the rows of the phase will come to."""

    def __init__(self) -> None:
        self.total = 0
        self._said_at = 0.0
        self._phase = ""

    def __call__(self, phase: str, done: int) -> None:
        if phase != self._phase or monotonic() - self._said_at > _SAY_S:
            self._phase, self._said_at = phase, monotonic()
            self.say(Said(progress=Progress(phase, done, self.total)))

    def say(self, said: Said) -> None:
        """Writes a line."""
        sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
        sys.stdout.buffer.flush()


def _load(order: Order, teller: Teller) -> Outcome:
    home, folder = Home.of(order.home), Path(order.folder)
    view = Shelf.open(home.shelf).view
    os.chdir(folder / "file")  # so that findings name the file as its owner does
    spill = folder / FINDINGS
    spill.unlink(missing_ok=True)
    wanted = spelled(view, order.wanted)
    with Catalog.open(order.catalog_url) as catalog:
        with opened(view, Path(order.file), wanted, spill) as loading:
            check_own(home.mirrors, home.shelf, loading.report.terminology_id)
            teller.total = loading.expected or 0
            draft = loading.into(catalog, teller)
        report = loading.report
        first_of_each = {finding.slug: finding for finding in reversed(report.findings)}
        report.findings = list(first_of_each.values())
        if report.blocking:
            return Outcome(says=loading.says, report=report)
        return Outcome(says=loading.says, report=report, draft=_reviewed(catalog, draft, view, folder, teller))


def _review(order: Order, teller: Teller) -> Outcome:
    view = Shelf.open(Home.of(order.home).shelf).view
    with Catalog.open(order.catalog_url) as catalog:
        draft = catalog.draft(order.wanted.terminology_id, order.wanted.label)
        return Outcome(draft=_reviewed(catalog, draft, view, Path(order.folder), teller))


def _reviewed(catalog: Catalog, draft: Draft, view: View, folder: Path, teller: Teller) -> Drafted:
    """The draft's fingerprint, and what it has otherwise than the last version: told apart in one reading."""
    fingerprint, terminology = Fingerprint(draft), view.terminology(draft.terminology_id)
    teller.total = draft.concepts
    counts = {}
    if draft.concept_map:
        _exhaust(_told(fingerprint.watched(catalog.draft_entries(draft)), teller))
    else:
        rows = _told(fingerprint.watched(catalog.draft_concepts(draft)), teller)
        earlier = terminology.last.snapshot if terminology else None
        with told_apart(folder), DifferenceWriter(folder) as writer:
            for difference in compared(draft, (concept for _, concept in rows), earlier):
                writer.write(difference)
        counts = dict(writer.counts)
    return Drafted(
        terminology_id=draft.terminology_id,
        label=draft.label,
        title=draft.title,
        kind=draft.kind,
        concepts=draft.concepts,
        fingerprint=fingerprint.text(),
        last_label=terminology.last.version.label if terminology else "",
        imprint=draft.imprint,
        differences=counts,
    )


def _told(rows: Iterable[T], teller: Teller) -> Iterator[T]:
    for count, row in enumerate(rows, 1):
        yield row
        if count % _EACH == 0:
            teller("compared", count)


def _exhaust(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def _publish(order: Order, teller: Teller) -> Outcome:
    home, wanted = Home.of(order.home), order.wanted
    approved = Approved(order.fingerprint, order.last_label)
    with Catalog.open(order.catalog_url) as catalog:
        teller.total = catalog.draft(wanted.terminology_id, wanted.label).concepts
        version = publish(
            catalog, home.shelf, wanted.terminology_id, wanted.label,
            notice=order.notice, progress=teller, approved=approved,
            signer=configured_key(order.signing_key, home.signing_key), mirrors=home.mirrors,
        )  # fmt: skip
    teller.total = 0
    teller("prepared", 0)
    _prepare(home, version)
    return Outcome(version=version)


def _prepare(home: Home, version: Version) -> None:
    """Makes the body that most callers will ask for. A cache: without it the first of them waits, and no more."""
    from maksa.web.prepared.bodies import opened as opened_body

    if version.kind == "terminology":
        with suppress(StorageError, SnapshotError):
            snapshot = Snapshot.open(file_of(home.shelf, version), version)
            try:
                opened_body(snapshot, home.cache).close()
            finally:
                snapshot.close()


_DOES: dict[str, Callable[[Order, Teller], Outcome]] = {"load": _load, "review": _review, "publish": _publish}


if __name__ == "__main__":
    sys.exit(main())
