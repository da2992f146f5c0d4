"""Rooms joined for commands: settings of a home, its catalog."""

from __future__ import annotations

import os
from typing import Any

import click

from maksa.catalog import Catalog
from maksa.cli.output import existing
from maksa.home import Home
from maksa.model.errors import FollowedError
from maksa.settings import Settings
from maksa.settings import load as load_settings
from maksa.snapshot.following import follower
from maksa.snapshot.signing import Signer, configured_key


def settings_of(home: Home, **options: Any) -> Settings:
    """The settings of *home*, the environment over them, the command's *options* over both. Raises: SettingsError."""
    return load_settings(home.settings_file, environment=os.environ, options=options)


def catalog_of(home: Home) -> Catalog:
    """The home's catalog, made where it is not there. Raises: SettingsError, StorageError."""
    url = settings_of(home).catalog_url
    return Catalog.open(url or home.made().catalog_url)


def drafts_of(home: Home) -> Catalog:
    """The catalog of a home that is there, for what is asked of drafts: where there is none the command ends. Raises: as above."""
    url = settings_of(home).catalog_url
    return Catalog.open(url or existing(home).catalog_url)


def warn_of_follower(home: Home, terminology_id: str) -> None:
    """Says of what a mirror brings, before the work, that it may be drafted here, to compare it, and not published.

    Raises: ManifestError.
    """
    name = follower(home.mirrors, home.shelf, terminology_id)
    if name is not None:
        click.echo(f"maksa: warning: {FollowedError(terminology_id=terminology_id, upstream=name)}", err=True)


def signer_of(home: Home) -> Signer | None:
    """The key that signs what this home publishes; None where no setting names one and the home has none.

    Raises: SettingsError, SigningKeyError.
    """
    return configured_key(settings_of(home).signing_key, home.signing_key)
