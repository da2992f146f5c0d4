"""The manifest: which versions exist. It alone says which files of the shelf count.

Rules of this file:
- it is replaced in one atomic rename, after its files are on disk, and never edited in place;
- a version that it once listed stays listed: `Manifest.with_version` only adds.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.errors import FormatVersionError, ManifestError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.snapshot import document
from maksa.snapshot.format import SUFFIX
from maksa.snapshot.signing import Signer

NAME = "manifest.json"
FORMAT = 1


class Manifest(Struct, frozen=True, kw_only=True):
    """The list of versions, in order of publication. `sequence` rises by one with each replacement."""

    format: int = FORMAT
    sequence: int = 0
    versions: tuple[Version, ...] = ()

    @property
    def next_row(self) -> int:
        """The row of the next publication (the wire's id)."""
        return max((version.row for version in self.versions), default=0) + 1

    @property
    def last_number(self) -> int:
        """The highest VersionId ever published, 0 where there is none."""
        return max((version.number for version in self.versions), default=0)

    def with_version(self, version: Version) -> Manifest:
        """The manifest that follows this one, *version* added last."""
        return Manifest(sequence=self.sequence + 1, versions=(*self.versions, version))


_manifest_of = json_decoder(Manifest)


def file_of(folder: Path, version: Version) -> Path:
    """Where the snapshot of *version* is: named by its digest."""
    return folder / f"{version.digest}{SUFFIX}"


def read(folder: Path) -> Manifest:
    """The manifest in *folder*; an empty one where there is none yet. Raises: ManifestError, FormatVersionError."""
    path = folder / NAME
    try:
        return decoded(path, path.read_bytes())
    except FileNotFoundError:
        return Manifest()
    except OSError as error:
        raise ManifestError(path=str(path), reason=error.strerror or str(error)) from error


def decoded(path: Path | str, content: bytes) -> Manifest:
    """The manifest that *content* is; *path* names it in errors. Raises: ManifestError, FormatVersionError."""
    try:
        manifest = _manifest_of(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ManifestError(path=str(path), reason=f"not readable: {error}") from error
    if manifest.format != FORMAT:
        raise FormatVersionError(path=str(path), found=manifest.format, known=FORMAT)
    for version in manifest.versions:
        if len(version.digest) != 64 or not set(version.digest) <= set("0123456789abcdef"):
            raise ManifestError(path=str(path), reason=f"{version.digest!r} is not a digest")
    return manifest


def encoded(manifest: Manifest) -> bytes:
    """The bytes of *manifest* as they stand in the file."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def replace(folder: Path, manifest: Manifest, *, signer: Signer | None = None) -> None:
    """Puts *manifest* in the place of the one in *folder*, signed if there is a *signer*: whole or not at all, and on disk.

    Raises: StorageError.
    """
    content = encoded(manifest)
    document.replace(folder / NAME, content, signer.sign(content) if signer else b"")
