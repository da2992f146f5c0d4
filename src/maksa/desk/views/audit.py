"""The audit: read in pages, by whom and about what; verified; and whole, as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from starlette.responses import Response

from maksa.desk.audit import Entry, as_csv, as_json_lines
from maksa.desk.views import downloading
from maksa.desk.views.asking import Ask
from maksa.desk.views.downloading import downloaded
from maksa.desk.views.refusing import refused

_PAGE = 50


def show(ask: Ask) -> Response:
    """A page of it, the newest first."""
    before = ask.query.get("before", "")
    actor, about = ask.query.get("actor", "").strip(), ask.query.get("about", "").strip()
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    entries = ask.desk.audit.page(before=number, limit=_PAGE + 1, actor=actor, about=about)
    shown = {
        "entries": [_told(ask, entry) for entry in entries[:_PAGE]],
        "next": entries[_PAGE - 1].number if len(entries) > _PAGE else None,
        "actor": actor,
        "about": about,
        "is_later": number is not None,
        "verdict": ask.desk.audit.verify() if "verify" in ask.query else None,
    }
    return ask.answer("audit.html", shown)


def download(ask: Ask) -> Response:
    """All of it: CSV for a spreadsheet, JSON by the line for a program, each with the sums that prove it."""
    forms = {"csv": _csv, "json": _json}
    if ask.named["form"] not in forms:
        return refused(ask, 404)
    ask.desk.audit.note(ask.who, "audit-exported", ask.named["form"])
    lines = forms[ask.named["form"]](ask.desk.audit.entries())
    return downloaded(ask, "audit", None, lines, ask.named["form"])


def _csv(entries: Iterator[Entry]) -> Iterator[bytes]:
    return downloading.as_csv(as_csv(entries))


def _json(entries: Iterator[Entry]) -> Iterator[bytes]:
    return (line.encode() for line in as_json_lines(entries))


def _told(ask: Ask, entry: Entry) -> dict[str, object]:
    """An entry as it is shown: its moment, its action in words, its facts one by one."""
    facts = json.loads(entry.facts)
    return {
        "entry": entry,
        "at": entry.time,
        "action": _action(ask, entry.action),
        "facts": [
            (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for name, value in facts.items()
        ],
    }


def _action(ask: Ask, action: str) -> str:
    """In words; an act that was written down before it was refused has those of the act."""
    known = ask.t.or_none(f"desk_act.{action}")
    begun = ask.t.or_none(f"desk_act.{action.removesuffix('-refused')}")
    return known or (ask.t("desk_audit.not-done", act=begun) if begun else action)
