"""What is to be replaced in a file, gathered while it is read: 24 bytes in memory each, the texts on disk."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator

from maksa.check.reading.found import NOT_TEXT, PARTS, Found, Span, parts_of
from maksa.model.concept import CodedText


class Edits:
    """Replacements by place. `left_out` counts the parts that have none in the file: nothing can be put there."""

    def __init__(self) -> None:
        self.left_out = 0
        self._starts, self._ends, self._places = array("q"), array("q"), array("q")
        self._texts = tempfile.TemporaryFile()  # noqa: SIM115 # closed by `close`
        self._size = 0

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, found: Found, right: CodedText) -> None:
        """Notes what sets *right* apart from what was found."""
        given = (found.terminology_id, found.code, found.display)
        spans = found.spans() if callable(found.spans) else found.spans
        for part, old, new, span in zip(PARTS, given, parts_of(right), spans, strict=True):
            is_text = part != "code" or found.damage != NOT_TEXT
            if old is None or (old == new and is_text):
                continue
            if span is None:
                self.left_out += 1
                continue
            text = new.encode()
            self._starts.append(span.start)
            self._ends.append(span.end)
            self._places.append(self._size)
            self._texts.write(len(text).to_bytes(4, "big") + text)
            self._size += 4 + len(text)

    def __iter__(self) -> Iterator[tuple[Span, str]]:
        """(where, what stands there then), by start, then by end."""
        for number in sorted(range(len(self._starts)), key=lambda each: (self._starts[each], self._ends[each])):
            self._texts.seek(self._places[number])
            size = int.from_bytes(self._texts.read(4), "big")
            yield Span(self._starts[number], self._ends[number]), self._texts.read(size).decode()
        self._texts.seek(self._size)

    def close(self) -> None:
        """Gives the disk back."""
        self._texts.close()
