"""The terms on which an upstream is followed, as `maksa mirror add` and `change` are told them: the same options for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from maksa.mirror.upstream import Hours, bytes_of
from maksa.model.errors import SignatureError, UpstreamFieldError
from maksa.snapshot.signing import checked_key

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--terminology",
        "terminologies",
        multiple=True,
        metavar="ID",
        help="Follow this terminology or map; all, if none is given.",
    ),
    click.option("--except", "excluded", multiple=True, metavar="ID", help="Follow all but this terminology or map."),
    click.option("--last-only", is_flag=True, help="Keep the last version of each only."),
    click.option(
        "--key",
        "keys",
        multiple=True,
        metavar="K",
        help="Public key that must have signed what comes; more than one may be given.",
    ),
    click.option("--hours", metavar="H", help="Ask only in these hours of Tehran's clock, as 22:00-06:00; or any."),
    click.option("--rate", type=float, metavar="N", help="At most so many requests a second; 0 for no bound [5]."),
    click.option("--bandwidth", metavar="S", help="At most so many bytes a second, as 500kB."),
    click.option("--budget", metavar="S", help="At most so many bytes on disk, as 20GB."),
)


def with_terms(command: F) -> F:
    """*command* with the options of the terms, each None or empty where it is not given."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def terms_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an `Upstream` that the *given* options say, and no others. Raises: UpstreamFieldError."""
    found: dict[str, Any] = {name: given[name] for name in ("terminologies", "excluded") if given[name]}
    if given["last_only"]:
        found["keep_old"] = False
    if given["keys"]:
        found["keys"] = tuple(map(_key, given["keys"]))
    if given["hours"]:
        found["hours"] = None if given["hours"].strip() == "any" else Hours.of(given["hours"])
    if given["rate"] is not None:
        found["requests_per_s"] = given["rate"]
    for name, field in (("bandwidth", "bytes_per_s"), ("budget", "disk_budget")):
        if given[name] is not None:
            found[field] = bytes_of(given[name], name)
    return found


def _key(text: str) -> str:
    try:
        return checked_key(text)
    except SignatureError as error:
        raise UpstreamFieldError(field="key", value=text, reason=error.reason) from error
