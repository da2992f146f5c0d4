"""Messages in XML, such as SEPAS's: coded texts wherever an element has their parts as children or attributes.

Rules of this file:
- expat reads, for it says at which byte each thing begins: so a part can be replaced and all the rest stay as it is (ADR 20);
- a file that declares an entity is refused whole, be it a billion laughs or one letter; nothing outside it is looked at;
- what is open is held, and no more: depth, children, tags and texts are bounded.
Source: contract, section 2 (names of the .NET classes); XML 1.0, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from maksa.check.reading.found import Found, Note, Place, Span, Unreadable
from maksa.check.reading.opening import readable
from maksa.check.reading.reasons import around, reason, unreadable
from maksa.check.reading.shapes import (
    VALUE,
    hoist,
    is_coded_text,
    parts_in,
    role_of,
    wants_display,
)
from maksa.model.reasons import Reason

CHUNK = 1 << 16  # bytes
DEPTH_LIMIT = 512
MARKUP_LIMIT = (
    4 << 20
)  # bytes that expat keeps until the end of a tag; it reads them over and over, and its time is their square
TEXT_LIMIT = 1 << 16  # characters of a part; a longer one is no part of a coded text
_COUNTED = 10_000  # names of children that are told apart by number


class Part(NamedTuple):
    """A part: its text, and where that lies; None for an attribute."""

    text: str
    span: Span | None


class _Element:
    """An element that is open."""

    __slots__ = ("children", "first", "line", "members", "name", "number", "role", "size", "text")

    def __init__(self, name: str, number: int, role: int | None, line: int) -> None:
        self.name = name
        self.number = number
        self.role = role
        self.line = line
        self.text: list[str] = []
        self.size = 0
        self.first = -1  # the byte at which its content begins, once that is known
        self.members: dict[int, Part] = {}
        self.children: dict[str, int] = {}


class _Handler:
    """What expat calls; `found` fills while it reads."""

    def __init__(self, path: Path, parser: expat.XMLParserType) -> None:
        self._path = path
        self._parser = parser
        self._open: list[_Element] = []
        self.found: list[Found] = []
        self.encoding = ""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartCdataSectionHandler = lambda: self._begin_content(self._open[-1])
        parser.EntityDeclHandler = self._entity
        parser.XmlDeclHandler = self._declared
        parser.buffer_text = False

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or ""

    def _entity(self, name: str, *_rest: object) -> NoReturn:
        self.refuse(reason("xml-entity", name=name))

    def refuse(self, why: Reason) -> NoReturn:
        """Raises: FileUnreadableError, naming the line."""
        raise unreadable(self._path, around("xml-line", why, line=self._parser.CurrentLineNumber))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == DEPTH_LIMIT:
            self.refuse(reason("xml-deep", limit=DEPTH_LIMIT))
        local = name.rpartition(":")[2]
        number = 1
        if self._open:
            above = self._open[-1]
            self._begin_content(above)
            number = above.children.get(local, 0) + 1
            if number > 1 or len(above.children) < _COUNTED:
                above.children[local] = number
        element = _Element(local, number, role_of(local), self._parser.CurrentLineNumber)
        self._open.append(element)
        for each, value in attributes.items():
            role = role_of(each.rpartition(":")[2])
            if role is not None:
                element.members[role] = Part(value, None)

    def _text(self, text: str) -> None:
        element = self._open[-1]
        self._begin_content(element)
        if element.role is not None and element.size < TEXT_LIMIT:
            element.text.append(text)
            element.size += len(text)

    def _begin_content(self, element: _Element) -> None:
        if element.first < 0:
            element.first = self._parser.CurrentByteIndex

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        end = self._parser.CurrentByteIndex
        above = self._open[-1] if self._open else None
        if above is not None and element.role is not None and not element.children:
            self._take(above, element, end)
        elif above is not None and hoist(above.members, element.role, element.members):
            return
        if is_coded_text(element.members, in_coding=element.name == "coding"):
            self.found.append(self._coded_text(element))

    def _take(self, above: _Element, element: _Element, end: int) -> None:
        """Makes the text of *element*, or FHIR's attribute `value`, a part of the element above."""
        role = element.role
        assert role is not None, "only parts are taken"
        if list(element.members) == [VALUE] and not element.text:
            above.members[role] = element.members.pop(VALUE)
        elif not element.members:
            above.members[role] = Part("".join(element.text), self._span(element, end))

    def _span(self, element: _Element, end: int) -> Span | None:
        """Where the content of *element* lies; None for <Value/>, in which nothing can stand."""
        if element.first >= 0:
            return Span(element.first, end)
        has_end = (self._parser.GetInputContext() or b"").startswith(b"</")
        return Span(end, end) if has_end else None

    def _coded_text(self, element: _Element) -> Found:
        parts = parts_in(element.members)
        terminology, code, display = (part.text if part else "" for part in parts)
        has_display = parts[2] is not None or wants_display(element.members)
        first, second, third = (part.span if part else None for part in parts)
        place = Place("", 0, element.line, self._way(element))
        return Found(terminology, code, display if has_display else None, place, "", (first, second, third))

    def _way(self, element: _Element) -> str:
        steps = (f"{each.name}[{each.number}]" if each.number > 1 else each.name for each in (*self._open, element))
        return "".join(f"/{step}" for step in steps)


@dataclass(slots=True)
class XmlSource:
    """A file of XML. `encoding` is known when it has been read."""

    path: Path
    encoding: str = "utf-8"
    form: str = "xml"
    notes: tuple[Note, ...] = ()

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """As `Source.texts`; spans cost nothing here. Raises: FileUnreadableError, naming the line."""
        del with_spans
        parser = expat.ParserCreate()
        handler = _Handler(self.path, parser)
        with readable(self.path), self.path.open("rb") as file:
            head = file.read(2)
            file.seek(0)
            is_last = False
            while not is_last:
                chunk = file.read(CHUNK)
                is_last = not chunk
                try:
                    parser.Parse(chunk, is_last)
                except (expat.ExpatError, ValueError, LookupError) as error:
                    handler.refuse(reason("not-xml", str(error)))
                if file.tell() - parser.CurrentByteIndex > MARKUP_LIMIT:
                    handler.refuse(reason("xml-long-tag", megabytes=MARKUP_LIMIT >> 20))
                yield from handler.found
                handler.found.clear()
        utf_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
        self.encoding = utf_16.get(head) or handler.encoding or "utf-8"

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """*text* as the content of an element: a letter that the encoding has not is written by its number."""
        del span, original
        return escape(text).encode(self.encoding, "xmlcharrefreplace")
