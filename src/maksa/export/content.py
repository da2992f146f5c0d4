"""What is exported, whatever the form: named columns, and the records under them.

Rules of this file:
- a version's columns are read from it: one for each language and use of its designations, one for each property;
- a cell is a text, a moment, or several texts; how a form writes them is the form's own affair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from msgspec import Struct

from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import MapEntry
from maksa.model.difference import Comparison, Difference, Facts
from maksa.model.tabular import CONCEPT, fact_header, wording_header
from maksa.snapshot import whole
from maksa.snapshot.maps import MapSnapshot
from maksa.snapshot.reader import Snapshot

Cell = str | int | dt.datetime | None | tuple[str, ...]
Row = Sequence[Cell]


class Column(NamedTuple):
    """A column. Its cells are of this kind: a text, a whole number, a moment (aware, UTC), or several texts.

    Of "facts" there is mostly one for a concept, and may be several; "texts" are several by their nature.
    """

    name: str
    kind: Literal["text", "number", "moment", "texts", "facts"] = "text"


class Content(Protocol):
    """What a form writes. `name` is a file's without its ending; `total` is how many records there are, where it is known;
    `snapshot` is the version that it is, None where it is none.

    In JSON it is one object: the members of `facts`, then the records as an array named `member`.
    """

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def member(self) -> str: ...
    @property
    def snapshot(self) -> Snapshot | None: ...

    def records(self) -> Iterator[Struct]:
        """The records, from the first each time it is called. Raises: sqlite3.DatabaseError, of a damaged file."""
        ...

    def rows(self) -> Iterator[Row]:
        """The same as cells, one for each column. Raises: likewise."""
        ...


_KINDS: dict[str, Literal["moment", "texts"]] = {"created": "moment", "changed": "moment", "parents": "texts"}
CONCEPT_COLUMNS = tuple(Column(name, _KINDS.get(name, "text")) for name in CONCEPT)
_PARENTS = CONCEPT.index("parents")


class Concepts:
    """The concepts of a version, in the publisher's order.

    Columns after `CONCEPT_COLUMNS`: `designation.en.synonym` for each language and use, `property.group` for each property,
    `property.level (integer)` where its value is no string. Both as the version first has them.
    """

    member = "concepts"

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot: Snapshot | None = snapshot
        self._whole = snapshot
        self.name = _name_of(snapshot)
        self.total: int | None = snapshot.version.concepts
        self.facts: dict[str, Any] = {"version": snapshot.version, "imprint": snapshot.imprint}
        first = len(CONCEPT_COLUMNS)
        wordings, facts = whole.wordings(snapshot.path), whole.property_names(snapshot.path)
        self._wordings = {wording: at for at, wording in enumerate(wordings, first)}
        self._facts = {fact: at for at, fact in enumerate(facts, first + len(wordings))}
        self._blank: tuple[Cell, ...] = ((),) * (len(wordings) + len(facts))
        self.columns = (
            *CONCEPT_COLUMNS,
            *(Column(wording_header(*wording), "texts") for wording in wordings),
            *(Column(fact_header(*fact), "facts") for fact in facts),
        )

    def records(self) -> Iterator[Concept]:
        return self._whole.concepts(as_listed=True)

    def rows(self) -> Iterator[Row]:
        for batch in whole.batches(self._whole.path, as_listed=True):
            yield from self._rows(batch)

    def _rows(self, batch: whole.Batch) -> Iterable[Row]:
        """The cells are filled where they stand: making concepts first would take half as long again."""
        moment, wordings, facts = whole.moment_of, self._wordings, self._facts
        made: dict[int, list[Any]] = {
            number: [code, display, language, status, moment(created), moment(changed), (), *self._blank]
            for number, code, display, language, status, created, changed in batch.concepts
        }
        for number, code in batch.parents:
            made[number][_PARENTS] += (code,)
        for number, language, value, use in batch.designations:
            made[number][wordings[language, use]] += (value,)
        for number, name, value, kind in batch.properties:
            made[number][facts[name, kind]] += (value,)
        return made.values()


class Entries:
    """The entries of a version of a map, by source, then in order. Its columns are those that `maksa map load` recognises."""

    member = "entries"
    columns = (
        Column("source"), Column("target"), Column("relationship"), Column("order", "number"), Column("group", "number"),
        Column("rule"), Column("advice"),
    )  # fmt: skip

    def __init__(self, snapshot: MapSnapshot) -> None:
        self.snapshot: Snapshot | None = snapshot
        self._map = snapshot
        self.name = _name_of(snapshot)
        self.total: int | None = snapshot.version.concepts
        self.facts: dict[str, Any] = {
            "version": snapshot.version, "map": snapshot.concept_map, "imprint": snapshot.imprint,
        }  # fmt: skip

    def records(self) -> Iterator[MapEntry]:
        return self._map.entries()

    def rows(self) -> Iterator[Row]:
        for each in self._map.entries():
            yield each.source, each.target, each.relationship, each.order, each.group, each.rule, each.advice


class Differences:
    """What one version has otherwise than another, by code. To be read once: `Comparison` counts while it is."""

    member = "differences"
    columns = (Column("kind"), Column("code"), Column("display"), Column("before", "texts"), Column("after", "texts"))
    total: int | None = None
    snapshot: Snapshot | None = None

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        earlier, later = comparison.earlier, comparison.later
        self.name = f"{comparison.terminology_id}-{earlier}-{later}"
        self.facts: dict[str, Any] = {
            "terminology_id": comparison.terminology_id, "earlier": earlier, "later": later,
        }  # fmt: skip

    def records(self) -> Iterator[Difference]:
        return iter(self._comparison)

    def rows(self) -> Iterator[Row]:
        for each in self._comparison:
            yield each.kind, each.code, each.display, _told(each.before), _told(each.after)


def _told(facts: Facts) -> tuple[str, ...]:
    """Facts of any kind as texts: "group = A", "خانه (fa, synonym)", a code or display as it is."""
    return tuple(map(_text_of, facts))


def _text_of(fact: str | Property | Designation) -> str:
    if isinstance(fact, Property):
        return f"{fact.name} = {fact.value}"
    return fact if isinstance(fact, str) else f"{fact.value} ({fact.language}, {fact.use})"


def content_of(snapshot: Snapshot) -> Content:
    """The content of a version: the entries of a map, the concepts of any other."""
    return Entries(snapshot) if isinstance(snapshot, MapSnapshot) else Concepts(snapshot)


def differences_of(comparison: Comparison) -> Content:
    """What sets two versions apart, as `service.compare` tells it, as a content."""
    return Differences(comparison)


def _name_of(snapshot: Snapshot) -> str:
    return f"{snapshot.version.terminology_id}-{snapshot.version.label}"
