"""What is held back, and the proof of it: what an upstream had said of a list before it said what is refused.

Rules of this file:
- the newest manifest binds every list but those that are held back; each of these is bound by the manifest that was the newest
  when it was last right, and that is kept, with its signature, beside it, under its digest;
- what binds a list is on disk before the newest manifest is replaced, and forgotten after: a crash between forgets nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.mirror.judging import List, list_of
from maksa.model.errors import MaksaError, ManifestError
from maksa.model.following import Held
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.snapshot import document, manifest, signing
from maksa.snapshot.storage import content_of, told_apart

LEDGER = "held.json"

_ACCEPT = (
    "ask whoever runs it which of the two is true; if it is the new one: maksa mirror sync {upstream} --accept {what}"
)
_EXCLUDE = "to follow the rest only: maksa mirror change {upstream} --except {what}; all of it needs a home of its own"
_CURE = {
    "published-changed": _ACCEPT,
    "rollback": _ACCEPT,
    "upstream-conflict": _EXCLUDE,
}
_NOTICES = "ask whoever runs {upstream} which of the two is true"
_WAIT = "that one is held back, and this one is until it is not"
_ELSE = "tell whoever runs {upstream}"


class _Hold(Struct, frozen=True):
    """A list that is held back, and the digest of the manifest that binds it."""

    kind: str
    key: str
    manifest: str


def held_of(upstream: str, terminology_id: str, error: MaksaError, *, is_waiting: bool = False) -> Held:
    """The record of a list, or with no id of the notices, that *error* holds back: what is wrong, and what may be done.

    One that *is_waiting* conflicts with what is held back itself, and ends with it.
    """
    cure = _WAIT if is_waiting else _CURE.get(error.slug, _ELSE) if terminology_id else _NOTICES
    cure = cure.format(upstream=upstream, what=terminology_id)
    return Held(terminology_id=terminology_id, fault=error.slug, message=f"{error}; {cure}")


def known(staging: Path) -> tuple[Version, ...]:
    """What binds the upstream: what it said last, and of each list that is held back what it had said before.

    Raises: ManifestError.
    """
    holds = _read(staging)
    newest = manifest.read(staging).versions
    return (*(version for version in newest if list_of(version) not in holds), *_bound(staging, holds))


def unproved(staging: Path, keys: Collection[str]) -> frozenset[List]:
    """The lists that are held back and whose proof none of *keys* has signed. Raises: ManifestError."""
    holds = _read(staging)
    contents = {digest: content_of(_path(staging, digest)) for digest in holds.values()}
    proved = {
        digest
        for digest, content in contents.items()
        if signing.is_proved(content, document.signature_of(_path(staging, digest), content), tuple(keys))
    }
    return frozenset(each for each, digest in holds.items() if digest not in proved)


def hold(staging: Path, lists: Iterable[List]) -> None:
    """Keeps what binds *lists* now, before the newest manifest is replaced by one that binds them otherwise. Raises: StorageError."""
    path = staging / manifest.NAME
    content, before = content_of(path), _read(staging)
    digest = hashlib.sha256(content).hexdigest()
    fresh = {each: digest for each in lists if each not in before}
    if fresh and content:
        document.replace(_path(staging, digest), content, document.signature_of(path, content))
        _write(staging, before | fresh)


def release(staging: Path, still: Collection[List]) -> None:
    """Forgets what bound lists that are not *still* held back: the newest manifest does. Raises: ManifestError, StorageError."""
    before = _read(staging)
    after = {each: digest for each, digest in before.items() if each in still}
    if after != before:
        _write(staging, after)
    with told_apart(staging):
        for path in staging.glob("bound-*"):
            if path.stem.split("-")[1] not in after.values():
                path.unlink()


def _bound(staging: Path, holds: dict[List, str]) -> Iterable[Version]:
    for digest in dict.fromkeys(holds.values()):
        path = _path(staging, digest)
        for version in manifest.decoded(path, content_of(path)).versions:
            if holds.get(list_of(version)) == digest:
                yield version


def _path(staging: Path, digest: str) -> Path:
    return staging / f"bound-{digest}.json"


def _read(staging: Path) -> dict[List, str]:
    path = staging / LEDGER
    try:
        holds = json_decoder(list[_Hold])(content_of(path) or b"[]")
    except msgspec.MsgspecError as error:
        raise ManifestError(path=str(path), reason=f"not readable: {error}") from error
    return {(each.kind, each.key): each.manifest for each in holds}


def _write(staging: Path, holds: dict[List, str]) -> None:
    if not holds:
        with told_apart(staging):
            (staging / LEDGER).unlink(missing_ok=True)
        return
    records = [_Hold(kind, key, digest) for (kind, key), digest in sorted(holds.items())]
    document.replace(staging / LEDGER, msgspec.json.encode(records))
