"""Secrets and tokens: what is stored of them, what a check costs, what is remembered.

What this file owes: time tells nothing of who exists; nothing can be read back from what is stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.web.gateway.hashing import Secrets, token_from, token_hash

SECRET = "Gol-e-Sorkh"
NONCE = b"\x01" * 16


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture(scope="module")
def stored(secrets) -> str:
    return secrets.hashed(SECRET)


def runs_of(secrets: Secrets, call: Callable[[], bool]) -> int:
    """How often argon2 ran for *call*."""
    before = secrets.runs
    call()
    return secrets.runs - before


def test_a_secret_is_stored_as_argon2id_and_differently_each_time(secrets, stored):
    """19 MiB, two passes, one lane: OWASP's advice, with little memory for many logins at once."""
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert secrets.hashed(SECRET) != stored


def test_only_the_secret_itself_is_right(secrets, stored):
    """Not another, not an empty one, not with a blank, and nothing is right where nothing is stored."""
    assert secrets.is_right(SECRET, stored)
    assert [secrets.is_right(other, stored) for other in ("gol-e-sorkh", "", SECRET + " ", "\udc80")] == [False] * 4
    assert not secrets.is_right(SECRET, None)
    assert not secrets.is_right(SECRET, "not a hash")


def test_a_secret_that_was_right_costs_little_the_next_time(secrets, stored):
    """Clients that log in before every call: argon2 does not run again."""
    assert secrets.is_right(SECRET, stored)

    assert runs_of(secrets, lambda: secrets.is_right("another", stored)) == 1
    assert runs_of(secrets, lambda: secrets.is_right(SECRET, stored)) == 0


def test_a_secret_that_was_right_is_not_right_for_another_hash(secrets, stored):
    """A rotated account: what was remembered belongs to the old hash."""
    assert secrets.is_right(SECRET, stored)
    assert not secrets.is_right(SECRET, secrets.hashed("rotated"))


def test_a_check_against_nothing_costs_what_a_check_costs(secrets, stored):
    """A stranger with a clock does not learn who exists."""
    wrong = runs_of(secrets, lambda: secrets.is_right("another", stored))
    nobody = runs_of(secrets, lambda: secrets.is_right("another", None))

    assert (wrong, nobody) == (1, 1)


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first():
    """Two places: the third secret takes the first's."""
    secrets = Secrets(remembered=2)
    hashes = {secret: secrets.hashed(secret) for secret in ("one", "two", "three")}

    assert [secrets.is_right(secret, stored) for secret, stored in hashes.items()] == [True] * 3
    runs = {
        secret: runs_of(secrets, lambda s=secret: secrets.is_right(s, hashes[s])) for secret in ("three", "two", "one")
    }
    assert runs == {"three": 0, "two": 0, "one": 1}


def test_many_threads_may_check_at_once(secrets, stored):
    """At most two argon2 runs are under way; every answer is right."""
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: secrets.is_right(SECRET if n % 2 else "another", stored), range(16)))

    assert answers == [False, True] * 8


@given(secret=st.text(), nonce=st.binary(min_size=16, max_size=16))
def test_a_token_is_a_uuid_that_the_secret_and_the_nonce_always_give(secret, nonce):
    """The same text at every login, shaped as the guide's samples are."""
    token = token_from(secret, nonce, "access")

    assert token == token_from(secret, nonce, "access")
    assert (uuid.UUID(token).version, str(uuid.UUID(token))) == (4, token)
    assert token_from(secret, nonce, "refresh") != token


def test_another_secret_or_nonce_gives_another_token():
    """Neither alone is enough."""
    tokens = {token_from(secret, nonce, "access") for secret in (SECRET, "other") for nonce in (NONCE, bytes(16))}

    assert len(tokens) == 4


def test_the_hash_of_a_token_is_its_sha_256():
    """NIST's vector for "abc"."""
    assert token_hash("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
