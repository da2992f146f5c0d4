"""Snapshots made for a test: by hand from a few concepts, as `publish` would write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from maksa.model.concept import Concept
from maksa.model.terminology import Version
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.writer import Row, SnapshotWriter

NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)  # 1400/05/06

Make = Callable[..., Snapshot]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes the given concepts as a version and opens it; `shelf=True` lists it in a manifest too."""
    made: list[Snapshot] = []

    def write(
        concepts: Iterable[Concept],
        terminology_id: str = "ContactType",
        label: str = "1",
        changed: dict[str, int] | None = None,
    ) -> Snapshot:
        manifest = manifests.read(tmp_path)
        dates = {code: seconds for code, seconds in (changed or {}).items()}
        seconds = int(NOON.timestamp())
        rows = [
            Row(concept, dates.get(concept.code, seconds), dates.get(concept.code, seconds), place)
            for place, concept in enumerate(sorted(concepts, key=lambda each: each.code), 1)
        ]
        counts = {date: sum(row.changed == date for row in rows) for date in sorted({row.changed for row in rows})}
        version = Version(
            terminology_id=terminology_id, label=label, number=manifest.next_row, row=manifest.next_row, published_at=NOON
        )
        with SnapshotWriter(tmp_path / "fresh", changes=list(counts.items())) as writer:
            writer.write(rows)
            version = writer.finish(version)
        (tmp_path / "fresh").rename(file_of(tmp_path, version))
        manifests.replace(tmp_path, manifest.with_version(version))
        made.append(Snapshot.open(file_of(tmp_path, version), version))
        return made[-1]

    yield write
    for snapshot in made:
        snapshot.close()
