"""Whole numbers that readers write into addresses."""

from __future__ import annotations

_DIGITS = 9  # more are no page of anything, and cost time to read


def whole_number(text: str, *, least: int = 0) -> int:
    """The number that *text* writes, in any digits; *least* where it writes none, or a smaller one."""
    written = text.strip()[:_DIGITS]
    return max(int(written), least) if written.isdecimal() else least
