"""Whole programs that call the seven functions, in the languages that callers write, with this service's own facts in them.

Rules of this file:
- a program runs as it is shown: what the page cuts into pieces is what a reader downloads and what the tests run;
- what comes from a list stands in it as a literal of that language, whatever letters it has;
- no secret is ever in one: they are taken from the environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from textwrap import dedent

from msgspec import Struct, structs

from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import View
from maksa.wire.dates import from_date
from maksa.wire.ditas.functions import BASES, FUNCTIONS

_FAMILIAR = ("eRX", "60002")  # what the guide's own samples ask for, where the shelf has it
_PLACE = re.compile("⟦([a-z_]+)⟧")
_MARK = re.compile(r"^ *(?:#|//) \[(\w+)\]$", re.MULTILINE)

LOGIN = "login"
PARTS = (LOGIN, *FUNCTIONS)
"""The pieces of each program, in order."""


class Facts(Struct, frozen=True, kw_only=True):
    """What the programs ask of this service: a code and a former version of one terminology, the whole of the smallest one."""

    address: str
    base: str = BASES[0]
    id: str = "eRX"
    code: str = "60002"
    display: str = ""
    old_code: str = "60002"
    old_version: str = "1000"
    small: str = "ContactType"
    small_version: str = "1"
    year: int = 1400
    month: int = 1
    day: int = 1


class Program(Struct, frozen=True):
    """A whole program, and its pieces: the code of `PARTS`' each. `file` is the name to keep it under."""

    file: str
    text: str
    parts: dict[str, str]


class Tongue(Struct, frozen=True):
    """A language of programs: its name for people, its file, and how it writes a text."""

    name: str
    file: str
    literal: Callable[[str], str]


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _in_shell(text: str) -> str:
    """JSON inside single quotes."""
    return _json(text).replace("'", "'\\''")


def _php(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


TONGUES: dict[str, Tongue] = {
    "curl": Tongue("curl", "curl.sh", _in_shell),
    "client": Tongue("maksa.client", "client.py", _json),
    "python": Tongue("Python", "python.py", _json),
    "csharp": Tongue("C#", "csharp.cs", _json),
    "php": Tongue("PHP", "php.php", _php),
    "javascript": Tongue("JavaScript", "javascript.mjs", _json),
}
"""The languages by the word that stands for each in addresses."""


def program(tongue: Tongue, facts: Facts) -> Program:
    """The program of *tongue* that asks for *facts*."""
    values = structs.asdict(facts) | {"since": f"{facts.year:04}/{facts.month:02}/{facts.day:02}"}

    def filled(place: re.Match[str]) -> str:
        value = values[place[1]]
        is_bare = isinstance(value, int) or (tongue.literal is _in_shell and place[1] in ("address", "base"))
        return str(value) if is_bare else tongue.literal(value)

    text = _PLACE.sub(filled, _template(tongue.file))
    head, *marked = _MARK.split(text)
    pieces = dict(zip(marked[::2], marked[1::2], strict=True))
    parts = {name: dedent(pieces[name].removeprefix("\n")).rstrip() for name in PARTS}
    parts[LOGIN] = f"{head}{pieces[LOGIN].removeprefix(chr(10))}".rstrip()
    return Program(tongue.file, _MARK.sub(_titled, text), parts)


def facts_of(view: View, address: str) -> Facts:
    """What the shelf has to ask for at *address*; the guide's own samples where it has nothing. Raises: SnapshotError."""
    if not view.terminologies:
        return Facts(address=address)
    chosen = view.terminology(_FAMILIAR[0]) or max(view.terminologies, key=lambda each: len(each.editions))
    small = min(view.terminologies, key=lambda each: each.last.version.concepts)
    code, display = _code_in(chosen.last.snapshot)
    since = from_date(small.defined_at)
    return Facts(
        address=address,
        id=chosen.id,
        code=code,
        display=display,
        old_code=_code_in(chosen.editions[0].snapshot)[0],
        old_version=chosen.editions[0].version.label,
        small=small.id,
        small_version=small.last.version.label,
        year=since.year or 1400,
        month=since.month or 1,
        day=since.day or 1,
    )


def _code_in(snapshot: Snapshot) -> tuple[str, str]:
    """A code of the version and its display: the guide's where it is one, else the first."""
    display = snapshot.display(_FAMILIAR[1])
    if display is not None:
        return _FAMILIAR[1], display
    first = snapshot.codes_from("", 1)
    return first[0][:2] if first else (_FAMILIAR[1], "")


@cache
def _template(file: str) -> str:
    return files(__package__).joinpath("samples", f"{file}.txt").read_text("utf-8")


def _titled(mark: re.Match[str]) -> str:
    """A mark as it stands in the whole program: a comment that names the function."""
    return "" if mark[1] == "end" else mark[0].replace("[", "").replace("]", "")
