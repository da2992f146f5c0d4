"""What upstreams bring to a shelf, told from the files that following them leaves: for whoever publishes beside them.

Rules of this file:
- an upstream is followed as long as its `NAME.json` is in the home's `mirror/`; what it has said lies in its folder on the shelf;
- what a followed upstream brings is never published here: neither could be taken back, and no sync would end well again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.errors import FollowedError, ManifestError, SigningKeyError
from maksa.model.following import Followed
from maksa.model.shapes import json_decoder
from maksa.model.terminology import key_of
from maksa.snapshot import manifest
from maksa.snapshot.document import check_signer
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import content_of

_OWN_ABOVE = 1_000_000_000  # half of what a caller's 32 bits hold

OFFERED = "offered.json"
"""In the folder of an upstream of the guide: all that it has ever offered, by the key of its id."""

HELD = "held.json"
"""In the folder of an upstream: the lists that are held back, of which its newest manifest does not say what it had said."""


class _Held(Struct, frozen=True):
    """As much of a list that is held back as is needed here: the key of its id."""

    key: str


_followed_of = json_decoder(Followed)
_held_of = json_decoder(list[_Held])
_offered_of = json_decoder(dict[str, msgspec.Raw])


def staging_of(folder: Path, name: str) -> Path:
    """The folder of the upstream *name* on the shelf in *folder*."""
    return folder / f".mirror-{name}"


def names_in(mirrors: Path | None) -> list[str]:
    """The names of the upstreams that are kept in *mirrors*, in order; of no folder none."""
    if mirrors is None:
        return []
    return sorted(path.stem for path in mirrors.glob("*.json") if "." not in path.stem)


def follower(mirrors: Path | None, folder: Path, terminology_id: str) -> str | None:
    """The name of the upstream kept in *mirrors* that has this terminology, or map, chosen or brings it to the shelf in *folder*.

    Of one that is followed as a whole and was never synced nobody knows what it brings: nothing. Raises: ManifestError, StorageError.
    """
    for upstream in _followed(mirrors) if mirrors else ():
        is_chosen = bool(upstream.terminologies) or key_of(terminology_id) in _said(staging_of(folder, upstream.name))
        if is_chosen and upstream.wants(terminology_id):
            return upstream.name
    return None


def above_upstreams(mirrors: Path | None) -> int:
    """The number above which a home with these *mirrors* counts its own versions: an upstream counts on from where it is."""
    return _OWN_ABOVE if names_in(mirrors) else 0


def check_own(mirrors: Path | None, folder: Path, terminology_id: str) -> None:
    """Returns where the terminology, or map, may be published here. Raises: FollowedError, ManifestError, StorageError."""
    name = follower(mirrors, folder, terminology_id)
    if name is not None:
        raise FollowedError(terminology_id=terminology_id, upstream=name)


def check_own_signer(mirrors: Path | None, path: Path, signer: Signer | None) -> None:
    """As `document.check_signer`, for a document that an upstream kept in *mirrors* may have signed. Raises: SigningKeyError."""
    try:
        check_signer(path, signer)
    except SigningKeyError:
        for name in names_in(mirrors):
            if content_of(staging_of(path.parent, name) / path.name) == path.read_bytes():
                reason = (
                    f"this shelf is signed by its upstream {name!r} and is not published to here: publish where {name} has it"
                    " from, or in a home of its own; or let this home sign by itself (maksa key new), with a key that mirrors of"
                    " it pin from then on"
                )
                raise SigningKeyError(place=str(path), reason=reason) from None
        raise


def _followed(mirrors: Path) -> Iterator[Followed]:
    for name in names_in(mirrors):
        path = mirrors / f"{name}.json"
        try:
            yield _followed_of(content_of(path))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ManifestError(path=str(path), reason=f"not readable: {error}") from error


def _said(staging: Path) -> set[str]:
    """The keys of all that an upstream has said it has, wanted or not."""
    listed = {key_of(version.terminology_id) for version in manifest.read(staging).versions}
    path = staging / HELD
    try:
        listed |= {held.key for held in _held_of(content_of(path) or b"[]")}
        path = staging / OFFERED
        return listed | _offered_of(content_of(path) or b"{}").keys()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ManifestError(path=str(path), reason=f"not readable: {error}") from error
