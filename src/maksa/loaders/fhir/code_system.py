"""A CodeSystem's concepts, nested ones too: the nesting is their parentage.

Source: FHIR R4 4.8 and R5 4.8, «CodeSystem»; the concept properties of appendix 4.8.10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from maksa.loaders.fhir.wordings import Wording, designations_of
from maksa.loaders.gathering import VALUE_LIMIT, Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.table.statuses import status_of
from maksa.model.concept import Concept, Property
from maksa.model.errors import FileUnreadableError, SourceError
from maksa.model.folding import language_of
from maksa.model.shapes import json_decoder

DEPTH_LIMIT = 100  # concepts below one another; the deepest of the great terminologies has some twenty
NOT_COMPLETE = ("fragment", "example")
_RETIRED = ("retired", "deprecated", "inactive")


class Value(msgspec.Struct, rename="camel"):
    """A property of a concept: a code and one of the values."""

    code: str
    value_code: str | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    value_decimal: msgspec.Raw = msgspec.Raw()  # as written: 700.50 is not 700.5
    value_coding: dict[str, Any] | None = None


class Item(msgspec.Struct, rename="camel"):
    code: str
    display: str = ""
    definition: str = ""
    designation: list[Wording] = []
    property: list[Value] = []
    concept: list[msgspec.Raw] = []


class _Unread(msgspec.Struct):
    concept: list[msgspec.Raw] = []


class CodeSystem(msgspec.Struct, rename="camel"):
    content: str = "complete"
    language: str = ""
    supplements: str = ""
    hierarchy_meaning: str = ""
    count: int | None = None
    concept: list[msgspec.Raw] = []


_item_of = json_decoder(Item)
_unread_of = json_decoder(_Unread)


def checked(system: CodeSystem, file: str, name: str) -> CodeSystem:
    """The code system, where its codes are in it. Raises: SourceError for a supplement and one without content."""
    if system.content == "supplement":
        whole = system.supplements
        why = reason("supplement-to", name=name, whole=whole) if whole else reason("supplement", name=name)
        raise SourceError(file=file, **why.facts)
    if system.content == "not-present" or not system.concept:
        raise SourceError(file=file, **reason("not-present", name=name, content=system.content).facts)
    return system


def concepts_of(system: CodeSystem, gathering: Gathering) -> Iterator[tuple[int, Concept]]:
    """The concepts in document order, each with its place from 1; what cannot be read is refused with all below it.

    Raises: FileUnreadableError where they stand deeper than any list does.
    """
    place = 0
    waiting: list[tuple[Iterator[msgspec.Raw], str]] = [(iter(system.concept), "")]
    while waiting:
        raw = next(waiting[-1][0], None)
        if raw is None:
            waiting.pop()
            continue
        if len(waiting) > DEPTH_LIMIT:
            why = reason("concepts-deep", place=place, limit=DEPTH_LIMIT)
            raise FileUnreadableError(file=gathering.report.file, **why.facts)
        place += 1
        try:
            item = _item_of(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            place += _refuse(gathering, raw, place, str(error))
            continue
        yield place, _concept(item, waiting[-1][1], system.language, gathering, place)
        if item.concept:
            waiting.append((iter(item.concept), item.code))
    _check_count(system, place, gathering)


def _refuse(gathering: Gathering, raw: msgspec.Raw, place: int, said: str) -> int:
    """Refuses a concept that is not as FHIR wants it, and those below it; how many stood below."""
    below = _count_below(raw)
    value = bytes(raw)[:VALUE_LIMIT].decode("utf-8", "replace")
    gathering.refuse("malformed-concept", row=place, column="concept", value=value, reason=said)
    if below:
        gathering.add("below-refused", row=place, column="concept", count=below)
    gathering.report.refused += below
    gathering.report.read += 1 + below
    return below


def _count_below(raw: msgspec.Raw) -> int:
    waiting, count = [raw], -1
    while waiting:
        count += 1
        try:
            waiting += _unread_of(waiting.pop()).concept
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return count


def _check_count(system: CodeSystem, place: int, gathering: Gathering) -> None:
    if system.content in NOT_COMPLETE:
        gathering.add("incomplete-content", column="content", value=system.content)
    elif system.count is not None and system.count != place:
        gathering.add("count-differs", column="count", value=str(system.count), found=place)


def _concept(item: Item, parent: str, language: str, gathering: Gathering, place: int) -> Concept:
    display = item.display if item.display.strip() else item.code
    if not item.display.strip():
        gathering.add("code-stands-in", row=place, column="display", value=item.code)
    values = [(each.code, *_value(each)) for each in item.property]
    parents = dict.fromkeys([parent] if parent else [])
    parents.update(dict.fromkeys(value for code, value, _ in values if code == "parent" and value))
    properties = [Property("definition", item.definition)] if item.definition else []
    properties += [Property(code, value, kind) for code, value, kind in values if value and code != "parent"]
    return Concept(
        item.code,
        display,
        language or language_of(display),
        designations_of(item.designation, language),
        tuple(properties),
        tuple(parents),
        _status({code: value for code, value, _ in values}),
    )


def _value(each: Value) -> tuple[str, str]:
    """(text, FHIR's type) of the value that is there."""
    if each.value_coding is not None:
        coding = each.value_coding
        return "|".join(str(coding[part]) for part in ("system", "code") if part in coding), "code"
    if each.value_boolean is not None:
        return str(each.value_boolean).lower(), "boolean"
    if decimal := bytes(each.value_decimal):
        return decimal.decode("utf-8", "replace").strip('"'), "decimal"
    if each.value_integer is not None:
        return str(each.value_integer), "integer"
    if each.value_code is not None:
        return each.value_code, "code"
    return (
        (each.value_date_time, "dateTime") if each.value_date_time is not None else (each.value_string or "", "string")
    )


def _status(values: dict[str, str]) -> str:
    """What the properties `inactive` and `status` say, in our words; active where neither does."""
    said = values.get("status", "")
    if values.get("inactive") == "true" or values.get("deprecated") == "true" or said in _RETIRED:
        return "retired"
    return status_of(said) or "active"
