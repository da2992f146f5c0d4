"""What the catalog tells: drafts and terminologies as its own records, published versions as `model.Version`."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Row

from maksa.model.concept_map import ConceptMap
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Imprint, Notice, Version, key_of

_concept_map_of = json_decoder(ConceptMap)


class Draft(Struct, frozen=True, kw_only=True):
    """A version that is loaded and not yet published; of a map, where `concept_map` says what it is between.

    `number` will be its VersionId. `source` is the file it came from and `rows_…` what its load counted; `concepts` is
    how many it holds. `has_parents`: some concept names a parent; `in_code_order`: they came sorted by code.
    """

    number: int
    terminology_id: str
    label: str
    title: str
    source: str
    loaded_at: dt.datetime
    rows_read: int
    rows_refused: int
    rows_skipped: int
    concepts: int
    has_parents: bool
    in_code_order: bool
    concept_map: ConceptMap | None = None
    imprint: Imprint = Imprint()

    @property
    def kind(self) -> Literal["terminology", "map"]:
        """What the version will be."""
        return "map" if self.concept_map else "terminology"


class TerminologyEntry(Struct, frozen=True, kw_only=True):
    """A terminology that the catalog knows. It is defined where `published` is not 0, else only drafted."""

    terminology_id: str
    title: str
    created_at: dt.datetime
    published: int
    drafts: int


def draft_of(row: Row[Any]) -> Draft:
    return Draft(
        number=row.number,
        terminology_id=row.id,
        label=row.label,
        title=row.title,
        source=row.source,
        loaded_at=moment(row.loaded_at),
        rows_read=row.rows_read,
        rows_refused=row.rows_refused,
        rows_skipped=row.rows_skipped,
        concepts=row.concepts,
        has_parents=row.has_parents,
        in_code_order=row.in_code_order,
        concept_map=_concept_map_of(row.concept_map) if row.concept_map else None,
        imprint=Imprint(row.issuer or "", row.licence or ""),
    )


def draft_columns(draft: Draft) -> dict[str, Any]:
    """The row of a draft: `draft_of` gives back what it was made from."""
    columns = msgspec.structs.asdict(draft)
    key = key_of(columns.pop("terminology_id"))
    columns |= msgspec.structs.asdict(columns.pop("imprint"))
    concept_map = msgspec.json.encode(draft.concept_map) if draft.concept_map else None
    facts = {"state": "draft", "kind": draft.kind, "concept_map": concept_map}
    return columns | facts | {"terminology": key, "loaded_at": seconds(draft.loaded_at)}


def version_of(row: Row[Any]) -> Version:
    return Version(
        terminology_id=row.id,
        label=row.label,
        number=row.number,
        row=row.row,
        published_at=moment(row.published_at),
        title=row.title,
        concepts=row.concepts,
        notice=Notice(number=row.notice_number, date=row.notice_date, title=row.notice_title, remarks=row.remarks),
        digest=row.digest,
        size=row.size,
        kind=row.kind,
    )


def version_columns(version: Version) -> dict[str, Any]:
    """The row of a published version: `version_of` gives back what it was made from."""
    columns = msgspec.structs.asdict(version)
    key = key_of(columns.pop("terminology_id"))
    notice: Notice = columns.pop("notice")
    return columns | {
        "terminology": key,
        "state": "published",
        "published_at": seconds(version.published_at),
        "notice_number": notice.number,
        "notice_date": notice.date,
        "notice_title": notice.title,
        "remarks": notice.remarks,
    }


def seconds(moment: dt.datetime) -> int:
    """Whole seconds since 1970 UTC."""
    return int(moment.timestamp())


def moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
