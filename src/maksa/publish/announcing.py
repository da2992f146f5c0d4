"""Announcing notices: letters kept on the shelf apart from any version, added and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from maksa.model.terminology import Notice
from maksa.snapshot import notices as shelf_notices
from maksa.snapshot.following import check_own_signer
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart

WAIT_S = 60.0


def announce(
    folder: Path,
    notices: Iterable[Notice],
    *,
    signer: Signer | None = None,
    mirrors: Path | None = None,
    wait_s: float = WAIT_S,
) -> int:
    """How many of *notices* were new to the shelf in *folder*; all of them are kept now, signed by *signer*, or none is.

    *mirrors* is where the home keeps the upstreams that it follows, if it may have any.

    Raises: NoticeExistsError for one that is kept and reads otherwise; DraftLockedError after *wait_s* seconds;
        SigningKeyError where those before are signed and there is no *signer*; ManifestError; StorageError.
    """
    with told_apart(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with only_publisher(folder, wait_s):
        before = shelf_notices.read(folder)
        check_own_signer(mirrors, folder / shelf_notices.NAME, signer)
        after = shelf_notices.with_notices(before, notices)
        if after != before:
            shelf_notices.replace(folder, after, signer=signer)
        return len(after.notices) - len(before.notices)
