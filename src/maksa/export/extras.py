"""What a form needs beyond `pip install maksa`, asked for when the form is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from maksa.model.errors import ExtraMissingError


@contextmanager
def of_extra(extra: str) -> Iterator[None]:
    """Within it, an import of what is not installed comes out as ExtraMissingError, which names the *extra* that has it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "maksa").partition(".")[0] == "maksa":
            raise
        raise ExtraMissingError(module=error.name, extra=extra) from error
