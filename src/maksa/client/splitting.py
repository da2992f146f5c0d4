"""A whole version cut into its concepts as it arrives, so that no more of it is held than one piece of the line.

The body is `{"result":{"data":[{…},{…},…],…}…}` of hundreds of megabytes. Between two objects of the list stands `},{"`
and then the first letter of a name. Inside a JSON string that cannot stand: a quote there is escaped, or it ends the
string, and then no letter follows. So the last such place in a piece is found by a search of bytes, and all before it is
decoded at once, natively. The rest, with the head before it, is in the end an ordinary answer, read as any other.

Where a gateway encodes the list once more, as text in a string, the same is true of the escaped form; where it writes blanks
between, a slower search finds them. A list of anything else (objects in objects) is not cut, but read in the end, as a whole.
Source: contract, sections 2 and 3.
"""

from __future__ import annotations

import re

import msgspec

from maksa.model.concept import CodedText
from maksa.model.shapes import json_decoder
from maksa.wire.ditas.envelope import CodedTextRow
from maksa.wire.ditas.replies import Reply, coded_texts_of, read_reply

_DATA = re.compile(rb'"data"\s*:\s*("?)\[')
_BETWEEN = {False: b'},{"', True: b'},{\\"'}
_AFTER_A_STRING = frozenset(b",:}] \t\r\n\\")  # what may follow a quote that ends one
_LOOSE = {
    False: re.compile(rb'\}(\s*,\s*)\{\s*"(?=[^\s,:}\]])'),
    True: re.compile(rb'\}((?:\s|\\[nrt])*,(?:\s|\\[nrt])*)\{(?:\s|\\[nrt])*\\"(?=[^\s,:}\]\\])'),
}
_LOOSE_FROM = 256 * 1024  # bytes that are held before blanks are looked for
_HEAD_LIMIT = 64 * 1024  # bytes in which the list must begin, or it is none of ours to cut

_rows_of = json_decoder(list[CodedTextRow])
_text_of = json_decoder(str)


class Splitter:
    """Cuts one answer. `feed` it the pieces in their order, then `finish`."""

    __slots__ = ("_head", "_is_cutting", "_is_text", "_rest")

    def __init__(self) -> None:
        self._head = b""
        self._rest = bytearray()
        self._is_text = False
        self._is_cutting = True

    def feed(self, piece: bytes) -> list[CodedText]:
        """The concepts that *piece* completes, in their order."""
        self._rest += piece
        if not self._is_cutting or not (self._head or self._find_head()):
            return []
        end, begin = self._last_end()
        if end <= 0:
            return []
        try:
            rows = self._decoded(self._rest[:end])
        except (msgspec.DecodeError, UnicodeDecodeError):  # no list of coded texts: it is read as a whole in the end
            self._is_cutting = False
            return []
        del self._rest[:begin]
        return rows

    def finish(self) -> tuple[Reply, list[CodedText]]:
        """The envelope, and the last concepts. Raises: UnreadableAnswerError."""
        reply = read_reply(self.tail)
        return reply, coded_texts_of(reply)

    @property
    def tail(self) -> bytes:
        """What was not cut off yet, with the head of the answer before it."""
        return self._head + self._rest

    def _find_head(self) -> bool:
        found = _DATA.search(self._rest, 0, _HEAD_LIMIT)
        if found is None:
            self._is_cutting = len(self._rest) < _HEAD_LIMIT
            return False
        end, self._is_text = found.end(), bool(found[1])
        del found  # it holds the bytes where they are
        self._head = bytes(self._rest[:end])
        del self._rest[:end]
        return True

    def _last_end(self) -> tuple[int, int]:
        """The end of the last object that another one follows, and where that begins; 0 where there is none yet."""
        rest, between = self._rest, _BETWEEN[self._is_text]
        end = rest.rfind(between, 0, len(rest) - 1)
        while end >= 0 and rest[end + len(between)] in _AFTER_A_STRING:
            end = rest.rfind(between, 0, end)
        if end < 0 and len(rest) > _LOOSE_FROM:
            return max((found.span(1) for found in _LOOSE[self._is_text].finditer(rest)), default=(0, 0))
        return end + 1, end + 2

    def _decoded(self, objects: bytearray) -> list[CodedText]:
        listed = b"[" + bytes(objects) + b"]"
        if self._is_text:
            listed = _text_of(b'"' + listed + b'"').encode()
        return [CodedText(row.terminology_id, row.code, row.display) for row in _rows_of(listed)]
