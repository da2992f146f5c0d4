"""A text as a program gives it: what no type checker has looked at, too."""

from __future__ import annotations

from maksa.model.errors import MalformedParameterError
from maksa.wire.members import shown


def text_of(text: str, *, field: str) -> str:
    """*text*, as it is. Raises: MalformedParameterError, naming *field*, for what is no text, or none that UTF-8 can carry.

    A number is refused: whoever holds codes as numbers has lost their leading zeros, and may find another concept. Half a
    character comes from files that were read in another encoding than theirs.
    """
    if not isinstance(text, str):
        raise MalformedParameterError(field=field, message=f"is {shown(text)}, not a text")
    if not text.isascii() and not _is_whole(text):
        raise MalformedParameterError(field=field, message=f"is {shown(text)}, which has half a character")
    return text


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
