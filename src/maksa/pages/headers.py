"""The headers that keep a page safe: what it may load, who may frame it, what it tells of itself.

Source: Content Security Policy Level 3; Permissions Policy; Fetch metadata (Sec-Fetch-Site); RFC 9110, section 12 (negotiation).
"""

from __future__ import annotations

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's styles draw arrows and ticks so
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _POLICY.items())

SAFETY: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
"""What every answer of a site of pages has, whatever it answers."""

FOR_EVER = "public, max-age=31536000, immutable"
"""The Cache-Control of an asset: its address names its content."""


def prefers_json(accept: str) -> bool:
    """Whether a caller with this Accept header wants JSON more than a page. Neither named: a page."""
    json = _quality(accept, "application/json")
    return json > 0 and json > _quality(accept, "text/html")


def takes_pages(accept: str) -> bool:
    """Whether the caller names HTML, as every browser does and no program that was written for the functions."""
    return _quality(accept, "text/html") > 0


def takes_gzip(accept_encoding: str) -> bool:
    """Whether the caller can read gzip."""
    return _quality(accept_encoding, "gzip") > 0


def _quality(header: str, wanted: str) -> float:
    """The q of *wanted* in a header of alternatives, 0 where it is not named."""
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name == wanted:
            return next((_number(each[2:]) for each in parameters if each.startswith("q=")), 1.0)
    return 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
