"""Where maksa keeps things: one directory, named by --home or MAKSA_HOME."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from maksa.model.errors import ReadOnlyError

DEFAULT = "maksa-home"


@dataclass(frozen=True, slots=True)
class Home:
    """The places in a home directory. Nothing here reads or writes but `made()`.

    `beside` holds what a running service writes, where the home itself is read-only.
    """

    path: Path
    beside: Path | None = None

    @classmethod
    def of(cls, given: str | os.PathLike[str] | None = None) -> Home:
        """The home that was *given*, else MAKSA_HOME's, else ./maksa-home."""
        return cls(Path(given or os.environ.get("MAKSA_HOME") or DEFAULT).absolute())

    @property
    def settings_file(self) -> Path:
        return self.path / "maksa.toml"

    @property
    def catalog_url(self) -> str:
        return f"sqlite:///{self.catalog_file}"

    @property
    def catalog_file(self) -> Path:
        return self.path / "catalog.db"

    @property
    def accounts_url(self) -> str:
        return f"sqlite:///{self.path / 'accounts.db'}"

    @property
    def shelf(self) -> Path:
        return self.path / "shelf"

    @property
    def cache(self) -> Path:
        return (self.beside or self.path) / "cache"

    @property
    def run(self) -> Path:
        return (self.beside or self.path) / "run"

    @property
    def reports(self) -> Path:
        return self.path / "reports"

    @property
    def desk(self) -> Path:
        """What operators have uploaded, a folder for each job."""
        return self.path / "desk"

    @property
    def desk_url(self) -> str:
        return f"sqlite:///{self.path / 'desk.db'}"

    @property
    def desk_key(self) -> Path:
        """The key under which operators' second factors are sealed."""
        return self.path / "desk.key"

    @property
    def mirrors(self) -> Path:
        """The upstreams that this home follows, their credentials, and how each of them stands."""
        return self.path / "mirror"

    @property
    def signing_key(self) -> Path:
        """The key with which what is published here is signed, where a setting does not name another place."""
        return self.path / "signing.key"

    def made(self) -> Home:
        """The same home, its directory there to write in (owner only: it holds accounts). Raises: ReadOnlyError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnlyError(path=str(self.path), reason=error.strerror) from error
        return self
