"""A text of the outside world as a sentence quotes it."""

from __future__ import annotations


class Shown(str):
    """A text as a sentence quotes it ({text!r}): half-spaces stay as they are read, what else cannot be seen is named."""

    __slots__ = ()

    def __repr__(self) -> str:
        if self.replace("\u200c", "").isprintable():
            return f"'{self}'"
        return f"'{''.join(each if each == chr(0x200C) or each.isprintable() else repr(each)[1:-1] for each in self)}'"
