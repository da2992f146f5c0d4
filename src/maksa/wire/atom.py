"""What every Atom document of ours is made with: its head, its texts, its times.

Source: RFC 4287 (Atom), RFC 3339 (times), XML 1.0 section 2.2 (characters).
"""

from __future__ import annotations

import datetime as dt
import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml;charset=UTF-8"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(identity: str, title: str, updated: dt.datetime) -> Element:
    """A feed without entries yet."""
    made = Element("feed", xmlns=NAMESPACE)
    text(made, "id", identity)
    text(made, "title", title)
    text(made, "updated", rfc3339(updated))
    text(SubElement(made, "author"), "name", "maksa")
    return made


def text(parent: Element, tag: str, content: str) -> None:
    """Adds an element with *content*; what XML cannot hold becomes U+FFFD."""
    SubElement(parent, tag).text = _NOT_XML.sub("\ufffd", content)


def rfc3339(moment: dt.datetime) -> str:
    """The moment in UTC, to the second."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def document(made: Element) -> str:
    """The whole document, one element a line."""
    indent(made)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(made, encoding="unicode")}\n'
