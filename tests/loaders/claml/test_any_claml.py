"""Whatever classes and modifiers a file has: what comes out adds up, and nothing but a SourceError is raised."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from maksa.loaders.claml import ClamlSource
from maksa.model.errors import SourceError

CODES = st.sampled_from(["A", "B", "A.0", "A-B", "", " ", "آ", "M_4", "\u200f", ".0", "0"])
NAMES = st.sampled_from(["SuperClass", "SubClass", "ModifiedBy", "ExcludeModifier", "Meta", "Rubric", "Unheard"])
INSIDE = st.builds(
    lambda name, code: f"<{name} code={quoteattr(code)} name='x' value={quoteattr(code)}/>", NAMES, CODES
)
LABEL = st.builds(
    lambda kind, text: f"<Rubric kind='{kind}'><Label>{text}<Reference usage='u'>{text}</Reference></Label></Rubric>",
    st.sampled_from(["preferred", "inclusion", "other"]),
    st.sampled_from(["wind", "", " ", "باد", "a<Para>b</Para>"]),
)
ELEMENT = st.builds(
    lambda name, code, modifier, parts: (
        f"<{name} code={quoteattr(code)} modifier={quoteattr(modifier)}>{''.join(parts)}</{name}>"
    ),
    st.sampled_from(["Class", "Class", "ModifierClass", "Modifier"]),
    CODES,
    CODES,
    st.lists(INSIDE | LABEL, max_size=5),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ELEMENT, max_size=8))
def test_any_classification_adds_up(tmp_path_factory, parts):
    """Codes once, displays never blank, every class kept or refused."""
    path = tmp_path_factory.mktemp("fuzz") / "file.xml"
    path.write_text(f"<ClaML version='2.0.0'>{''.join(parts)}</ClaML>", "utf-8")
    try:
        with ClamlSource(path, terminology_id="X") as source:
            kept = list(source.concepts())
    except SourceError:
        return
    report = source.report()

    assert report.read == report.kept + report.refused
    assert report.kept == len(kept) == len({each.code for each in kept})
    assert all(each.code and each.display for each in kept)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_damage_is_a_source_error(tmp_path_factory, noise, at):
    """Bytes thrown into a good file."""
    good = b"<?xml version='1.0'?><ClaML version='2.0.0'>" + b"<Class code='A'><Rubric kind='preferred'/></Class>" * 6
    path = tmp_path_factory.mktemp("fuzz") / "file.xml"
    path.write_bytes(good[:at] + noise + good[at:] + b"</ClaML>")
    try:
        with ClamlSource(path, terminology_id="X") as source:
            list(source.concepts())
    except SourceError:
        return
    assert source.report().read == source.report().kept + source.report().refused
