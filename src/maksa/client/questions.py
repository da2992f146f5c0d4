"""What callers give, as the wire wants it: texts that are texts and not blank; dates are `wire.when`'s."""

from __future__ import annotations

from maksa.model.errors import MalformedParameterError, MissingParameterError
from maksa.wire.members import shown
from maksa.wire.when import When as When
from maksa.wire.when import moment_of as moment_of


def filled(text: str, *, field: str) -> str:
    """*text*, blanks around it aside. Raises: MissingParameterError; MalformedParameterError for what is no text.

    A number is refused here: whoever holds codes as numbers has lost their leading zeros.
    """
    trimmed = text_of(text, field=field).strip()
    if not trimmed:
        raise MissingParameterError(field=field, message="is empty")
    return trimmed


def text_of(text: str, *, field: str) -> str:
    """*text*, as it is. Raises: MalformedParameterError for what is no text, whatever a type checker was told."""
    if not isinstance(text, str):
        raise MalformedParameterError(field=field, message=f"is {shown(text)}, not a text")
    return text
