"""Which coding of a body a caller takes, and whether it has the body already. Source: RFC 9110, sections 12.5.3 and 13.1.2."""

from __future__ import annotations

from maksa.web.prepared.bodies import GZIP, IDENTITY, ZSTD

_PREFERRED = (ZSTD, GZIP)  # the smaller first


def coding_for(accept_encoding: str) -> str:
    """The coding to send: the one the caller weighs most, zstd before gzip where it does not mind, else the plain body."""
    weights = dict(_weighed(part) for part in accept_encoding.lower().split(","))
    best, best_weight = IDENTITY, 0.0
    for coding in _PREFERRED:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > best_weight:
            best, best_weight = coding, weight
    return best if best_weight >= weights.get(IDENTITY, 0.0) else IDENTITY


def _weighed(part: str) -> tuple[str, float]:
    """("gzip", 0.5) for "gzip;q=0.5"; a weight that is not a number counts as none."""
    coding, _, weight = part.partition(";")
    _, _, number = weight.partition("=")
    try:
        return coding.strip(), float(number) if number else 1.0
    except ValueError:
        return coding.strip(), 0.0


def has_it(if_none_match: str, etag: str) -> bool:
    """Whether the caller's If-None-Match names *etag*, weakly compared."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags
