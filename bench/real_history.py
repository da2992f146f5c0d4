"""The versions of a real list, published one after the other, and what sets them apart by plain sets."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import msgspec
from msgspec import Struct

from bench.report import ROOT
from maksa.home import Home
from maksa.model.answers import Found
from maksa.model.difference import Comparison
from maksa.service.compare import compare
from maksa.snapshot.shelf import Shelf


class Step(Struct, frozen=True):
    """How long a command ran, and the most memory it held."""

    seconds: float
    peak_mb: float


class Plain(Struct, frozen=True):
    """A concept as a file has it; sets, because order and repetition are no difference."""

    display: str
    parents: frozenset[str]
    synonyms: frozenset[str] = frozenset()
    inactive: bool = False


def commanded(home: Home, *arguments: str | Path) -> Step:
    """`maksa …` in a process of its own, its start included. Raises: RuntimeError with what it said, if it failed."""
    command = [sys.executable, "-m", "maksa", *map(str, arguments), "--home", str(home.path)]
    began = perf_counter()
    log = home.path.with_suffix(".log")
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command}: {log.read_text()[-2000:]}")
    return Step(perf_counter() - began, used.ru_maxrss / 1024)


def released(home: Home, terminology_id: str, label: str, file: Path) -> tuple[Step, Step]:
    """How loading and publishing of *file* went."""
    return (
        commanded(home, "load", file, "--terminology", terminology_id, "--version", label),
        commanded(home, "publish", terminology_id, label),
    )


def compared(home: Home, terminology_id: str, earlier: str, later: str) -> tuple[set[tuple[str, str]], float]:
    """((kind, code) of every difference, seconds)."""
    view = Shelf.open(home.shelf).view
    began = perf_counter()
    answer = compare(view, terminology_id, earlier, later)
    assert isinstance(answer, Found), answer
    comparison: Comparison = answer.value
    return {(each.kind, each.code) for each in comparison}, perf_counter() - began


def by_sets(earlier: Path, later: Path) -> set[tuple[str, str]]:
    """The same, from the files themselves."""
    old, new = plain(earlier), plain(later)
    found = {("added", code) for code in new.keys() - old.keys()} | {
        ("retired", code) for code in old.keys() - new.keys()
    }
    for code in old.keys() & new.keys():
        found |= {(kind, code) for kind in _kinds(old[code], new[code])}
    return found


def _kinds(old: Plain, new: Plain) -> Iterator[str]:
    if old.display != new.display:
        yield "relabelled"
    if old.parents != new.parents:
        yield "moved"
    if old.synonyms != new.synonyms:
        yield "designations"
    if old.inactive != new.inactive:
        yield from ("status", "properties")


def plain(file: Path) -> dict[str, Plain]:
    """The concepts of *file*: a code's first line holds, and parents are those that the file has."""
    concepts: dict[str, Plain] = {}
    for code, concept in _read_csv(file) if file.suffix == ".csv" else _read_code_system(file):
        if concept.display:
            concepts.setdefault(code, concept)
    known = concepts.keys()
    return {
        code: msgspec.structs.replace(each, parents=frozenset(each.parents & known)) for code, each in concepts.items()
    }


def _read_csv(file: Path) -> Iterator[tuple[str, Plain]]:
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            yield row["code"], Plain(_tidy(row["display"]), frozenset(filter(None, [row["parent"]])))


def _read_code_system(file: Path) -> Iterator[tuple[str, Plain]]:
    for item in msgspec.json.decode(file.read_bytes())["concept"]:
        values = [(each["code"], each.get("valueCode") or each.get("valueBoolean")) for each in item["property"]]
        parents = frozenset(value for code, value in values if code == "parent")
        synonyms = frozenset(_tidy(each["value"]) for each in item["designation"])
        yield item["code"], Plain(_tidy(item["display"]), parents, synonyms, dict(values)["inactive"])


def _tidy(text: str) -> str:
    """*text* as a load keeps it: without blanks around it; those inside are the publisher's."""
    return text.strip()
