"""XML is read without trust: nothing is fetched, nothing is expanded, and what is wrong is said with its line."""

from __future__ import annotations

import pytest

from maksa.loaders.markup import elements, root_name
from maksa.model.errors import FileUnreadableError

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))


def names(tmp_path, text: str | bytes) -> list[str]:
    path = tmp_path / "file.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [element.get("code") for element in elements(path, "Class")]


@pytest.mark.parametrize(
    "declaration",
    [
        LAUGHS,
        '<!ENTITY one "1">',
        '<!ENTITY file SYSTEM "file:///etc/hostname">',
        '<!ENTITY % away SYSTEM "http://127.0.0.1:9/away.dtd"> %away;',
    ],
)
def test_a_file_that_declares_an_entity_is_refused(tmp_path, declaration):
    """A billion laughs, a file of this machine, an address, or one letter: none is expanded to see which."""
    with pytest.raises(FileUnreadableError, match="it declares entities"):
        names(tmp_path, f"<!DOCTYPE ClaML [{declaration}]><ClaML><Class code='A'/></ClaML>")


def test_a_billion_laughs_in_an_attribute_does_not_laugh(tmp_path):
    """Attributes are expanded by the parser itself; it ends in an error, at once and in little memory."""
    with pytest.raises(FileUnreadableError):
        names(tmp_path, f"<!DOCTYPE ClaML [{LAUGHS}]><ClaML title='&l8;'><Class code='A'/></ClaML>")


def test_a_document_type_is_named_and_never_read(tmp_path):
    """WHO's own files name ClaML.dtd; it is not looked for."""
    (tmp_path / "ClaML.dtd").write_text("<!ENTITY trap 'x'> this is no DTD")

    assert names(tmp_path, '<!DOCTYPE ClaML SYSTEM "ClaML.dtd"><ClaML><Class code="A"/></ClaML>') == ["A"]


def test_elements_come_whatever_their_namespace(tmp_path):
    """With a namespace, with a prefix, without either."""
    assert names(tmp_path, "<ClaML xmlns='urn:x'><Class code='A'/></ClaML>") == ["A"]
    assert names(tmp_path, "<c:ClaML xmlns:c='urn:x'><c:Class code='A'/></c:ClaML>") == ["A"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "windows-1256"])
def test_any_declared_encoding_is_read(tmp_path, encoding):
    """The declaration, or the byte order mark, says which."""
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f"<?xml version='1.0' encoding='{declared}'?><ClaML><Class code='وبا'/></ClaML>"

    assert names(tmp_path, text.encode(encoding)) == ["وبا"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no element"),
        ("no markup", "line 1"),
        ("<ClaML>\n<Class code='A'>", "line 2"),
        ("<ClaML>\n<Class code='A'/>\n&gone;</ClaML>", "gone"),
        ("<!DOCTYPE ClaML SYSTEM 'ClaML.dtd'><ClaML>\n<Class code='A'>&eacute;</Class></ClaML>", "line 2: &eacute;"),
        ("<a>" * 5000, "depth"),
        ("<ClaML><Class code='\x01'/></ClaML>", "line 1"),
    ],
)
def test_damage_is_said_with_its_line(tmp_path, text, said):
    """Truncated, not XML at all, an entity nobody declared, or only a file elsewhere, a pit of elements."""
    with pytest.raises(FileUnreadableError) as caught:
        names(tmp_path, text)

    assert said in str(caught.value)


def test_the_name_of_what_is_no_xml_is_empty(tmp_path):
    """Recognition never raises."""
    (tmp_path / "text").write_text("code,value\n1,a\n")
    (tmp_path / "hostile").write_text(f"<!DOCTYPE a [{LAUGHS}]><a>&l8;</a>")

    assert [root_name(tmp_path / name) for name in ("text", "hostile", "absent", ".")] == ["", "", "", ""]
