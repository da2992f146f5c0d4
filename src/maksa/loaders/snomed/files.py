"""Which files of a release are read: by their headers, and by which of Snapshot, Full and Delta they belong to.

Source: SNOMED CT Release File Specifications, «Release File Naming Convention» (FileType_ContentType_ContentSubType_
CountryNamespace_VersionDate): the content sub-type begins or ends with Full, Snapshot or Delta.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from maksa.loaders.reasons import reason
from maksa.loaders.release import Release
from maksa.loaders.snomed.kinds import USUAL_NAMES, Kind, kind_of
from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import Reason

HEAD = 4096  # bytes; no header is longer
_TEXT = re.compile(r".+\.txt", re.IGNORECASE)
_RELEASE_TYPE = re.compile(r"Snapshot|Full|Delta")
_DATE = re.compile(r"_([0-9]{8})(?:T[0-9]+Z?)?\.txt$")


class File(NamedTuple):
    """A file that is read: its name in the release, its kind, how many columns it has."""

    name: str
    kind: Kind
    width: int


class Choice(NamedTuple):
    """The files of one release type that are read, in order of their kinds; `unread` counts text files that are not."""

    release_type: str
    files: tuple[File, ...]
    unread: int

    @property
    def kinds(self) -> Counter[str]:
        """How many files there are of each kind."""
        return Counter(file.kind.name for file in self.files)

    @property
    def date(self) -> str:
        """The latest date in the files' names, YYYYMMDD; "" where none has one."""
        return max((found[1] for file in self.files if (found := _DATE.search(file.name))), default="")


def chosen(release: Release, *, as_of: str = "") -> Choice:
    """The files of *release* to read: its Snapshot, or where there is none, or a past date is asked for, its Full files.

    Raises: FileUnreadableError where it has neither, or its files of concepts or descriptions are missing.
    """
    found = [file for name in release.named(_TEXT) if (file := _file(release, name))]
    by_type: dict[str, list[File]] = {"Snapshot": [], "Full": [], "Delta": []}
    for file in found:
        by_type[release_type_of(file.name)].append(file)
    release_type = "Full" if as_of or not by_type["Snapshot"] else "Snapshot"
    files = by_type[release_type]
    if not files:
        raise release.refusal("", _without(by_type, as_of))
    for required in ("concept", "description"):
        if not any(file.kind.name == required for file in files):
            name = USUAL_NAMES[required].replace("Snapshot", release_type)
            raise release.refusal("", reason("no-rf2-file", required=required, name=name, kind=release_type))
    return Choice(release_type, tuple(files), len(release.named(_TEXT)) - len(found))


def release_type_of(name: str) -> str:
    """Snapshot, Full or Delta: as the file's name says, else the nearest of its folders, else Snapshot."""
    for part in reversed(name.split("/")):
        if found := _RELEASE_TYPE.search(part):
            return found[0]
    return "Snapshot"


def _without(by_type: dict[str, list[File]], as_of: str) -> Reason:
    if as_of and by_type["Snapshot"]:
        return reason("needs-full", as_of=as_of)
    if by_type["Delta"]:
        return reason("only-delta")
    return reason("no-rf2")


def _file(release: Release, name: str) -> File | None:
    with release.open(name) as stream:
        head = stream.readline(HEAD)
    try:
        header = head.decode()
    except UnicodeDecodeError:
        return None
    kind = kind_of(header)
    return File(name, kind, header.count("\t") + 1) if kind else None


def is_release(release: Release) -> bool:
    """Whether the release has a file of RF2's concepts or descriptions."""
    try:
        files = (_file(release, name) for name in release.named(_TEXT))
        return any(file and file.kind.name in ("concept", "description") for file in files)
    except FileUnreadableError:
        return False
