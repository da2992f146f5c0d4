"""How each protocol says an error: one table per protocol, from the slug of an error to that protocol's words.

A class without a row of its own speaks as the nearest class above it that has one; a test walks the tree and fails where
none is found below the root. What maksa did not raise on purpose is a fault of its own, and no table shows its inside.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeVar

from maksa.model.errors import MaksaError, tree

W = TypeVar("W")


class Exit(IntEnum):
    """The exit codes of the command line, by whose fault it was."""

    DONE = 0
    NO = 1
    USAGE = 2
    SOURCE = 3
    CATALOG = 4
    PUBLISH = 5
    SHELF = 6
    MACHINE = 7
    ACCESS = 8
    REQUEST = 9
    SETTINGS = 10
    BUG = 70

    @property
    def meaning(self) -> str:
        """What the code says, in a line for the documentation."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.NO: "the answer is no, or nothing was found",
    Exit.USAGE: "the command was not written as it must be",
    Exit.SOURCE: "the file to load is not what it says",
    Exit.CATALOG: "the catalog cannot do that now: the version exists, the draft is locked or unknown",
    Exit.PUBLISH: "the draft may not be published",
    Exit.SHELF: "a snapshot or the shelf is damaged",
    Exit.MACHINE: "the machine: disk, permissions, a lock",
    Exit.ACCESS: "access was refused",
    Exit.REQUEST: "the request is malformed, or the other end failed",
    Exit.SETTINGS: "a setting is wrong",
    Exit.BUG: "a fault of maksa itself; please report it",
}

EXIT: dict[str, Exit] = {
    "maksa": Exit.BUG,
    "source": Exit.SOURCE,
    "catalog": Exit.CATALOG,
    "id-spelling": Exit.USAGE,
    "publish": Exit.PUBLISH,
    "snapshot": Exit.SHELF,
    "request": Exit.REQUEST,
    "access": Exit.ACCESS,
    "account": Exit.USAGE,
    "unknown-account": Exit.NO,
    "remote": Exit.REQUEST,
    "access-refused": Exit.ACCESS,
    "mirror": Exit.USAGE,
    "unknown-upstream": Exit.NO,
    "not-held": Exit.NO,
    "disk-budget": Exit.MACHINE,
    "extra-missing": Exit.MACHINE,
    "settings": Exit.SETTINGS,
    "storage": Exit.MACHINE,
}
"""The command line's table."""

DITAS: dict[str, int] = {
    "maksa": 500,
    "source": 500,
    "catalog": 500,
    "publish": 500,
    "snapshot": 503,
    "request": 400,
    "access": 429,
    "bad-client": 401,
    "bad-grant": 401,
    "token-expired": 401,
    "origin-refused": 403,
    "account": 500,
    "remote": 503,
    "mirror": 500,
    "extra-missing": 500,
    "settings": 500,
    "storage": 500,
}
"""The gateway's table: statuses of the guide's appendix 2, whose words are `ditas.MESSAGES`."""

OAUTH: dict[str, tuple[str, int]] = {
    "maksa": ("server_error", 500),
    "source": ("server_error", 500),
    "catalog": ("server_error", 500),
    "publish": ("server_error", 500),
    "snapshot": ("server_error", 500),
    "request": ("invalid_request", 400),
    "unsupported-grant": ("unsupported_grant_type", 400),
    "access": ("access_denied", 403),
    "bad-client": ("invalid_client", 401),
    "bad-grant": ("invalid_grant", 400),
    "token-expired": ("invalid_grant", 400),
    "too-many-requests": ("temporarily_unavailable", 429),
    "account": ("server_error", 500),
    "remote": ("server_error", 500),
    "mirror": ("server_error", 500),
    "extra-missing": ("server_error", 500),
    "settings": ("server_error", 500),
    "storage": ("temporarily_unavailable", 503),
}
"""The token endpoint's table: (error, HTTP status). Source: RFC 6749, sections 5.2 and, for what that lacks, 4.1.2.1."""


def exit_code(error: BaseException | type[BaseException]) -> Exit:
    """The exit code that says *error*."""
    return _row(EXIT, error)


def exit_code_of(slug: str) -> Exit:
    """The exit code that says the error of this *slug*; of one that is none, as of maksa's own."""
    return exit_code(next((kind for kind in tree() if kind.slug == slug), MaksaError))


def ditas_status(error: BaseException | type[BaseException]) -> int:
    """The gateway status that says *error*."""
    return _row(DITAS, error)


def oauth_fault(error: BaseException | type[BaseException]) -> tuple[str, int]:
    """The `error` of RFC 6749 and the HTTP status that say *error*."""
    return _row(OAUTH, error)


def _row(table: dict[str, W], error: BaseException | type[BaseException]) -> W:
    kind = error if isinstance(error, type) else type(error)
    slugs = (above.slug for above in kind.__mro__ if issubclass(above, MaksaError))
    return next((table[slug] for slug in slugs if slug in table), table[MaksaError.slug])
