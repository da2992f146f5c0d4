"""Light or dark: what the reader chose, kept in a cookie of his own; the styles follow his system where he chose nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

COOKIE = "theme"
Theme = Literal["", "light", "dark"]
_YEAR_S = 31_536_000


def theme_of(cookies: Mapping[str, str]) -> Theme:
    """The reader's choice, "" where there is none."""
    given = cookies.get(COOKIE, "")
    return next((theme for theme in get_args(Theme) if theme == given), "")


def chosen(to: str) -> str:
    """The Set-Cookie header that remembers the choice *to*; whatever is no choice forgets it."""
    theme = theme_of({COOKIE: to})
    return f"{COOKIE}={theme}; Path=/; Max-Age={_YEAR_S if theme else 0}; SameSite=Lax"


def way_back(path: str) -> str:
    """*path*, if it is one of this very site; else its first page: a form must not send readers elsewhere."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    return path if is_ours else "/"
