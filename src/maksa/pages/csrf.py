"""Forms that change something are ours: a token that another site cannot know, and the browser's word on where it comes from.

Rules of this file:
- a token is bound to a session: `HMAC(secret, session, salt)` with its salt before it, fresh on each page (so that compression
  tells nothing of it);
- a browser that says `Sec-Fetch-Site` is believed; one that does not is judged by `Origin`, and the token stands in any case.
Source: OWASP, Cross-Site Request Forgery Prevention (signed double submit; Fetch metadata).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

FIELD = "csrf"
"""The name of the hidden field, and of the macro that writes it."""

_SALT = 16  # hexadecimal digits


class Csrf:
    """Makes and judges the tokens of one site. *secret* is the site's own, of 32 bytes, the same in all its workers."""

    def __init__(self, secret: bytes) -> None:
        assert len(secret) >= 32, "a shorter secret can be guessed"
        self._secret = secret

    def token(self, session: str) -> str:
        """A fresh token for the forms of *session*."""
        salt = secrets.token_hex(_SALT // 2)
        return salt + self._signed(session, salt)

    def accepts(self, session: str, token: str) -> bool:
        """Whether *token* was made here for *session*."""
        if not token.isascii():
            return False
        return hmac.compare_digest(self._signed(session, token[:_SALT]), token[_SALT:])

    def _signed(self, session: str, salt: str) -> str:
        return hmac.new(self._secret, f"{session}\n{salt}".encode(), "sha256").hexdigest()


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a form was sent from this very site, as far as the browser tells. *headers*: names in any case or small."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
