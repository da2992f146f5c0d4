"""The files that pages are made of, each under an address that names its content: a browser that has one never asks again.

Rules of this file:
- all are read, named and compressed once, when the site starts; a request costs a dictionary's hit;
- a style names another file by its plain name in `url(...)`; it is served with the name that the content gives it;
- an address of before an upgrade is no longer there: the pages that named it are gone with it.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

PREFIX = "/static/"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
_URL = re.compile(rb"url\(([\w.-]+)\)")
_PACKED = ("woff2",)  # their form is compressed already


class Asset(Struct, frozen=True):
    """A file as it is served. `compressed` is empty where gzip would not make it smaller."""

    content_type: str
    content: bytes
    compressed: bytes


class Assets:
    """Every asset by its address, and the address of each by its plain name."""

    def __init__(self, given: dict[str, bytes]) -> None:
        self._addresses: dict[str, str] = {}
        self.by_address: dict[str, Asset] = {}
        for name in sorted(given, key=lambda name: name.endswith(".css")):  # styles name the others
            self._add(name, _URL.sub(self._named, given[name]) if name.endswith(".css") else given[name])

    def __call__(self, name: str) -> str:
        """The address of the file that is plainly called *name*: "app.css" → "/static/app.3f2a….css". Raises: KeyError."""
        return self._addresses[name]

    def _named(self, found: re.Match[bytes]) -> bytes:
        return b"url(%s)" % self._addresses[found[1].decode()].encode()

    def _add(self, name: str, content: bytes) -> None:
        stem, _, kind = name.rpartition(".")
        address = f"{PREFIX}{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
        compressed = b"" if kind in _PACKED else gzip.compress(content, 9, mtime=0)
        self._addresses[name] = address
        self.by_address[address] = Asset(_TYPES[kind], content, compressed if len(compressed) < len(content) else b"")


@cache
def assets() -> Assets:
    """The assets of this installation, licences among them."""
    folder = files(__package__).joinpath("static")
    found = {each.name: each.read_bytes() for each in folder.iterdir() if each.name.rpartition(".")[2] in _TYPES}
    licences = folder.joinpath("licences").iterdir()
    return Assets(found | {f"licence-{each.name}": each.read_bytes() for each in licences})
