"""Who calls, and with how much patience: what a `Maksa` is made from. Secrets are in no repr."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from maksa.model.errors import MalformedParameterError, MissingParameterError
from maksa.wire.ditas.functions import FUNCTIONS
from maksa.wire.members import shown
from maksa.wire.oauth import Client, PasswordGrant


class Account(Struct, frozen=True, kw_only=True):
    """What an operator gives to who calls: by name, or `of_environment`.

    `pid` is one service id for every function, or one for each by the function's name ("ValidateCts"); functions that a
    mapping does not name cannot be called.
    """

    client_id: str
    client_secret: str
    username: str
    password: str
    pid: str | Mapping[str, str]

    def __post_init__(self) -> None:
        for name in ("client_id", "client_secret", "username", "password"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name):
                raise MissingParameterError(field=name, message="is no text, or an empty one")
        if ":" in self.client_id:
            raise MalformedParameterError(field="client_id", message="has a colon, which would end it on its way")
        pids = {"": self.pid} if isinstance(self.pid, str) else self.pid
        unknown = sorted(set(pids) - {"", *FUNCTIONS})
        if unknown:
            raise MalformedParameterError(field="pid", message=f"{shown(unknown[0])} is none of {', '.join(FUNCTIONS)}")
        for pid in pids.values():
            if not (pid.isascii() and pid.isalnum()):
                raise MalformedParameterError(
                    field="pid", message=f"{shown(pid)} is not of letters and digits of ASCII"
                )

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Account:
        """The account in MAKSA_CLIENT_ID, MAKSA_CLIENT_SECRET, MAKSA_USERNAME, MAKSA_PASSWORD and MAKSA_PID.

        Raises: MissingParameterError for a variable that is not set or empty; MalformedParameterError.
        """
        variables = {name: f"MAKSA_{name.upper()}" for name in cls.__struct_fields__}
        for variable in variables.values():
            if not environment.get(variable):
                raise MissingParameterError(field=variable, message="is not set in the environment")
        return cls(**{name: environment[variable] for name, variable in variables.items()})

    def __repr__(self) -> str:
        return f"{type(self).__name__}(client_id={self.client_id!r}, username={self.username!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("client_id", self.client_id), ("username", self.username)]

    def pid_for(self, function: str) -> str:
        """The pid to send with *function*. Raises: MissingParameterError where the account has none for it."""
        if isinstance(self.pid, str):
            return self.pid
        if function not in self.pid:
            raise MissingParameterError(field="pid", message=f"the account has none for {function}")
        return self.pid[function]

    @property
    def client(self) -> Client:
        return Client(self.client_id, self.client_secret)

    @property
    def grant(self) -> PasswordGrant:
        return PasswordGrant(self.username, self.password)


class Patience(Struct, frozen=True, kw_only=True):
    """How long a call may take, how often it is tried, and how fast calls may follow one another. Times are in seconds.

    `connect_s` and `read_s` bound each silence of the line. `deadline_s` bounds a whole call with its login, its
    repetitions and the pauses between them; of a whole version, until its first concept is there. A repetition waits
    `pause_s`, twice as long each time, up to `longest_pause_s`, less a random part up to half; never less than the service
    asked for. `rate_per_s` is kept under by waiting, by all threads and tasks of a `Maksa` together; None is no limit.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    deadline_s: float = 90.0
    attempts: int = 5
    pause_s: float = 0.5
    longest_pause_s: float = 20.0
    rate_per_s: float | None = None

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is None and name == "rate_per_s":
                continue
            if not isinstance(value, int | float) or not value > 0:
                raise MalformedParameterError(field=name, message=f"{shown(value)} is not more than 0")
