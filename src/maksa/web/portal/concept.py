"""A concept: every wording of it, its properties, its place in the tree, maps both ways, what became of it."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from starlette.responses import Response

from maksa.model.answers import Found, UnknownVersion
from maksa.model.concept import CodedText
from maksa.model.rewording import rewording
from maksa.service.listing import Summary, summary_of
from maksa.service.portrait import Portrait, portrait
from maksa.web.portal.asking import Ask
from maksa.web.portal.faults import not_found
from maksa.web.portal.naming import moved, tail_of, terminology_of
from maksa.wire.ditas.envelope import CodedTextRow


class ConceptShown(Struct, frozen=True):
    """The concept's terminology and its portrait; `coded_text` is what travels for it in a message."""

    terminology: Summary
    portrait: Portrait
    coded_text: CodedText


async def show(ask: Ask) -> Response:
    """The page of a concept; of the version that `version` names, else of the last one."""
    found = terminology_of(ask)
    if isinstance(found, Response):
        return found
    code, label = tail_of(ask, "code").strip(), ask.query.get("version") or None
    if label is not None and label not in found.by_label:
        return not_found(ask, UnknownVersion(found.id, label))
    answer = await ask.in_thread(portrait, ask.view, found.id, code, label)
    if not isinstance(answer, Found):
        return not_found(ask, answer)
    elsewhere = moved(ask, ask.address.concept(found.id, answer.value.concept.code))
    if elsewhere:
        return elsewhere
    return _page(ask, found.id, answer.value, label)


def _page(ask: Ask, terminology_id: str, drawn: Portrait, label: str | None) -> Response:
    summary = summary_of(ask.view, terminology_id)
    assert isinstance(summary, Found), "it is on the shelf"
    text = CodedText(terminology_id, drawn.concept.code, drawn.concept.display)
    wire = msgspec.json.encode(CodedTextRow(text.display, text.terminology_id, text.code))
    lines = msgspec.json.format(wire, indent=1).decode()
    shown = ConceptShown(summary.value, drawn, text)
    return ask.answer("concept.html", shown, wire=wire.decode(), wire_lines=lines, label=label, rewording=rewording)
