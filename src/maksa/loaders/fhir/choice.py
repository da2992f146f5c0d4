"""Which resource of a file is meant: that of the asked id or address, else the only one; else an error that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from maksa.loaders.fhir.container import KINDS, Found, Head, resources
from maksa.loaders.reasons import reason
from maksa.model.errors import FileUnreadableError, SourceError
from maksa.model.reasons import Reason
from maksa.model.terminology import key_of

SHOWN = 20  # resources in a message


def heads(path: Path) -> list[tuple[int, Head]]:
    """The resources that this loader reads, each with its place in the file. Raises: FileUnreadableError."""
    return [(at, found.head) for at, found in enumerate(resources(path)) if found.head.resource_type in KINDS]


def chosen(path: Path, terminology_id: str) -> Found:
    """The resource to load as *terminology_id*; where a code system and others are equally meant, the code system.

    Raises: FileUnreadableError; SourceError where there is none, or several of which none is asked for.
    """
    known = heads(path)
    if not known:
        raise FileUnreadableError(file=str(path), **reason("no-fhir-kind").facts)
    asked = [(at, head) for at, head in known if _is_asked(head, terminology_id)]
    for kind in KINDS:
        of_kind = [(at, head) for at, head in asked or known if head.resource_type == kind]
        if len(of_kind) == 1:
            return _at(path, of_kind[0][0])
        if of_kind:
            raise SourceError(file=str(path), **_none_of(terminology_id, [str(head) for _, head in of_kind]).facts)
    raise AssertionError("every head is of one of the kinds")


def _none_of(terminology_id: str, names: list[str]) -> Reason:
    shown = tuple(names[:SHOWN])
    if len(names) > SHOWN:
        return reason("none-asked-of-many", asked=terminology_id, names=shown, more=len(names) - SHOWN)
    return reason("none-asked", asked=terminology_id, names=shown)


def maps_of(path: Path) -> Iterator[Found]:
    """The concept maps of the file. Raises: FileUnreadableError."""
    return (found for found in resources(path) if found.head.resource_type == "ConceptMap")


def _is_asked(head: Head, terminology_id: str) -> bool:
    key = key_of(terminology_id)
    return key in {key_of(head.id), key_of(head.url), key_of(head.name), key_of(head.url.rpartition("/")[2])} - {""}


def _at(path: Path, place: int) -> Found:
    return next(found for at, found in enumerate(resources(path)) if at == place)
