"""Signatures of the shelf's documents: who published them, provable far from home (ADR 14).

Rules of this file:
- what is signed is the exact bytes of a document (`manifest.json`, `notices.json`), by Ed25519 (RFC 8032);
- a signature lies beside its document, under the document's digest, and is there before it: a document that was once
  signed is never seen without its signature, whatever is cut; it changes only where the same is signed anew by another key;
- a key is written as text, `ed25519:` and base64 of its 32 bytes; a private key is in a file of its own that its owner
  alone may read, and in no repr, no message and no log;
- `cryptography` is imported when something is signed or proved, and not before.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from maksa.model.errors import SignatureError, SigningKeyError
from maksa.model.shapes import json_decoder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SUFFIX = ".sig"
FORMAT = 1
ALGORITHM = "ed25519"
_KEY_BYTES = 32


class Signature(Struct, frozen=True, kw_only=True):
    """What a file of a signature holds: of which bytes (`sha256`), with which key (`key`, as text), and the signature, base64."""

    format: int = FORMAT
    sha256: str
    key: str
    signature: str


_signature_of = json_decoder(Signature)


class Signer:
    """A private key, ready to sign. Its repr shows the public one's id."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.key = public_text(private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Signer({key_id(self.key)})"

    def sign(self, content: bytes) -> bytes:
        """The content of the file that signs *content*."""
        signed = Signature(
            sha256=hashlib.sha256(content).hexdigest(),
            key=self.key,
            signature=base64.b64encode(self._private.sign(content)).decode(),
        )
        return msgspec.json.format(msgspec.json.encode(signed), indent=1)


def new_key(path: Path) -> Signer:
    """A new key, its private half in the file at *path*, which must not exist: PEM (PKCS 8), mode 0600. Raises: SigningKeyError."""
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise SigningKeyError(place=str(path), reason="there is a key already; a key is never written over") from error
    except OSError as error:
        raise SigningKeyError(place=str(path), reason=f"cannot be written: {error.strerror}") from error
    return Signer(private)


def read_key(path: Path) -> Signer:
    """The key whose private half is in the file at *path*. Raises: SigningKeyError, also where others may read the file."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(10_000)
        private = pem.load_pem_private_key(content, None)
    except OSError as error:
        raise SigningKeyError(place=str(path), reason=f"cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningKeyError(place=str(path), reason="is no private key in PEM without a passphrase") from None
    if mode & 0o077:
        raise SigningKeyError(place=str(path), reason="others than its owner may read it; chmod 600 it")
    if not isinstance(private, Ed25519PrivateKey):
        raise SigningKeyError(place=str(path), reason="is a key of another kind; an Ed25519 key is wanted")
    return Signer(private)


def configured_key(named: str, otherwise: Path) -> Signer | None:
    """The key of the file that is *named* by a setting; else of the file *otherwise*, or None where it is not there.

    Raises: SigningKeyError.
    """
    if named:
        return read_key(Path(named))
    return read_key(otherwise) if otherwise.exists() else None


def public_text(raw: bytes) -> str:
    """A public key of 32 bytes as it is shown, pinned and written: `ed25519:…`."""
    return f"{ALGORITHM}:{base64.b64encode(raw).decode()}"


def checked_key(text: str) -> str:
    """*text*, which is a public key. Raises: SignatureError."""
    kind, _, encoded = text.strip().partition(":")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:  # base64's, and that of letters that are none of ASCII
        raw = b""
    if kind != ALGORITHM or len(raw) != _KEY_BYTES:
        raise SignatureError(path=repr(text), reason="is no public key; one reads ed25519: and 44 letters")
    return public_text(raw)


def key_id(key: str) -> str:
    """Sixteen hexadecimal digits by which people tell a public key from another; never what is compared."""
    return hashlib.sha256(base64.b64decode(key.partition(":")[2])).hexdigest()[:16]


def name_of(document: str, content: bytes) -> str:
    """The name of the file that signs *content* of the *document*: manifest-⟨SHA-256⟩.sig."""
    return f"{Path(document).stem}-{hashlib.sha256(content).hexdigest()}{SUFFIX}"


NAME = re.compile(r"(?:manifest|notices)-[0-9a-f]{64}\.sig")
"""Every name that a signature on a shelf may have."""


def check(place: str, content: bytes, signature: bytes, keys: Sequence[str]) -> str:
    """The one of the public *keys* by which *signature* proves *content*; *place* names the document in errors.

    Raises: SignatureError where it is another key's, another content's, or no signature at all.
    """
    if not signature:
        raise SignatureError(path=place, reason="it is not signed, and a key is pinned")
    try:
        signed = _signature_of(signature)
        key, given = checked_key(signed.key), base64.b64decode(signed.signature, validate=True)
    except (ValueError, RecursionError, SignatureError) as error:
        raise SignatureError(path=place, reason=f"its signature is not readable: {error}") from error
    if signed.format != FORMAT:
        raise SignatureError(
            path=place, reason=f"its signature is of format {signed.format}, this maksa reads {FORMAT}"
        )
    if key not in keys:
        known = " or ".join(map(key_id, keys))
        raise SignatureError(path=place, reason=f"it is signed by the key {key_id(key)}, and {known} is pinned")
    if not _proves(key, given, content):
        raise SignatureError(path=place, reason=f"it is not what the key {key_id(key)} has signed")
    return key


def is_proved(content: bytes, signature: bytes, keys: Sequence[str]) -> bool:
    """Whether *signature* proves *content* by one of the public *keys*."""
    try:
        check("", content, signature, keys)
    except SignatureError:
        return False
    return True


def _proves(key: str, signature: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key.partition(":")[2])).verify(signature, content)
    except InvalidSignature:
        return False
    return True
