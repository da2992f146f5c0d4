"""Loaders and publishers as processes of their own, to be raced and killed."""

from __future__ import annotations

import multiprocessing as mp
from multiprocessing.connection import Connection
from pathlib import Path

from maksa.model.concept import Concept, Designation
from maksa.model.errors import MaksaError
from tests.publish.conftest import House

ROWS = 3_000

processes = mp.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def concepts_of(label: str, rows: int = ROWS) -> list[Concept]:
    """A list that differs from label to label: a third of its displays, and a few codes at its end."""
    shift = sum(label.encode())
    return [
        Concept(str(code), f"دارو {code} {label if code % 3 == 0 else ''}", "fa", (Designation("en", f"Drug {code}"),))
        for code in range(shift % 7, rows)
    ]


def load_and_publish(home: Path, terminology_id: str, label: str, to_parent: Connection) -> None:
    """Says "ready", then loads and publishes; in the end says the version's row or the error's slug."""
    house = House(home)
    concepts = concepts_of(label)
    to_parent.send("ready")
    try:
        house.load(terminology_id, label, concepts)
        to_parent.send(house.publish(terminology_id, label).row)
    except MaksaError as error:
        to_parent.send(error.slug)


def only_publish(home: Path, terminology_id: str, label: str, to_parent: Connection) -> None:
    """Says "ready", waits for a word, then publishes; in the end says the version's row or the error's slug."""
    house = House(home)
    to_parent.send("ready")
    to_parent.recv()
    try:
        to_parent.send(house.publish(terminology_id, label).row)
    except MaksaError as error:
        to_parent.send(error.slug)
