"""The account with which an upstream is asked: from a file, the environment, or a prompt that shows nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from maksa.client.account import Account
from maksa.model.errors import FileUnreadableError, UpstreamFieldError
from maksa.model.shapes import converter, json_decoder

VARIABLES = {
    "client_id": "MAKSA_MIRROR_CLIENT_ID",
    "client_secret": "MAKSA_MIRROR_CLIENT_SECRET",
    "username": "MAKSA_MIRROR_USERNAME",
    "password": "MAKSA_MIRROR_PASSWORD",
    "pid": "MAKSA_MIRROR_PID",
}
"""Where each part of the account stands in the environment."""

_SECRET = {"client_secret", "password"}


class _Pid(Struct):
    pid: str
    functions: tuple[str, ...] = ()


class _Given(Struct):
    """An account as `maksa account add --json` prints it, or with one `pid` in the place of `pids`."""

    client_id: str
    client_secret: str
    username: str
    password: str
    pid: str = ""
    pids: tuple[_Pid, ...] = ()


def account_of(file: Path | None) -> Account:
    """The account in *file*, else in the environment, the rest asked for on a terminal.

    Raises: FileUnreadableError, UpstreamFieldError; click.UsageError for a part that is missing where nobody can be asked.
    """
    if file is not None:
        return _checked(_read(file))
    given = {name: os.environ.get(variable) or _asked(name) for name, variable in VARIABLES.items()}
    return _checked(converter(_Given)(given))


def _read(file: Path) -> _Given:
    try:
        return json_decoder(_Given)(file.read_bytes())
    except OSError as error:
        raise FileUnreadableError(file=str(file), reason=error.strerror) from error
    except (msgspec.MsgspecError, UnicodeDecodeError):  # no cause: it may hold a secret
        reason = "not an account as `maksa account add --json` prints one"
        raise FileUnreadableError(file=str(file), reason=reason) from None


def _asked(name: str) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"no {name.replace('_', ' ')}: give --account FILE, or {VARIABLES[name]} in the environment"
        )
    answer: str = click.prompt(name.replace("_", " "), hide_input=name in _SECRET, err=True)
    return answer.strip()


def _checked(given: _Given) -> Account:
    by_function = {function: each.pid for each in given.pids for function in each.functions}
    if not given.pid and not by_function:
        raise UpstreamFieldError(field="pid", value="", reason="the account has none")
    return Account(
        client_id=given.client_id,
        client_secret=given.client_secret,
        username=given.username,
        password=given.password,
        pid=given.pid or by_function,
    )
