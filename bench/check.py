"""Checking a file of coded texts: what one costs where all are valid, where one in a hundred is wrong, and where one in five is.

Each file is read and judged in a process of its own, after the floor in another: csv.reader over the same file and a dict of
all displays, which is as little as anybody can do. Times are the processor's, so that they are of one core whatever else runs;
memory is what the process held of its own at the end. Wrong texts are all different: none is answered from the checker's memory.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import process_time
from xml.sax.saxutils import escape

import msgspec
from msgspec import Struct

from bench import data, home, machine, report, scale
from bench.home import REVISED, TERMINOLOGY
from bench.report import Figure, Report, against, timed
from bench.scale import Scale

EACH_US = 10.0  # of a valid text, reading included
MILLION_S = 60.0  # and so a text in as many µs
OWN_MB = 200.0  # without the pages of mapped files, after the last text
_TEXTS = 20 / 7  # for each concept: a million of 350,000
_ROUNDS = 3
_OTHER_FORMS = 5  # a fifth of the texts, for forms that take longer
SHARES = {"valid": 0.0, "1 % wrong": 0.01, "20 % wrong": 0.2}

Text = tuple[str, str, str]
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_MISTAKES: tuple[Callable[[str, str, int], Text], ...] = (
    lambda code, display, n: (TERMINOLOGY, code, f"{display.replace('ی', 'ي')}{' ' * (n % 7 + 1)}"),
    lambda code, display, _: (TERMINOLOGY, code.translate(_PERSIAN_DIGITS), display),
    lambda code, display, n: (TERMINOLOGY, code, f"{display} {n}"),
    lambda code, display, _: (TERMINOLOGY, code[:3] + code[4] + code[3] + code[5:], display),
    lambda code, display, n: (TERMINOLOGY, f"{code}{n % 97}", f"{display} {n}"),
)
"""Another keyboard and blanks, Persian digits, a display with more in it, two keys in the wrong order, nothing that is near."""


class Cost(Struct, kw_only=True):
    """What checking a file took: seconds of the processor, texts, how many were found wrong, its own memory at the end."""

    seconds: float
    texts: int
    found: int
    own_mb: float

    @property
    def each_us(self) -> float:
        return self.seconds / self.texts * 1e6


def texts(concepts: int, count: int, share: float) -> Iterator[Text]:
    """*count* coded texts, of which *share* are wrong, each in its own way; the same each time."""
    chance = random.Random(share)
    listed = [(each.code, each.display) for each in data.concepts(concepts, revised_share=REVISED)]
    for number, (code, display) in enumerate(itertools.islice(itertools.cycle(listed), count)):
        is_wrong = chance.random() < share
        yield chance.choice(_MISTAKES)(code, display, number) if is_wrong else (TERMINOLOGY, code, display)


def write_csv(path: Path, rows: Iterable[Text]) -> Path:
    """*path*, where the texts are now, under a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("terminology", "code", "value"))
        writer.writerows(rows)
    return path


def write_json(path: Path, rows: Iterable[Text]) -> Path:
    """*path*, where the texts are one array now."""
    with path.open("w", encoding="utf-8") as file:
        for place, (terminology_id, code, display) in enumerate(rows):
            text = {"valueField": display, "terminology_idField": terminology_id, "coded_stringField": code}
            file.write(("," if place else "[") + json.dumps(text, ensure_ascii=False))
        file.write("]")
    return path


def write_xml(path: Path, rows: Iterable[Text]) -> Path:
    """*path*, where the texts are elements of one message now."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<Message>")
        for terminology_id, code, display in rows:
            parts = f"<Coded_string>{code}</Coded_string><Terminology_id>{terminology_id}</Terminology_id>"
            file.write(f"<Diagnosis>{parts}<Value>{escape(display)}</Value></Diagnosis>\n")
        file.write("</Message>")
    return path


def checked(shelf: Path, file: Path) -> tuple[int, int]:
    """(texts, how many were found wrong) of *file*, as `maksa check` does it."""
    from maksa.check import check_file
    from maksa.snapshot.shelf import Shelf

    checking = check_file(file, Shelf.open(shelf))
    found = sum(1 for _ in checking)
    return checking.summary.checked, found


def looked_up(shelf: Path, file: Path) -> tuple[int, int]:
    """The same by a dict of all displays; it is made before the clock runs."""
    from maksa.snapshot.shelf import Shelf

    terminology = Shelf.open(shelf).terminology(TERMINOLOGY)
    assert terminology is not None
    displays = {code: display for code, display, _ in terminology.last.snapshot.rows()}
    global _began  # the floor's clock begins here
    _began = process_time()
    count = wrong = 0
    with file.open(encoding="utf-8", newline="") as opened:
        records = csv.reader(opened)
        next(records)
        for _, code, display in records:
            count += 1
            wrong += displays.get(code) != display
    return count, wrong


_began = 0.0
_WAYS = {"checked": checked, "looked_up": looked_up}


def _in_child(way: str, shelf: Path, file: Path) -> Cost:
    command = [sys.executable, "-m", "bench.check", f"--{way}", str(shelf), str(file)]
    done = subprocess.run(command, cwd=report.ROOT, check=True, capture_output=True)
    return msgspec.json.decode(done.stdout, type=Cost)


def child(way: str, shelf: Path, file: Path) -> None:
    """Checks *file* and prints what it cost."""
    count, found = _WAYS[way](shelf, file)
    cost = Cost(seconds=process_time() - _began, texts=count, found=found, own_mb=machine.status_mb("self", "RssAnon"))
    print(msgspec.json.encode(cost).decode())


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelf = home.large(folder, asked.concepts).shelf
    count = int(asked.concepts * _TEXTS)
    files = {
        name: write_csv(folder / f"check-{share}.csv", texts(asked.concepts, count, share))
        for name, share in SHARES.items()
    }
    few = list(texts(asked.concepts, count // _OTHER_FORMS, 0))
    files |= {"valid, JSON": write_json(folder / "check.json", few), "valid, XML": write_xml(folder / "check.xml", few)}
    floors: list[float] = []
    costs: dict[str, list[Cost]] = {name: [] for name in files}
    for _ in range(min(asked.rounds, _ROUNDS)):
        floors.append(_in_child("looked_up", shelf, files["valid"]).each_us)
        for name, file in files.items():
            costs[name].append(_in_child("checked", shelf, file))
    return Report(
        benchmark="check",
        scale=asked,
        figures=[*_figures(costs, floors), timed("floor: csv.reader and a dict", floors, "µs")],
        notes=[
            f"{count:,} coded texts of {asked.concepts:,} concepts; of JSON and XML a fifth",
            "found wrong: " + ", ".join(f"{name} {several[0].found:,}" for name, several in costs.items()),
            "µs of the processor for each text, start of Python and opening of the shelf included; the floor's dict is not",
        ],
    )


def _figures(costs: dict[str, list[Cost]], floors: list[float]) -> list[Figure]:
    figures: list[Figure] = []
    for name, several in costs.items():
        each = [cost.each_us for cost in several]
        figures.append(timed(name, each, "µs", limit=EACH_US if name == "valid" else MILLION_S))
        figures.append(against(f"  {name}, × floor", each, "µs", floor="dict", floors=floors))
        figures.append(timed(f"  {name}, memory", [cost.own_mb for cost in several], "MB", limit=OWN_MB))
    return figures


def main() -> None:
    if len(sys.argv) > 3 and sys.argv[1].removeprefix("--") in _WAYS:
        child(sys.argv[1].removeprefix("--"), Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
