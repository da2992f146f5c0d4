"""The notices (ابلاغیه‌ها): which letter announced which versions, and what those changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from maksa.model.terminology import Notice, Version
from maksa.snapshot.impact import Impact, impact_of
from maksa.snapshot.notices import key_of_notice
from maksa.snapshot.shelf import Edition, Terminology, View


class Announced(Struct, frozen=True):
    """A notice and the versions that carry it, in order of publication."""

    notice: Notice
    versions: tuple[Version, ...]


class Change(Struct, frozen=True):
    """What a version changed. `former` is the label of the version before it, "" for the first of its terminology."""

    version: Version
    former: str
    impact: Impact


def announced(versions: Iterable[Version], loaded: Iterable[Notice]) -> list[Announced]:
    """Every notice with the versions that carry it, the newest first, those without a date last.

    A version names its letter by number; where it gives no title, or the same, it is the loaded notice of that number.
    """
    listed: dict[tuple[str, str], tuple[Notice, list[Version]]] = {key_of_notice(each): (each, []) for each in loaded}
    by_number: dict[str, list[tuple[str, str]]] = {}
    for key in listed:
        by_number.setdefault(key[0], []).append(key)
    for version in versions:
        notice = version.notice
        if notice == Notice():
            continue
        key, same_number = key_of_notice(notice), by_number.get(notice.number, [])
        if notice.number and not notice.title and len(same_number) == 1:
            key = same_number[0]
        listed.setdefault(key, (notice, []))[1].append(version)
    newest_first = sorted(listed.values(), key=lambda pair: pair[0].date or dt.date.min, reverse=True)
    return [Announced(notice, tuple(carried)) for notice, carried in newest_first]


def changes_of(view: View, versions: Iterable[Version]) -> list[Change]:
    """What each of *versions* changed: one for each that *view* has; of a map there is nothing to tell. Raises: SnapshotError."""
    terminologies = ((version, view.terminology(version.terminology_id)) for version in versions)
    return [
        _change(terminology, terminology.by_label[version.label])
        for version, terminology in terminologies
        if terminology and version.kind == "terminology" and version.label in terminology.by_label
    ]


def _change(terminology: Terminology, edition: Edition) -> Change:
    place = terminology.editions.index(edition)
    if place == 0:
        return Change(edition.version, "", Impact(edition.version.concepts, 0, 0))
    return Change(edition.version, terminology.editions[place - 1].version.label, impact_of(edition.snapshot))
