"""Form-encoded text: query strings and the bodies of `POST /oauth/token`."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from maksa.model.errors import MalformedParameterError

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def form_pairs(form: bytes) -> list[tuple[str, str]]:
    """The (name, value) pairs of *form* in its order, `+` as a blank and %-escapes undone, as UTF-8.

    Parameters without `=` have the empty value. The standard library would let a broken escape or byte pass as itself.
    Raises: MalformedParameterError, which names the parameter and never shows its value: it may be a secret.
    """
    pairs = []
    for part in form.split(b"&"):
        if part:
            raw_name, _, raw_value = part.partition(b"=")
            name = _unescaped(raw_name, "a parameter's name")
            pairs.append((name, _unescaped(raw_value, name)))
    return pairs


def _unescaped(raw: bytes, field: str) -> str:
    if _BAD_ESCAPE.search(raw):
        raise MalformedParameterError(field=field, message="has a % that begins no escape")
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise MalformedParameterError(field=field, message="is not UTF-8") from None
