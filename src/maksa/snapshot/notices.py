"""The notices of the shelf: letters that were announced apart from a version, kept beside the manifest (ADR 10).

Rules of this file:
- a notice that is kept is never changed or taken away: `with_notices` only adds;
- it is one file, replaced whole in one rename, as the manifest is;
- a notice is known by its number and title: the letter 110/130 lists codings that have no number of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.errors import FormatVersionError, ManifestError, NoticeExistsError
from maksa.model.folding import keyboard_form
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Notice
from maksa.snapshot import document
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart

NAME = "notices.json"
FORMAT = 1


class Notices(Struct, frozen=True, kw_only=True):
    """The notices in the order in which they were added."""

    format: int = FORMAT
    notices: tuple[Notice, ...] = ()


_notices_of = json_decoder(Notices)


def key_of_notice(notice: Notice) -> tuple[str, str]:
    """What a notice is known by: two that agree in it are one letter's row."""
    return notice.number, keyboard_form(notice.title)


def read(folder: Path) -> Notices:
    """The notices in *folder*; none where there is no file yet. Raises: ManifestError, FormatVersionError."""
    path = folder / NAME
    try:
        return decoded(path, path.read_bytes())
    except FileNotFoundError:
        return Notices()
    except OSError as error:
        raise ManifestError(path=str(path), reason=error.strerror or str(error)) from error


def decoded(path: Path | str, content: bytes) -> Notices:
    """The notices that *content* is; *path* names it in errors. Raises: ManifestError, FormatVersionError."""
    try:
        notices = _notices_of(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ManifestError(path=str(path), reason=f"not readable: {error}") from error
    if notices.format != FORMAT:
        raise FormatVersionError(path=str(path), found=notices.format, known=FORMAT)
    return notices


def with_notices(kept: Notices, more: Iterable[Notice]) -> Notices:
    """*kept* with those of *more* that are new. The same notice again is nothing: a table may be loaded twice.

    Raises: NoticeExistsError for one that is kept and reads otherwise.
    """
    known = {key_of_notice(notice): notice for notice in kept.notices}
    for notice in more:
        if known.setdefault(key_of_notice(notice), notice) != notice:
            raise NoticeExistsError(number=notice.number, title=notice.title)
    return Notices(notices=tuple(known.values()))


def encoded(notices: Notices) -> bytes:
    """The bytes of *notices* as they stand in the file."""
    return msgspec.json.format(msgspec.json.encode(notices), indent=1)


def replace(folder: Path, notices: Notices, *, signer: Signer | None = None) -> None:
    """Puts *notices* in the place of those in *folder*, signed if there is a *signer*: whole or not at all, and on disk.

    Raises: StorageError.
    """
    with told_apart(folder):
        folder.mkdir(parents=True, exist_ok=True)
    content = encoded(notices)
    document.replace(folder / NAME, content, signer.sign(content) if signer else b"")
