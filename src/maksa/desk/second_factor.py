"""The second factor: a code that changes every half minute (TOTP), or one of ten that are used up.

Rules of this file:
- a code is taken once: its step is stored in the statement that looks whether it is a later one than the last;
- the clock of a telephone may be half a minute wrong, either way;
- recovery codes are shown once, and each goes with its use;
- of two who enrol with the same first password one does: the other's session ends in that transaction.

Source: RFC 6238, sections 4 and 5.2.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

import pyotp
import segno
from sqlalchemy import Connection, delete, insert, select, update

from maksa.desk import schema
from maksa.desk.audit import Audit, Who
from maksa.desk.operators import Operator
from maksa.desk.sealing import Sealer
from maksa.model.digits import latin_digits
from maksa.web.gateway.store import Store

STEP_S = 30
_DRIFT = 1  # steps
_CODES = 10
_BETWEEN = str.maketrans("", "", " -\u200c\u200f\u200e")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_ISSUER = "maksa desk"


class SecondFactor:
    """The second factors of a store's operators. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, audit: Audit, sealer: Sealer, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._audit = audit
        self._sealer = sealer
        self._clock = clock

    def offered(self, token_hash: bytes, operator: Operator) -> str:
        """The secret that this session is to enrol, the same each time it is asked: a page may be loaded again."""
        row = schema.session
        with self._store.writing() as connection:
            sealed = connection.scalar(select(row.c.enrolling).where(row.c.hash == token_hash))
            if sealed is not None:
                return self._sealer.open(sealed, operator.name)
            secret = pyotp.random_base32()
            sealed = self._sealer.seal(secret, operator.name)
            connection.execute(update(row).where(row.c.hash == token_hash).values(enrolling=sealed))
        return secret

    def enrol(self, token_hash: bytes, operator: Operator, code: str, who: Who) -> tuple[str, ...] | None:
        """The operator's ten recovery codes, once *code* shows that he has the offered secret; None where it does not."""
        row = schema.session
        with self._store.writing() as connection:
            sealed = connection.scalar(select(row.c.enrolling).where(row.c.hash == token_hash))
            step = self._step(self._sealer.open(sealed, operator.name), code) if sealed else None
            if step is None:
                return None
            self._audit.note_in(connection, who, "second-factor-enrolled", operator.name)
            own = update(schema.operator).where(schema.operator.c.id == operator.id)
            connection.execute(own.values(secret=sealed, last_step=step))
            connection.execute(update(row).where(row.c.hash == token_hash).values(enrolling=None))
            connection.execute(delete(row).where(row.c.operator == operator.id, row.c.hash != token_hash))
            return _fresh_codes(connection, operator)

    def renew_codes(self, operator: Operator, who: Who) -> tuple[str, ...]:
        """Ten other recovery codes; the old ones end."""
        with self._store.writing() as connection:
            self._audit.note_in(connection, who, "recovery-codes-renewed", operator.name)
            return _fresh_codes(connection, operator)

    def codes_left(self, operator: Operator) -> int:
        """How many recovery codes are not used yet."""
        codes = schema.recovery_code
        with self._store.reading() as connection:
            return len(connection.execute(select(codes.c.hash).where(codes.c.operator == operator.id)).all())

    def take(self, operator: Operator, given: str) -> str | None:
        """Uses *given* up: "code" or "recovery-code", whichever it was; None where it is neither, or was taken before."""
        text = latin_digits(given.strip().casefold()).translate(_BETWEEN)
        with self._store.writing() as connection:
            if text.isdecimal() and len(text) == 6:
                return "code" if self._take_step(connection, operator, text) else None
            return "recovery-code" if _take_recovery(connection, operator, text) else None

    def _take_step(self, connection: Connection, operator: Operator, code: str) -> bool:
        row = schema.operator
        sealed = connection.scalar(select(row.c.secret).where(row.c.id == operator.id))
        step = self._step(self._sealer.open(sealed, operator.name), code) if sealed else None
        if step is None:
            return False
        later = update(row).where(row.c.id == operator.id, row.c.last_step < step).values(last_step=step)
        return connection.execute(later).rowcount == 1

    def _step(self, secret: str, code: str) -> int | None:
        """The step whose code it is; the later one where two have the same. Every step is compared, whichever it is."""
        totp, now = pyotp.TOTP(secret, interval=STEP_S), int(self._clock()) // STEP_S
        text = latin_digits(code).translate(_BETWEEN)
        steps = range(now - _DRIFT, now + _DRIFT + 1)
        right = [step for step in steps if hmac.compare_digest(totp.at(step * STEP_S).encode(), text.encode())]
        return max(right, default=None)


def uri_of(secret: str, operator: Operator) -> str:
    """What an authenticator reads: otpauth://totp/…"""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=operator.name, issuer_name=_ISSUER)


def qr_of(secret: str, operator: Operator) -> str:
    """The same as a QR code: an SVG without styles or scripts, to stand in a page."""
    code = segno.make(uri_of(secret, operator), error="m", micro=False)
    return code.svg_inline(scale=5, border=3, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")


def _fresh_codes(connection: Connection, operator: Operator) -> tuple[str, ...]:
    codes = tuple("-".join(_letters(5) for _ in range(3)) for _ in range(_CODES))
    connection.execute(delete(schema.recovery_code).where(schema.recovery_code.c.operator == operator.id))
    rows = [{"operator": operator.id, "hash": _hash(code.replace("-", ""))} for code in codes]
    connection.execute(insert(schema.recovery_code), rows)
    return codes


def _take_recovery(connection: Connection, operator: Operator, text: str) -> bool:
    codes = schema.recovery_code
    gone = delete(codes).where(codes.c.operator == operator.id, codes.c.hash == _hash(text))
    return connection.execute(gone).rowcount == 1


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _hash(code: str) -> bytes:
    """A code has 74 bits of chance: nobody finds it from its SHA-256."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
