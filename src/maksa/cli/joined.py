"""Rooms joined for commands: settings of a home, its catalog, the last version of a terminology."""

from __future__ import annotations

import os
from typing import Any

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.errors import SnapshotError
from maksa.settings import Settings
from maksa.settings import load as load_settings
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import View


def settings_of(home: Home, **options: Any) -> Settings:
    """The settings of *home*, the environment over them, the command's *options* over both. Raises: SettingsError."""
    return load_settings(home.settings_file, environment=os.environ, options=options)


def catalog_of(home: Home) -> Catalog:
    """The home's catalog, made where it is not there. Raises: SettingsError, StorageError."""
    url = settings_of(home).catalog_url
    return Catalog.open(url or home.made().catalog_url)


def last_snapshot(view: View, terminology_id: str) -> Snapshot | None:
    """The last published version of *terminology_id*; None where there is none, or where its file is damaged.

    A load may go on without it: only comparisons are missing. `publish` will refuse to build on a damaged version.
    """
    terminology = view.terminology(terminology_id)
    try:
        return terminology.last.snapshot if terminology else None
    except SnapshotError:
        return None
