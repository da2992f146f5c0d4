"""The key that signs what is published here: made, shown, and set to what is published already."""

from __future__ import annotations

from pathlib import Path

import click

from maksa.cli.joined import settings_of, signer_of
from maksa.cli.output import as_json, existing, print_json, print_rows, say_no, with_home
from maksa.home import Home
from maksa.snapshot import document, manifest, notices
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.signing import Signer, key_id, new_key

_WAIT_S = 60.0


@click.group()
def key() -> None:
    """Make and show the key that signs what is published."""


@key.command()
@as_json
@with_home
def new(*, home: Home, as_json: bool) -> None:
    """Make a key, in the file that the setting signing_key names or the home's signing.key. It must not be there.

    From then on whatever is published is signed. The private key is never shown; back the file up, apart from the home.
    """
    path = _file(home)
    _show(new_key(path), path, as_json=as_json)


@key.command()
@as_json
@with_home
@click.pass_context
def show(context: click.Context, *, home: Home, as_json: bool) -> None:
    """Show the public key: what a mirror pins."""
    signer = signer_of(existing(home))
    if signer is None:
        say_no(context, f"there is no key at {_file(home)}; maksa key new makes one", {"key": None}, as_json=as_json)
    _show(signer, _file(home), as_json=as_json)


@key.command()
@as_json
@with_home
@click.pass_context
def sign(context: click.Context, *, home: Home, as_json: bool) -> None:
    """Sign what is published already, with the key of now: after `maksa key new`, or when a key is replaced."""
    signer = signer_of(existing(home))
    if signer is None:
        say_no(context, f"there is no key at {_file(home)}; maksa key new makes one", {"signed": []}, as_json=as_json)
    signed = [name for name in (manifest.NAME, notices.NAME) if _sign(home.shelf / name, signer)]
    if as_json:
        print_json({"key": signer.key, "key_id": key_id(signer.key), "signed": signed})
    else:
        click.echo(f"signed by {key_id(signer.key)}: {', '.join(signed) or 'nothing is published yet'}")


def _file(home: Home) -> Path:
    named = settings_of(home).signing_key
    return Path(named) if named else home.made().signing_key


def _sign(path: Path, signer: Signer) -> bool:
    """Whether the document at *path* is there, and so is signed now. Its content stays as it is."""
    if not path.exists():
        return False
    with only_publisher(path.parent, _WAIT_S):
        content = path.read_bytes()
        document.replace(path, content, signer.sign(content))
    return True


def _show(signer: Signer, path: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"key": signer.key, "key_id": key_id(signer.key), "file": str(path)})
        return
    rows = (("key id", key_id(signer.key)), ("public key", signer.key), ("private key", f"in {path}, never shown"))
    print_rows(("WHAT", "VALUE"), rows)
