"""How JSON and msgpack become our shapes: decoders that are made once for each shape, and never by two threads at a time.

msgspec learns a shape when it is first decoded, and shows it half learned to other threads meanwhile: two that meet one at
once end the process (a segmentation fault). So no module but this one decodes into a type or makes a decoder; those made here
may be used by any number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import cache, partial
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

_one_at_a_time = threading.Lock()


def json_decoder(shape: type[T], *, strict: bool = True) -> Callable[[Any], T]:
    """The function that makes a *shape* of JSON, bytes or text; not *strict*: numbers may be text.

    It raises msgspec.DecodeError (or its ValidationError), UnicodeDecodeError; RecursionError where the JSON is too deep.
    """
    return cast("Callable[[Any], T]", _json(cast("Hashable", shape), strict))


def msgpack_decoder(shape: type[T]) -> Callable[[Any], T]:
    """The function that makes a *shape* of msgpack. It raises msgspec.DecodeError."""
    return cast("Callable[[Any], T]", _msgpack(cast("Hashable", shape)))


def converter(shape: type[T], *, strict: bool = True) -> Callable[[Any], T]:
    """The function that makes a *shape* of plain values. It raises msgspec.ValidationError."""
    _json(cast("Hashable", shape), strict)
    return partial(msgspec.convert, type=shape, strict=strict)


@cache
def _json(shape: Any, strict: bool) -> Callable[[Any], Any]:
    with _one_at_a_time:
        return msgspec.json.Decoder(shape, strict=strict).decode


@cache
def _msgpack(shape: Any) -> Callable[[Any], Any]:
    with _one_at_a_time:
        return msgspec.msgpack.Decoder(shape).decode
