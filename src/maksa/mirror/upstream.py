"""An upstream: the service that a mirror follows, and how politely."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from maksa.model.errors import UpstreamFieldError
from maksa.model.following import Followed
from maksa.wire.dates import TEHRAN

_DAY_MINUTES = 24 * 60


class Hours(Struct, frozen=True):
    """Hours of each day on Tehran's clock, in minutes since midnight: from `start` to before `end`, over midnight too."""

    start: int
    end: int

    @classmethod
    def of(cls, text: str) -> Hours:
        """The hours that "22:00-06:00" or "22-6" says. Raises: UpstreamFieldError."""
        start, dash, end = text.partition("-")
        try:
            hours = cls(_minutes(start), _minutes(end))
        except ValueError:
            dash = ""
        if not dash or hours.start == hours.end:
            raise UpstreamFieldError(field="hours", value=text, reason="hours such as 22:00-06:00 are wanted")
        return hours

    def contain(self, moment: dt.datetime) -> bool:
        """Whether the aware *moment* lies in them."""
        local = moment.astimezone(TEHRAN)
        return (local.hour * 60 + local.minute - self.start) % _DAY_MINUTES < (self.end - self.start) % _DAY_MINUTES

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


def _minutes(text: str) -> int:
    """Minutes since midnight of "22:00", "22", or "24" for the midnight that follows. Raises: ValueError."""
    hour, _, minute = text.strip().partition(":")
    time = dt.time(0 if hour == "24" else int(hour), int(minute or 0))
    return time.hour * 60 + time.minute


_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kMGT]?)i?B?", re.IGNORECASE)


def bytes_of(text: str, field: str) -> int:
    """The bytes that "20GB", "512 MB" or "300000" says, a thousand to a kB. Raises: UpstreamFieldError, naming *field*."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise UpstreamFieldError(field=field, value=text, reason="a size such as 20GB is wanted")
    return int(float(found[1]) * 1000 ** " kmgt".index(found[2].lower() or " "))


class Upstream(Followed, frozen=True, kw_only=True):
    """A service to follow, as `maksa mirror add` was told. Its credentials are kept apart (`upstreams`).

    `url` is the service's. `keep_old` is whether versions before the last one of each are kept. `hours`
    are those in which it may be asked, None for any; `requests_per_s` and `bytes_per_s` the most that is asked of it,
    0 for no bound. `disk_budget` is the most bytes of snapshots from it, 0 for no bound. `keys` are the pinned public keys
    (`ed25519:…`), one of which must have signed what a maksa offers; none where it need not sign.
    """

    url: str
    kind: Literal["maksa", "guide"] = "maksa"
    keep_old: bool = True
    hours: Hours | None = None
    requests_per_s: float = 5.0
    bytes_per_s: int = 0
    disk_budget: int = 0
    keys: tuple[str, ...] = ()


def checked(upstream: Upstream) -> Upstream:
    """*upstream*, its name and URL fit to be used. Raises: UpstreamFieldError."""
    name = upstream.name
    if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum() and len(name) <= 50):
        raise UpstreamFieldError(field="name", value=name, reason="a name is 1 to 50 letters, digits, - and _")
    parts = urlsplit(upstream.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UpstreamFieldError(field="url", value=upstream.url, reason="an address such as https://host is wanted")
    if "@" in parts.netloc:
        raise UpstreamFieldError(field="url", value="(hidden)", reason="credentials are not given in the address")
    if not 0 <= upstream.requests_per_s < math.inf:
        raise UpstreamFieldError(field="rate", value=upstream.requests_per_s, reason="a number from 0 up is wanted")
    if upstream.kind == "guide" and upstream.keys:
        raise UpstreamFieldError(field="key", value=upstream.keys[0], reason="a service of the guide signs nothing")
    return upstream
