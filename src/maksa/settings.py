"""Every setting of the service: one struct, read from maksa.toml, the environment over it, the command line over both.

Rules of this file:
- a setting is described where it is defined, and nowhere else: `described()` is what the documentation is tested against;
- names are flat: `port` in maksa.toml is `MAKSA_PORT` in the environment; lists are comma-separated there;
- reading is strict: an unknown key, a wrong kind or a value out of range is a SettingsError with its place and value;
- a password inside a URL is never shown: not in an error, not in a repr, not in `shown()`.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from maksa.model.errors import SettingsError
from maksa.model.shapes import converter

PREFIX = "MAKSA_"
NOT_SETTINGS = {"MAKSA_HOME"}
"""Variables of ours that are not settings: where the home is must be known before maksa.toml is read."""


class Settings(Struct, frozen=True, kw_only=True):
    """How the service runs. Each value is checked: by its type, then by `_CHECKS`, then with the others."""

    host: Annotated[str, Meta(min_length=1, description="Address to listen on; 0.0.0.0 is every IPv4 address.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
    workers: Annotated[int, Meta(ge=1, le=64, description="Processes that answer; about one for each core.")] = 1
    allow_http: Annotated[
        bool,
        Meta(description="Answer plain HTTP from any address, not from this machine alone. Others are told 410."),
    ] = False
    tls_cert: Annotated[str, Meta(description="PEM file of the certificate and its chain; with tls_key: HTTPS.")] = ""
    tls_key: Annotated[str, Meta(description="PEM file of the certificate's private key.")] = ""
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks (CIDR) whose X-Forwarded-For and -Proto count; no other's do."),
    ] = ()
    blocked_addresses: Annotated[
        tuple[str, ...], Meta(description="Networks (CIDR) that are refused with 403, whoever asks.")
    ] = ()
    allowed_addresses: Annotated[
        tuple[str, ...], Meta(description="Networks (CIDR) that may ask; empty: all that are not blocked.")
    ] = ()
    metrics_addresses: Annotated[
        tuple[str, ...], Meta(description="Networks (CIDR) that may read /metrics, which names accounts.")
    ] = ("127.0.0.0/8", "::1/128")
    catalog_url: Annotated[
        str, Meta(description="Database of drafts: sqlite:///… or postgresql://…; empty: catalog.db in the home.")
    ] = ""
    accounts_url: Annotated[
        str, Meta(description="Database of accounts: sqlite:///… or postgresql://…; empty: accounts.db in the home.")
    ] = ""
    rate_store: Annotated[
        str,
        Meta(description="Where accounts' rates are counted: valkey://… for several machines; empty: this machine."),
    ] = ""
    token_ttl_s: Annotated[int, Meta(ge=1, le=86_400, description="Seconds that an access token lives.")] = 900
    login_free_failures: Annotated[
        int, Meta(ge=0, le=1000, description="Failed logins of a user at an address before answers slow down.")
    ] = 3
    login_lock_failures: Annotated[
        int, Meta(ge=1, le=1000, description="Failed logins of a user at an address before more are refused with 429.")
    ] = 10
    login_lock_s: Annotated[
        int,
        Meta(ge=1, le=86_400, description="Seconds that such logins are refused, and that a failure is remembered."),
    ] = 900
    body_limit: Annotated[int, Meta(ge=1024, le=2**30, description="Bytes that a request's body may have.")] = 1_048_576
    exact_display: Annotated[
        bool,
        Meta(description="ValidateCts compares displays as they are, not as the same text typed on another keyboard."),
    ] = False
    provider_timeout_s: Annotated[
        float, Meta(gt=0, le=3600, description="Seconds before a function that has not answered is a 504.")
    ] = 10.0
    graceful_timeout_s: Annotated[
        float, Meta(ge=0, le=3600, description="Seconds that requests under way are given when the service stops.")
    ] = 30.0
    portal: Annotated[
        bool, Meta(description="Show the published terminologies to people, as pages, without an account.")
    ] = False
    portal_hidden: Annotated[
        tuple[str, ...], Meta(description="Terminologies that the portal does not show at all, by id.")
    ] = ()
    portal_view_only: Annotated[
        tuple[str, ...],
        Meta(description="Terminologies that the portal shows and does not hand out as files: their licences say so."),
    ] = ("ICD10", "ICD10-FA", "SNOMEDCT", "ATC", "CDT", "CDT-FA", "ADA")
    signing_key: Annotated[
        str,
        Meta(
            description="PEM file of the Ed25519 key that signs what is published; empty: signing.key in the home, if any."
        ),
    ] = ""
    mirror_interval_s: Annotated[
        float,
        Meta(
            ge=0,
            le=604_800,
            description="Seconds between two looks at each upstream while the service runs, up to a tenth more; 0: none.",
        ),
    ] = 900.0
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least important lines that are logged.")
    ] = "info"

    desk_host: Annotated[str, Meta(min_length=1, description="Address that the desk listens on.")] = "127.0.0.1"
    desk_port: Annotated[
        int, Meta(ge=0, le=65535, description="Port that the desk listens on; 0 takes a free one.")
    ] = 8100
    desk_url: Annotated[
        str,
        Meta(
            description="Database of operators, audit and jobs: sqlite:///… or postgresql://…; empty: desk.db in the home."
        ),
    ] = ""
    desk_idle_s: Annotated[
        int, Meta(ge=60, le=86_400, description="Seconds after which an operator who does nothing is signed out.")
    ] = 1800
    desk_session_s: Annotated[
        int, Meta(ge=60, le=604_800, description="Seconds after which an operator is signed out whatever he does.")
    ] = 43_200
    two_person_release: Annotated[
        bool, Meta(description="At the desk, whoever asks for a release may not be the one who approves it.")
    ] = False
    desk_upload_limit: Annotated[
        int, Meta(ge=1024, le=2**40, description="Bytes that a file uploaded to the desk may have.")
    ] = 2**31
    desk_job_s: Annotated[
        int, Meta(ge=1, le=604_800, description="Seconds that one job of the desk may take before it is stopped.")
    ] = 7200
    desk_job_memory: Annotated[
        int, Meta(ge=2**28, le=2**44, description="Bytes of memory that one job of the desk may have.")
    ] = 2**33
    desk_keep_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days that uploaded files and their findings are kept after their job.")
    ] = 90

    def shown(self) -> dict[str, object]:
        """Name → value in the order of definition, passwords masked: what may be logged."""
        return {name: masked(getattr(self, name)) for name in self.__struct_fields__}

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in self.shown().items())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Else rich would print what msgspec shows, passwords included."""
        return list(self.shown().items())


