"""How the members of an object are named by callers, and how a value of theirs is shown back to them."""

from __future__ import annotations

import json

BOM = b"\xef\xbb\xbf"  # what .NET writes before UTF-8, and JSON does not know
SHOWN = 100  # characters of a caller's value that an error repeats


def folded_name(name: str) -> str:
    """The name under which a member is found: no case, no underscores, no trailing "Field".

    One rule holds the guide's three spellings together, `terminologyId`, `TerminologyId` and `terminology_idField`, and
    the public names of the same .NET classes, `Terminology_id`, `Year`, `ISOString`.
    Source: contract, section 2: names match in any case, private and public names alike.
    """
    return name.lower().replace("_", "").removesuffix("field")


def shown(value: object) -> str:
    """The value as JSON for a message, at most 100 characters of it; an object or an array is only called so.

    What no encoding can carry (a lone surrogate from a terminal) comes out as its escape.
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str) and len(value) > SHOWN:
        value = value[:SHOWN] + "…"
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if isinstance(value, str) else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
