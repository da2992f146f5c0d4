"""XML of the outside world, read as a stream and without trust.

Rules of this file:
- nothing is fetched and nothing is expanded: a document type may be named, as ClaML's files do, but it is never read, and a file
  that declares an entity is refused whole, be it a billion laughs or one letter;
- an element that has been seen is forgotten: memory does not grow with the file;
- namespaces are not looked at: issuers of the same form write it with and without one.
Source: the rules of XML 1.0 on entities (section 4); libxml2 holds text to 10 MB and depth to 256.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from maksa.loaders.reasons import reason
from maksa.loaders.table.form import readable
from maksa.model.errors import FileUnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element: TypeAlias = _Element

HEAD = 1 << 12  # bytes
_MARKS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def root_of(path: Path) -> Element:
    """The outermost element of the file, its attributes there and its content not yet.

    Raises: FileUnreadableError for a file that is no XML, or that declares entities.
    """
    with closing(_parsed(path, events=("start",))) as parsed:
        root = next(parsed, None)
        if root is None:
            raise FileUnreadableError(file=str(path), **reason("no-element").facts)
        document_type: Any = root.getroottree().docinfo.internalDTD
        if entities := [] if document_type is None else [str(each.name) for each in document_type.iterentities()]:
            shown = ", ".join(entities)[:100]
            raise FileUnreadableError(file=str(path), **reason("entities", names=shown).facts)
        return root


def elements(path: Path, *names: str) -> Iterator[Element]:
    """Each element of those *names*, whole, in document order; it is emptied when the next one is asked for.

    Raises: FileUnreadableError, naming the line.
    """
    from lxml import etree

    root_of(path)
    for element in _parsed(path, events=("end",), tag=[f"{{*}}{name}" for name in names]):
        if (entity := next(element.iter(etree.Entity), None)) is not None:
            unread = reason("entity-unread", name=str(entity.text))
            raise FileUnreadableError(file=str(path), **reason("line", line=line_of(element), reason=unread).facts)
        yield element
        _forget(element)


def _parsed(path: Path, **what: Any) -> Generator[Element, None, None]:
    """The elements of the asked events. What libxml2 says of a damaged file comes out as FileUnreadableError."""
    from lxml import etree  # of the server's dependencies: not for every import of this room

    with readable(path), path.open("rb") as file:
        parse = etree.iterparse(file, **what, **_DISTRUST)
        try:
            for _, element in parse:
                yield element
        except etree.XMLSyntaxError as error:
            last: Any = parse.error_log.last_error  # the error itself says nothing of a fault before the first event
            why = reason("no-xml", str(last.message if last else error.msg))
            why = reason("line", line=last.line, reason=why) if last else why
            raise FileUnreadableError(file=str(path), **why.facts) from error


_DISTRUST = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def _forget(element: Element) -> None:
    """Empties the element, and takes those before it out of their parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def inner(element: Element, name: str) -> Iterator[Element]:
    """The element's own children of that name, in order."""
    return (child for child in element if local(child) == name)


def line_of(element: Element) -> int:
    """The line at which the element begins, from 1; 0 where it is not known."""
    line: Any = element.sourceline  # the stubs do not know what it is
    return int(line or 0)


def looks_like_xml(path: Path) -> bool:
    """Whether the file begins as XML does; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD).lstrip(b" \t\r\n").startswith(_MARKS)
    except (OSError, ValueError):
        return False


def root_name(path: Path) -> str:
    """The name and namespace of the outermost element, as "{namespace}name"; "" for a file that is no readable XML."""
    if not looks_like_xml(path):
        return ""
    try:
        return str(root_of(path).tag)
    except FileUnreadableError:
        return ""