class Setting(NamedTuple):
    """One line of the documentation: `kind` as Python writes it, `variable` in the environment."""

    name: str
    variable: str
    kind: str
    default: object
    description: str


def described() -> list[Setting]:
    """Every setting, in the order of definition."""
    return [_described(name) for name in Settings.__struct_fields__]


def load(file: Path, *, environment: Mapping[str, str], options: Mapping[str, object] | None = None) -> Settings:
    """The settings of *file* (none if it is not there), *environment* over them, then the *options* that are not None.

    Args:
        options: by the setting's name, as the command line has parsed them: `{"port": 8040, "host": None}`.

    Raises: SettingsError for the first fault found.
    """
    given: dict[str, _Given] = {}
    for value in (*_of_file(file), *_of_environment(environment), *_of_options(options or {})):
        given[value.name] = value
    settings = Settings(**{name: _checked(value) for name, value in given.items()})
    _check_together(settings, given)
    return settings


class _Given(NamedTuple):
    name: str
    value: object
    place: str
    is_text: bool  # of the environment, where a number is written as text

    def fault(self, reason: str) -> SettingsError:
        shown = masked(self.value)
        return SettingsError(place=self.place, reason=f"{shown!r}: {reason}", setting=self.name, value=shown)


_TYPES: dict[str, Any] = get_type_hints(Settings, include_extras=True)


def _described(name: str) -> Setting:
    kind, meta = get_args(_TYPES[name])
    text = kind.__name__ if isinstance(kind, type) and get_origin(kind) is None else str(kind).removeprefix("typing.")
    default = Settings.__struct_defaults__[Settings.__struct_fields__.index(name)]
    return Setting(name, PREFIX + name.upper(), text, default, meta.description)


