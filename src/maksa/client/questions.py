"""What callers give, as the wire wants it: texts that are not blank; other texts are `wire.texts`', dates `wire.when`'s."""

from __future__ import annotations

from maksa.model.errors import MissingParameterError
from maksa.wire.texts import text_of as text_of
from maksa.wire.when import When as When
from maksa.wire.when import moment_of as moment_of


def filled(text: str, *, field: str) -> str:
    """*text*, blanks around it aside. Raises: MissingParameterError; MalformedParameterError for what is no text."""
    trimmed = text_of(text, field=field).strip()
    if not trimmed:
        raise MissingParameterError(field=field, message="is empty")
    return trimmed
