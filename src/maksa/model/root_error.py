"""The root of the tree of errors, and the walk over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar


class MaksaError(Exception):
    """The root of every error that maksa raises on purpose.

    Keyword arguments become attributes and fill the class's `template`. `request_id` is by what the operator of the
    other end finds the call in his log; "" where nothing was called, or no answer had one.
    """

    slug: ClassVar[str] = "maksa"
    template: ClassVar[str] = "{reason}"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.template.format(**facts))

    def __str__(self) -> str:
        return self._said() + (f" (requestId {self.request_id})" if self.request_id else "")

    def _said(self) -> str:
        return super().__str__()

    @property
    def request_id(self) -> str:
        return str(self.facts.get("request_id", ""))

    def __getattr__(self, name: str) -> Any:
        facts: dict[str, Any] = self.__dict__.get("facts", {})
        if name in facts:
            return facts[name]
        raise AttributeError(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[MaksaError], facts: dict[str, Any]) -> MaksaError:
    return kind(**facts)


def tree(root: type[MaksaError] = MaksaError) -> Iterator[type[MaksaError]]:
    """Every class of the tree, the root first, parents before children."""
    yield root
    for child in root.__subclasses__():
        yield from tree(child)
