"""The shelf's documents: files of JSON that are replaced whole in one rename, with their signature where there is one."""

from __future__ import annotations

import os
from pathlib import Path

from maksa.model.errors import SigningKeyError
from maksa.snapshot.signing import SUFFIX, Signer, name_of
from maksa.snapshot.storage import told_apart


def replace(path: Path, content: bytes, signature: bytes = b"") -> None:
    """Puts *content* in the place of the document at *path*: whole or not at all, and on disk.

    Its *signature* is there before it, and the one of the document before it stays until the next; older ones go.
    Raises: StorageError.
    """
    with told_apart(path):
        before = path.read_bytes() if path.exists() else b""
        if signature:
            _write(path.with_name(name_of(path.name, content)), signature)
        _write(path, content)
        _forget_signatures(path, {name_of(path.name, content), name_of(path.name, before)})


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def _forget_signatures(path: Path, kept: set[str]) -> None:
    for signature in path.parent.glob(f"{path.stem}-*{SUFFIX}"):
        if signature.name not in kept:
            signature.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes renames in *folder* last through a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def signature_of(path: Path, content: bytes) -> bytes:
    """The signature that lies beside the document at *path* for this *content* of it; empty where there is none."""
    try:
        return path.with_name(name_of(path.name, content)).read_bytes()
    except FileNotFoundError:
        return b""


def check_signer(path: Path, signer: Signer | None) -> None:
    """Returns where the next document at *path* may be written with *signer*: what was signed is never followed by what is not.

    Raises: SigningKeyError.
    """
    if signer is None and path.exists() and signature_of(path, path.read_bytes()):
        reason = "what is published is signed, and there is no key here: put it back, or make a new one (maksa key new)"
        raise SigningKeyError(place=str(path), reason=reason)
