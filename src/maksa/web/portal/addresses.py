"""Addresses of pages: from terminology, version and code to a path, and from a path back, exactly.

    /eRX                     a terminology          /en/eRX      the same page in English
    /eRX/60002               a concept              /UCUM/mg/dL  a code with a slash
    /eRX/versions/10000      a version              /eRX/tree    another page of the terminology

Rules of this file:
- a path is read from its raw bytes: what is encoded is text, a bare slash parts;
- an id that is a word of ours has its pages under `/terminologies/`: /terminologies/search/1;
- a code (or label) that could not stand as a path, because it begins with a word of ours, is dotted, or has a slash at an end or
  two together, stands in the query: /UCUM/code?is=%2Fmin, /UCUM/versions?is=…;
- each has one address. Whatever else leads to it (another case of the id, an encoded slash) is sent there.
"""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes, urlencode

from maksa.pages.wording import Language

LONG = "terminologies"
"""The word before an id that is itself a word of ours."""

GATEWAY = frozenset(("api", "oauth", "health", "metrics", "openapi.json", "shelf"))
"""The first words of paths that are the gateway's: no page is ever there."""

OWN = GATEWAY | {
    "en", "static", "theme", LONG, "search", "notices", "check", "compare", "integrators", "try", "state", "feed",
    "favicon.ico", "robots.txt", "sitemap.xml", ".well-known", "desk", "about",
}  # fmt: skip
"""First words that are no terminology's id: those of our pages, and a few kept for pages to come."""

WITHIN = frozenset(("code", "versions", "tree", "compare", "history", "download", "changes", "maps", "search"))
"""Second words that are no code's beginning."""

_PLAIN = "!$&'()*+,;=:@-._~"  # what a segment may have as it is (RFC 3986, pchar)


class Addresses:
    """The addresses of one language's pages."""

    def __init__(self, language: Language) -> None:
        self._base = "" if language == "fa" else f"/{language}"

    def __call__(self, *words: str, **query: object) -> str:
        """A page by its words: `address("notices", page=2)` is "/notices?page=2"; without words the first page."""
        path = self._base + "".join(f"/{quote(word, safe=_PLAIN)}" for word in words)
        return (path or "/") + _query(query)

    def terminology(self, terminology_id: str, *words: str, **query: object) -> str:
        """The page of a terminology, or the one of its pages that *words* name."""
        first = (LONG, terminology_id) if terminology_id in OWN else (terminology_id,)
        return self(*first, *words, **query)

    def version(self, terminology_id: str, label: str) -> str:
        """The page of a version."""
        return self._tailed(terminology_id, ("versions",), label, ())

    def concept(self, terminology_id: str, code: str, **query: object) -> str:
        """The page of a concept."""
        return self._tailed(terminology_id, (), code, ("code",), **query)

    def _tailed(
        self, terminology_id: str, before: tuple[str, ...], tail: str, instead: tuple[str, ...], **query: object
    ) -> str:
        """The address that ends in *tail*, bare if it can: else after *instead*, in the query."""
        parts = tail.split("/")
        if all(part.strip(".") for part in parts) and (before or parts[0] not in WITHIN):
            return self.terminology(terminology_id, *before, *parts, **query)
        return self.terminology(terminology_id, *before, *instead, **{"is": tail}, **query)


def segments_of(raw_path: bytes) -> list[str] | None:
    """The decoded segments of a path, none for "/"; None for one that is not UTF-8 or holds what does not print."""
    if raw_path == b"/":
        return []
    try:
        segments = [unquote_to_bytes(part).decode() for part in raw_path[1:].split(b"/")]
    except UnicodeDecodeError:
        return None
    return segments if all(part.isprintable() or not part for part in segments) else None


def _query(values: dict[str, object]) -> str:
    """The query of the values that are not empty."""
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return f"?{urlencode(given)}" if given else ""
