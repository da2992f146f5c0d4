"""A version of a terminology: its notice, what it changed, its files, its list as it was."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from maksa.model.answers import UnknownVersion
from maksa.model.terminology import Imprint, Version
from maksa.service.announced import Change, changes_of
from maksa.service.listing import Listed, Summary
from maksa.snapshot.shelf import Edition, Terminology
from maksa.web.portal.asking import Ask
from maksa.web.portal.download import choices
from maksa.web.portal.faults import not_found
from maksa.web.portal.listing import Filtered, fragment, page_of_list, ways_of
from maksa.web.portal.naming import moved, tail_of, terminology_of
from maksa.web.portal.terminology import facts_of


class VersionShown(Struct, frozen=True):
    """A version, what it changed, the labels of those before and after it ("" at an end), a page of its list."""

    terminology: Summary
    version: Version
    imprint: Imprint
    is_last: bool
    changed: Change | None
    earlier: str
    later: str
    list: Listed | Filtered


async def show(ask: Ask) -> Response:
    """The page of a version."""
    found = terminology_of(ask)
    if isinstance(found, Response):
        return found
    label = tail_of(ask, "version").strip()
    if not label:
        return ask.redirect(ask.address.terminology(found.id) + "#versions", status=303)
    edition = found.by_label.get(label)
    if edition is None:
        return not_found(ask, UnknownVersion(found.id, label))
    here = ask.address.version(found.id, label)
    elsewhere = moved(ask, here)
    if elsewhere:
        return elsewhere
    listed = await page_of_list(ask, found.id, label)
    if ask.wants_fragment:
        return fragment(ask, listed, here, of_version=label)
    changes = await ask.in_thread(changes_of, ask.view, [edition.version])
    page = _shown(ask, found, edition, next(iter(changes), None), listed)
    return ask.answer(
        "version.html", page, files=choices(ask, edition.version), listed=listed, of_version=label,
        ways=ways_of(listed, here),
    )  # fmt: skip


def _shown(
    ask: Ask, terminology: Terminology, edition: Edition, change: Change | None, listed: Listed | Filtered
) -> VersionShown:
    version = edition.version
    labels = ["", *terminology.by_label, ""]
    place = labels.index(version.label, 1)
    summary, _ = facts_of(ask.view, terminology.id)
    is_last = terminology.last.version.label == version.label
    before, after = labels[place - 1], labels[place + 1]
    return VersionShown(summary, version, edition.snapshot.imprint, is_last, change, before, after, listed)
