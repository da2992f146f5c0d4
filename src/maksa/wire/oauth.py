"""Tokens: `POST /oauth/token` read and answered, asked and understood.

Rules of this file:
- a form is read whatever the Content-Type says, from the query string where there is no body (known clients do both);
- secrets and tokens are in no repr and in no message;
- errors are RFC 6749's, section 5.2, and success has the guide's members in its order.
Source: guide, tables 1 to 6; contract, section 1; RFC 6749, sections 2.3.1, 4.3, 5 and 6.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from maksa.model.errors import (
    BadClientError,
    BadGrantError,
    MaksaError,
    MalformedParameterError,
    MissingParameterError,
    RemoteError,
    UnreadableAnswerError,
    UnsupportedGrantError,
)
from maksa.model.shapes import converter, json_decoder
from maksa.wire.faults import oauth_fault
from maksa.wire.forms import form_pairs
from maksa.wire.members import BOM, folded_name, shown

PATH = "/oauth/token"
SCOPE = "trust read write"
FORM_TYPE = "application/x-www-form-urlencoded"
_members_of = json_decoder(dict[str, Any])


class _Discreet(Struct, frozen=True, gc=False):
    """A record whose repr says only what it is."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class Client(_Discreet, frozen=True, gc=False):
    """Who calls: the pair of the Basic header."""

    client_id: str
    client_secret: str


class PasswordGrant(_Discreet, frozen=True, gc=False):
    """A token for a user's name and password."""

    username: str
    password: str


class RefreshGrant(_Discreet, frozen=True, gc=False):
    """A token for the refresh token of an earlier one."""

    refresh_token: str


Grant: TypeAlias = PasswordGrant | RefreshGrant


class TokenRequest(Struct, frozen=True):
    """What `POST /oauth/token` asks."""

    client: Client
    grant: Grant


class Tokens(_Discreet, frozen=True, gc=False, kw_only=True):
    """What is answered, in the guide's order. `expires_in` is the whole seconds left of the access token."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the type's name, not a token
    refresh_token: str
    expires_in: int
    scope: str = SCOPE


_tokens_of = converter(Tokens, strict=False)


class Fault(Struct, frozen=True, gc=False):
    """What is answered where there is no token. Source: RFC 6749, section 5.2."""

    error: str
    error_description: str


def bearer_of(authorization: bytes) -> str | None:
    """The token of an `Authorization: Bearer …` header, any case of "bearer"; None where it is no such header."""
    if authorization[:7].lower() != b"bearer ":
        return None
    try:
        return authorization[7:].strip().decode("ascii") or None
    except UnicodeDecodeError:
        return None


def client_of(authorization: bytes | None) -> Client:
    """The client that a Basic header names, any case of "basic". Raises: BadClientError, for whatever is wrong."""
    scheme, _, credentials = (authorization or b"").strip().partition(b" ")
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise BadClientError from None  # not even the cause: it would show a piece of the secret
    client_id, colon, secret = pair.partition(":")
    if scheme.lower() != b"basic" or not colon or not client_id:
        raise BadClientError
    return Client(client_id, secret)


def read_token_request(authorization: bytes | None, body: bytes, query: bytes = b"") -> TokenRequest:
    """What is asked of `POST /oauth/token`. *query* counts only where there is no body.

    Raises: BadClientError, before all; MissingParameterError, MalformedParameterError (a parameter twice, or badly
        escaped), UnsupportedGrantError. None shows a value.
    """
    client = client_of(authorization)
    parameters = _parameters(body.strip(b"\r\n") or query)  # a line's end after the form is no part of a password
    return TokenRequest(client, _grant_of(parameters))


def tokens_answer(tokens: Tokens) -> bytes:
    """The body of a success, HTTP 200: `access_token`, `token_type`, `refresh_token`, `expires_in`, `scope`."""
    return msgspec.json.encode(tokens)


def fault_answer(error: BaseException) -> tuple[int, bytes]:
    """The HTTP status and body of a failure. With a 401 goes the header `WWW-Authenticate: Basic`.

    A fault of ours is described in a constant sentence: its own would show paths and names of this machine.
    """
    name, status = oauth_fault(error)
    said = str(error) if status < 500 else "the service cannot answer now"
    return status, msgspec.json.encode(Fault(name, _UNDESCRIBABLE.sub("?", said)))


_UNDESCRIBABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")  # RFC 6749, section 5.2, error_description


def token_request(client: Client, grant: Grant) -> tuple[dict[str, str], bytes]:
    """The headers and the body with which a client asks for a token."""
    pair = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()
    name = "password" if isinstance(grant, PasswordGrant) else "refresh_token"
    fields = {"grant_type": name} | msgspec.structs.asdict(grant)
    return {"Authorization": f"Basic {pair}", "Content-Type": FORM_TYPE}, urlencode(fields).encode()


def read_tokens(body: bytes) -> Tokens:
    """The tokens in *body*, its members in either spelling, `expires_in` as a number or as text.

    Raises: BadGrantError, BadClientError, RemoteError for the errors an answer can hold; UnreadableAnswerError.
    """
    try:
        given = _members_of(body.removeprefix(BOM))
        members = {folded_name(name): value for name, value in given.items()}
    except (ValueError, RecursionError):
        raise UnreadableAnswerError(reason="it is not a JSON object") from None  # the cause may hold a token
    if "error" in members:
        raise _refusal_of(members)
    ours = ((name, members.get(folded_name(name))) for name in Tokens.__struct_fields__)
    try:
        return _tokens_of({name: value for name, value in ours if value is not None})
    except msgspec.ValidationError as error:
        raise UnreadableAnswerError(reason=str(error)) from error


def _parameters(form: bytes) -> dict[str, str]:
    """The parameters of *form*, those without a value left out (RFC 6749, section 3.2)."""
    try:
        pairs = form_pairs(form)
    except MalformedParameterError as error:
        raise MalformedParameterError(field=_named(error.field), message=error.message) from None
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise MalformedParameterError(field=_named(name), message="is given more than once")
    return {name: value for name, value in pairs if value}


def _named(name: str) -> str:
    """The parameter's name in a message: only one of ours, since an unknown one may be the end of a torn password."""
    return name if name in ("grant_type", "username", "password", "refresh_token") else "a parameter"


def _grant_of(parameters: Mapping[str, str]) -> Grant:
    kind = _required(parameters, "grant_type")
    if kind == "password":
        return PasswordGrant(_required(parameters, "username"), _required(parameters, "password"))
    if kind == "refresh_token":
        return RefreshGrant(_required(parameters, "refresh_token"))
    raise UnsupportedGrantError(field="grant_type", message="is neither password nor refresh_token")


def _required(parameters: Mapping[str, str], name: str) -> str:
    if name not in parameters:
        raise MissingParameterError(field=name, message="is missing")
    return parameters[name]


def _refusal_of(members: Mapping[str, Any]) -> MaksaError:
    """The error that a token endpoint's error answer means."""
    if members["error"] == "invalid_grant":
        return BadGrantError()
    if members["error"] == "invalid_client":
        return BadClientError()
    return RemoteError(reason=f"{shown(members['error'])}, {shown(members.get('errordescription'))}")
