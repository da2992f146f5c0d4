"""Decoders of shapes: what they take, and that any number of threads may meet a shape at once."""

from __future__ import annotations

import subprocess
import sys
from typing import Literal

import msgspec
import pytest

from maksa.model.shapes import converter, json_decoder, msgpack_decoder


class Colour(msgspec.Struct, frozen=True):
    name: str
    wave: int = 0


MEETING = '''
import sys, threading
import msgspec
from maksa.model.shapes import json_decoder

def shapes(depth):
    """Each holds the one before it: learning the last one learns them all."""
    last = str
    for number in range(depth):
        last = msgspec.defstruct(f"Shape{number}", [("a", str), ("n", tuple[last, ...], ()), ("m", dict[str, last] | None, None)])
        yield last

def meet(start, shape, read):
    start.wait()
    read.append(json_decoder(shape)(b'{"a":"x","n":[{"a":"y","n":[{"a":"z"}]}]}').n[0].n[0].a)

sys.setswitchinterval(1e-6)
for _ in range(int(sys.argv[1])):
    made, start, read = list(shapes(30)), threading.Barrier(8), []
    threads = [threading.Thread(target=meet, args=(start, made[-1 - number % 3], read)) for number in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert read == ["z"] * 8, read
'''


def test_threads_that_meet_a_shape_at_once_all_read_it():
    """msgspec alone ends the process here, most times in the first round."""
    done = subprocess.run(
        [sys.executable, "-c", MEETING, "20"], capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_read_is_of_the_shape():
    """Bytes or text; of the same function each time."""
    read = json_decoder(Colour)

    assert read(b'{"name":"red","wave":7}') == read('{"name":"red","wave":7}') == Colour("red", 7)
    assert json_decoder(Literal["true", "false"])('"true"') == "true"  # type: ignore[arg-type]
    assert msgpack_decoder(list[Colour])(msgspec.msgpack.encode([Colour("blue")])) == [Colour("blue")]
    assert converter(Colour)({"name": "red"}) == Colour("red")
    assert json_decoder(Colour) is read


def test_numbers_may_be_text_where_it_is_not_strict():
    """And only there."""
    assert json_decoder(Colour, strict=False)(b'{"name":"red","wave":"7"}') == Colour("red", 7)
    assert converter(Colour, strict=False)({"name": "red", "wave": "7"}) == Colour("red", 7)
    with pytest.raises(msgspec.ValidationError):
        json_decoder(Colour)(b'{"name":"red","wave":"7"}')
    with pytest.raises(msgspec.ValidationError):
        converter(Colour)({"name": "red", "wave": "7"})
