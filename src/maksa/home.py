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
        return f"sqlite:///{self.path / 'catalog.db'}"

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

    def made(self) -> Home:
        """The same home, its directory there to write in (owner only: it holds accounts). Raises: ReadOnlyError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnlyError(path=str(self.path), reason=error.strerror) from error
        return self
