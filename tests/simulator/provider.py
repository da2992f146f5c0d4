"""The seven functions on `Lists`: fields in, the value of `result.data` out, None where there is nothing.

Fields are read strictly, in the guide's spelling of its samples and tables 8 to 16.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from persiantools.jdatetime import JalaliDateTime

from tests.simulator.lists import TEHRAN, Lists

Fields = dict[str, Any]


class BadRequest(Exception):
    """A field is missing, or is not what the guide's tables say."""


def text(fields: Fields, *names: str) -> str:
    """The text under the first of *names* that is there. Raises: BadRequest."""
    value = next((fields[name] for name in names if name in fields), None)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{names[0]}: {value!r}")
    return value.strip()


def moment(fields: Fields) -> dt.datetime:
    """The moment in `FromDate`: its six numbers, Jalali below 1700, on Tehran's clock. Raises: BadRequest."""
    date = fields.get("FromDate")
    names = ("yearField", "monthField", "dayField", "hourField", "minuteField", "secondField")
    if not isinstance(date, dict) or any(type(date.get(name)) is not int for name in names):
        raise BadRequest(f"FromDate: {date!r}")
    numbers = [date[name] for name in names]
    try:
        local = JalaliDateTime(*numbers).to_gregorian() if numbers[0] < 1700 else dt.datetime(*numbers)
    except ValueError as error:
        raise BadRequest(f"FromDate: {error}") from error
    return local.replace(tzinfo=TEHRAN).astimezone(dt.UTC)


def _coded(own: str, rows: list[tuple[str, str]]) -> list[dict[str, str]] | None:
    return [
        {"valueField": value, "terminology_idField": own, "coded_stringField": code} for code, value in rows
    ] or None


def terminology(lists: Lists, fields: Fields) -> str | None:
    code = text(fields, "codedString")
    last = lists.last_of(text(fields, "terminologyId"))
    return last and last.texts.get(code)


def search_terminology(lists: Lists, fields: Fields) -> list[dict[str, str]] | None:
    own, _ = lists.find(text(fields, "TerminologyId"))
    since, last = moment(fields), lists.last_of(own)
    return _coded(own, last.since(since)) if last else None


def validate_cts(lists: Lists, fields: Fields) -> bool | None:
    given = fields.get("DoCodedText")
    if not isinstance(given, dict) or not isinstance(given.get("valueField"), str):
        raise BadRequest(f"DoCodedText: {given!r}")
    code = text(given, "coded_stringField")
    last = lists.last_of(text(given, "terminology_idField"))
    return last and last.texts.get(code) == given["valueField"].strip()


def cts_terminologies(lists: Lists, fields: Fields) -> list[str] | None:
    return lists.defined_since(moment(fields)) or None


def terminology_value_by_version(lists: Lists, fields: Fields) -> str | None:
    code, label = text(fields, "codedString"), text(fields, "version")
    _, editions = lists.find(text(fields, "terminologyId"))
    return next((each.texts.get(code) for each in editions if each.label == label), None)


def terminologies_term_by_version(lists: Lists, fields: Fields) -> list[dict[str, str]] | None:
    label = text(fields, "version")
    own, editions = lists.find(text(fields, "terminologyId"))
    return next((_coded(own, each.since()) for each in editions if each.label == label), None)


def terminology_versions(lists: Lists, fields: Fields) -> list[dict[str, Any]] | None:
    own, editions = lists.find(text(fields, "terminologyId", "terminology_idField"))
    last = lists.last_of(own)
    return [
        {
            "id": each.row,
            "TerminologyId": own,
            "Version": each.label,
            "VersionId": each.number,
            "IsLast": each is last,
        }
        for each in editions
    ] or None


FUNCTIONS: dict[str, tuple[str, Callable[[Lists, Fields], Any]]] = {
    "Terminology": ("GET", terminology),
    "SearchTerminology": ("POST", search_terminology),
    "ValidateCts": ("POST", validate_cts),
    "CtsTerminologies": ("POST", cts_terminologies),
    "TerminologyValueByVersion": ("POST", terminology_value_by_version),
    "TerminologiesTermByVersion": ("POST", terminologies_term_by_version),
    "TerminologyVersions": ("POST", terminology_versions),
}
"""Each function with the guide's method."""


def shown(data: Any, *, twice: bool) -> Any:
    """`result.data` as the guide's samples show it: a text or a boolean as JSON inside a text, a list as it is.

    *twice*: a list is JSON inside a text too, as other gateways do.
    """
    return json.dumps(data, ensure_ascii=False) if twice or not isinstance(data, list) else data
