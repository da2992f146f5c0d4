"""maksa: a health terminology server, wire-compatible with MAKSA behind the DITAS gateway.

What other people's programs take from here is imported when it is asked for, so that `import maksa` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from maksa.embedding import Found, MaksaError, Shelf, UnknownCode, UnknownTerminology, UnknownVersion

__all__ = ["Found", "MaksaError", "Shelf", "UnknownCode", "UnknownTerminology", "UnknownVersion", "__version__"]


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module("maksa.embedding"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
