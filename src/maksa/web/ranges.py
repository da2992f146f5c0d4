"""Which bytes of a file a caller wants. Source: RFC 9110, sections 13.1.5 and 14."""

from __future__ import annotations

import re

from msgspec import Struct

_SINGLE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


class Span(Struct, frozen=True, gc=False):
    """Bytes from `start` to before `stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


def wanted(header: str, if_range: str, etag: str, size: int) -> Span | None:
    """The span that a Range *header* names of a file of *size* bytes; None for the whole of it.

    A header of several ranges, or of none that can be read, stands for nothing, as the RFC lets it; so does one of a file
    that is no longer what *if_range* knew. An empty span says that nothing of what was asked is there (416).
    """
    found = _SINGLE.fullmatch(header)
    if found is None or (if_range and if_range != etag):
        return None
    first, last = found.groups()
    if not first:
        return Span(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    start = min(int(first), size)
    return Span(start, min(int(last) + 1, size) if last else size)
