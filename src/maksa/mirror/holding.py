"""What is held back, and the proof of it: what an upstream had said of a list before it said what is refused.

Rules of this file:
- the newest manifest binds every list but those that are held back; each of these is bound by the manifest that was the newest
  when it was last right, and that is kept, with its signature, beside it, under its digest;
- what binds a list is on disk before the newest manifest is replaced, and forgotten after: a crash between forgets nothing;
- when that ends is on disk before, too: which manifest binds it from then on;
- the ledger is there before the first proof, and goes after the last.
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
from maksa.snapshot.following import HELD
from maksa.snapshot.storage import content_of, told_apart

_ACCEPT = (
    "ask whoever runs it which of the two is true; if it is the new one: maksa mirror sync {upstream} --accept {what}"
)
_RESTORE = (
    "put this folder back from a backup; or remove this file and every bound-* beside it:"
    " what the upstream said last binds it then"
)
_PROOF = "put it back from a backup; or, if what is shown now is true: maksa mirror sync {upstream} --accept {what}"
_EXCLUDE = "to follow the rest only: maksa mirror change {upstream} --except {what}; all of it needs a home of its own"
_CURE = {
    "published-changed": _ACCEPT,
    "rollback": _ACCEPT,
    "manifest": _PROOF,
    "upstream-conflict": _EXCLUDE,
}
_NOTICES = "ask whoever runs {upstream} which of the two is true"
_WAIT = "that one is held back, and this one is until it is not; what changed in both is accepted of both at once"
_ELSE = "tell whoever runs {upstream}"


class _Hold(Struct, frozen=True, omit_defaults=True):
    """A list that is held back, and the digest of the manifest that binds it; empty where none had come before.

    `until` is the digest of the manifest that binds it otherwise, once that is the newest; empty where there is no end yet.
    """

    kind: str
    key: str
    manifest: str
    until: str = ""


def held_of(upstream: str, terminology_id: str, error: MaksaError, *, is_waiting: bool = False) -> Held:
    """The record of a list, or with no id of the notices, that *error* holds back: what is wrong, and what may be done.

    One that *is_waiting* conflicts with what is held back itself, and ends with it.
    """
    cure = _WAIT if is_waiting else _CURE.get(error.slug, _ELSE) if terminology_id else _NOTICES
    cure = cure.format(upstream=upstream, what=terminology_id)
    return Held(terminology_id=terminology_id, fault=error.slug, message=f"{error}; {cure}")


def known(staging: Path) -> tuple[Version, ...]:
    """What binds the upstream: what it said last, and of each list that is held back what it had said before.

    Of those that are `lost` it says nothing. Raises: ManifestError.
    """
    holds = _read(staging)
    newest = manifest.read(staging).versions
    return (*(version for version in newest if list_of(version) not in holds), *_bound(staging, holds))


def lost(staging: Path) -> dict[List, ManifestError]:
    """The lists that are held back and whose proof is not here, or not as it was, with what is wrong. Raises: ManifestError."""
    holds = _read(staging)
    gone = {digest for digest in holds.values() if not _is_whole(digest, content_of(_path(staging, digest)))}
    reason = "what it had said of {} was kept here, and is not here or not as it was"
    return {
        each: ManifestError(path=str(_path(staging, digest)), reason=reason.format(each[1]))
        for each, digest in holds.items()
        if digest in gone
    }


def unproved(staging: Path, keys: Collection[str]) -> frozenset[List]:
    """The lists that are held back and whose proof none of *keys* has signed. Raises: ManifestError."""
    holds = _read(staging)
    contents = {digest: content_of(_path(staging, digest)) for digest in holds.values() if digest}
    proved = {
        digest
        for digest, content in contents.items()
        if signing.is_proved(content, document.signature_of(_path(staging, digest), content), tuple(keys))
    }
    return frozenset(each for each, digest in holds.items() if digest and digest not in proved)


def hold(staging: Path, lists: Iterable[List]) -> None:
    """Keeps what binds *lists* now, before the newest manifest is replaced by one that binds them otherwise. Raises: StorageError."""
    path = staging / manifest.NAME
    content, before, held = content_of(path), _ledger(staging), _read(staging)
    digest = hashlib.sha256(content).hexdigest() if content else ""
    fresh = {each: _Hold(*each, digest) for each in lists if each not in held}
    if not fresh:
        return
    if not before:
        _write(staging, {})  # from now on a proof without a ledger is a ledger that was lost
    if content:
        document.replace(_path(staging, digest), content, document.signature_of(path, content))
    _write(staging, before | fresh)


def end(staging: Path, still: Collection[List], newest: bytes) -> None:
    """Lets the manifest *newest*, once it is in its place, bind what is not *still* held back. Raises: ManifestError, StorageError."""
    before = _ledger(staging)
    digest = hashlib.sha256(newest).hexdigest()
    after = {each: msgspec.structs.replace(one, until="" if each in still else digest) for each, one in before.items()}
    if after != before:
        _write(staging, after)


def forget(staging: Path) -> None:
    """Forgets what bound lists that the newest manifest binds now. Raises: ManifestError, StorageError."""
    before, after = _ledger(staging), _read(staging)
    if after.keys() != before.keys():
        _write(staging, {each: one for each, one in before.items() if each in after})
    with told_apart(staging):
        for path in staging.glob("bound-*"):
            if path.stem.split("-")[1] not in after.values():
                path.unlink()
        if not after:
            (staging / HELD).unlink(missing_ok=True)


def _bound(staging: Path, holds: dict[List, str]) -> Iterable[Version]:
    for digest in dict.fromkeys(holds.values()):
        path = _path(staging, digest)
        content = content_of(path)
        for version in manifest.decoded(path, content).versions if content and _is_whole(digest, content) else ():
            if holds.get(list_of(version)) == digest:
                yield version


def _is_whole(digest: str, content: bytes) -> bool:
    """Whether *content* is the proof of this *digest*; of none nothing is wanted."""
    return not digest or hashlib.sha256(content).hexdigest() == digest


def _path(staging: Path, digest: str) -> Path:
    return staging / f"bound-{digest}.json"


def _read(staging: Path) -> dict[List, str]:
    """What is held back now, and the digest of what binds it."""
    before = _ledger(staging)
    newest = hashlib.sha256(content_of(staging / manifest.NAME)).hexdigest() if before else ""
    return {each: one.manifest for each, one in before.items() if one.until != newest}


def _ledger(staging: Path) -> dict[List, _Hold]:
    path = staging / HELD
    content = content_of(path)
    try:
        holds = json_decoder(list[_Hold])(content or b"[]")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ManifestError(path=str(path), reason=f"not readable: {error}; {_RESTORE}") from error
    if not content and any(staging.glob("bound-*.json")):
        raise ManifestError(path=str(path), reason=f"it is not there, and proofs of what is held back are; {_RESTORE}")
    return {(each.kind, each.key): each for each in holds}


def _write(staging: Path, holds: dict[List, _Hold]) -> None:
    document.replace(staging / HELD, msgspec.json.encode([one for _, one in sorted(holds.items())]))