def _of_file(file: Path) -> Iterator[_Given]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(place=str(file), reason=f"not TOML in UTF-8: {error}") from error
    except OSError as error:
        raise SettingsError(place=str(file), reason=f"cannot be read: {error.strerror}") from error
    for name, value in content.items():
        yield _known(_Given(name, value, f"{file}: {name}", is_text=False))


def _of_environment(environment: Mapping[str, str]) -> Iterator[_Given]:
    """Other programs have variables with our prefix too: only one that looks like a misspelt setting is refused."""
    for variable in sorted(environment.keys() - NOT_SETTINGS):
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and (name in _TYPES or _nearest(name)):
            yield _known(_Given(name, environment[variable], f"{variable} in the environment", is_text=True))


def _of_options(options: Mapping[str, object]) -> Iterator[_Given]:
    for name, value in options.items():
        if value is not None:
            yield _known(_Given(name, value, "--" + name.replace("_", "-"), is_text=False))


def _known(given: _Given) -> _Given:
    if given.name in _TYPES:
        return given
    meant = _nearest(given.name)
    raise given.fault("there is no such setting" + (f"; {meant} is one" if meant else ""))


def _nearest(name: str) -> str:
    return next(iter(difflib.get_close_matches(name, _TYPES, n=1, cutoff=0.75)), "")


def _checked(given: _Given) -> Any:
    kind, value = _TYPES[given.name], given.value
    if given.is_text and get_origin(get_args(kind)[0]) is tuple:
        value = [part for part in re.split(r"[\s,]+", str(value)) if part]
    try:
        converted = converter(kind, strict=not given.is_text)(value)
    except msgspec.ValidationError as error:
        raise given.fault(str(error)) from error
    reason = _CHECKS.get(given.name, _nothing_wrong)(converted)
    if reason:
        raise given.fault(reason)
    return converted


def _check_together(settings: Settings, given: Mapping[str, _Given]) -> None:
    if bool(settings.tls_cert) != bool(settings.tls_key):
        there, missing = ("tls_cert", "tls_key") if settings.tls_cert else ("tls_key", "tls_cert")
        raise given[there].fault(f"{missing} is missing; HTTPS needs both")
    if settings.login_lock_failures < settings.login_free_failures:
        value = given.get("login_lock_failures") or given["login_free_failures"]
        raise value.fault(f"login_lock_failures ({settings.login_lock_failures}) is below login_free_failures")


def _nothing_wrong(_value: Any) -> str:
    return ""


def _networks_fault(texts: tuple[str, ...]) -> str:
    for text in texts:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            return f"{error}; an address or a network such as 10.20.0.0/16 is wanted"
    return ""


def _database_fault(url: str) -> str:
    kind = url.partition("://")[0].partition("+")[0]
    return "" if not url or kind in ("sqlite", "postgresql") else "a URL of sqlite:///… or postgresql://… is wanted"


def _rate_store_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_valkey = parts.scheme in ("valkey", "valkeys") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        return str(error)
    return "" if not url or is_valkey else "a URL such as valkey://host:6379/0 is wanted, or nothing"


_CHECKS: dict[str, Callable[[Any], str]] = {
    "trusted_proxies": _networks_fault,
    "blocked_addresses": _networks_fault,
    "allowed_addresses": _networks_fault,
    "metrics_addresses": _networks_fault,
    "catalog_url": _database_fault,
    "accounts_url": _database_fault,
    "desk_url": _database_fault,
    "rate_store": _rate_store_fault,
}

_USER = re.compile(r"://.*@")
_PASSWORD = re.compile(r"(?i)((?:password|passwd|pwd|secret|passfile)=)[^&\s]*")


def masked(value: Any) -> Any:
    """The value with the user's part of each URL in it, and the passwords of its query, as ***."""
    if isinstance(value, str):
        return _PASSWORD.sub(r"\1***", _USER.sub("://***@", value))
    if isinstance(value, (list, tuple)):
        return type(value)(masked(part) for part in value)
    if isinstance(value, dict):
        return {name: masked(part) for name, part in value.items()}
    return value
