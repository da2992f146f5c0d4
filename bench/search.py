"""Search in process over a million descriptions: how long a question takes by its class, against FTS5 ordered by bm25.

Both have the same folded texts in the same run, and give the best 20 with their rows. Questions are drawn from the
descriptions themselves, so frequent words come as often as people meet them. A question's time is
the median of its askings in all rounds; a percentile is over the questions.
"""

from __future__ import annotations

import itertools
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter, thread_time

from msgspec import Struct

from bench import data, home, report, scale
from bench.home import TERMINOLOGY
from bench.keyboards import VARIANTS
from bench.questions import Question, questions
from bench.report import Figure, Report, Table
from bench.scale import Scale
from bench.words import vocabulary
from maksa.model.answers import Found
from maksa.model.concept import Concept
from maksa.model.folding import folded
from maksa.service.search import search
from maksa.snapshot.shelf import Shelf, View

BEST = 20  # rows of an answer
P95_MS, P99_MS = 2.0, 5.0
_POOL = 4_000  # concepts whose descriptions the questions are drawn from, here and there in the terminology
_FLOOR_QUESTIONS = 4  # of each class and language: the floor takes up to half a second for one
_SAMPLE = 300  # concepts that every keyboard must find
_WITHIN = 500  # rows
_FREQUENT = 300  # the most frequent words of a language, by which nobody looks for one concept

Ask = Callable[[str], object]


class Took(Struct, gc=False):
    """What the askings of one question took, in milliseconds, one for each round: in all, and of the processor."""

    kind: str
    ms: list[float]
    cpu_ms: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.ms)


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    view = Shelf.open(home.large(folder, asked.concepts).shelf).view
    floor, wordings = _bm25(folder / "bm25.db", asked.concepts)
    pool = list(itertools.islice(data.concepts(asked.concepts), 0, None, max(1, asked.concepts // _POOL)))
    asking = questions(pool, asked.queries)
    few = list(_few(asking))
    ours = [Took(question.kind, [], []) for question in asking]
    floors = [Took(question.kind, [], []) for question in few]
    for _ in range(asked.rounds):
        _ask_all(asking, ours, lambda text: search(view, text, TERMINOLOGY, limit=BEST))
        _ask_all(few, floors, floor)
    found = _found_by_keyboard(view, pool)
    return Report(
        benchmark="search",
        scale=asked,
        figures=[*_overall(ours, floors), _keyboards(found)],
        details={
            "by class": _by_class(ours, floors),
            "by keyboard": {name: {"found in 100": each} for name, each in found.items()},
        },
        notes=[
            f"{wordings:,} descriptions of {asked.concepts:,} concepts; the best {BEST} with their rows; in process, one thread",
            f"{len(asking):,} questions, each by the median of {asked.rounds} askings; the floor is asked {len(few)} of them",
            "floor: FTS5 with the same prefixes over the same folded texts, ORDER BY rank (bm25), the code fetched",
            f"keyboards: {_SAMPLE} concepts, each looked for by its two rarest words typed otherwise, among the first {_WITHIN}",
        ],
    )


def _bm25(path: Path, concepts: int) -> tuple[Ask, int]:
    """The floor, FTS5 as its manual shows it; and how many descriptions it has."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE wording (number INTEGER PRIMARY KEY, code TEXT, folded TEXT);
        CREATE VIRTUAL TABLE found USING fts5 (folded, content='wording', content_rowid='number', prefix='1 2 3 4 5 6 7 8');
        INSERT INTO found (found, rank) VALUES ('hashsize', 67108864);
        BEGIN;
        """
    )
    db.executemany("INSERT INTO wording (code, folded) VALUES (?, ?)", _wordings(concepts))
    db.execute("INSERT INTO found (found) VALUES ('rebuild')")
    db.execute("COMMIT")
    sql = f"SELECT code FROM found JOIN wording ON number = found.rowid WHERE found MATCH ? ORDER BY rank LIMIT {BEST}"

    def ask(text: str) -> object:
        return db.execute(sql, (" ".join(f'"{word}"*' for word in folded(text).split()),)).fetchall()

    (wordings,) = db.execute("SELECT count(*) FROM wording").fetchone()
    return ask, wordings


def _wordings(concepts: int) -> Iterator[tuple[str, str]]:
    for concept in data.concepts(concepts):
        yield concept.code, folded(concept.display)
        for other in concept.designations:
            yield concept.code, folded(other.value)


def _few(asking: Iterable[Question]) -> Iterator[Question]:
    """The first questions of each class and language."""
    seen: dict[tuple[str, str], int] = {}
    for question in asking:
        key = question.kind, question.language
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= _FLOOR_QUESTIONS:
            yield question


def _ask_all(asking: list[Question], took: list[Took], ask: Ask) -> None:
    for question, each in zip(asking, took, strict=True):
        began, used = perf_counter(), thread_time()
        ask(question.text)
        each.cpu_ms.append((thread_time() - used) * 1000)
        each.ms.append((perf_counter() - began) * 1000)


def _percentiles(several: Iterable[float]) -> tuple[float, float, float]:
    """p50, p95, p99."""
    cuts = statistics.quantiles(several, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _overall(ours: list[Took], floors: list[Took]) -> list[Figure]:
    p50, p95, p99 = _percentiles(each.median for each in ours)
    every = [ms for each in ours for ms in each.ms]
    processor = [ms for each in ours for ms in each.cpu_ms]
    return [
        _held("a question, p50", p50, None),
        _held("a question, p95", p95, P95_MS),
        _held("a question, p99", p99, P99_MS),
        *_rows("  every asking", _percentiles(every)),
        *_rows("  of the processor", _percentiles(processor)),
        *_rows("bm25", _percentiles(each.median for each in floors)),
    ]


def _held(name: str, value: float, limit: float | None) -> Figure:
    return Figure(name=name, value=value, unit="ms", limit=limit, holds=None if limit is None else value <= limit)


def _rows(name: str, percentiles: tuple[float, float, float]) -> list[Figure]:
    return [
        _held(f"{name}, {place}", value, None) for place, value in zip(("p50", "p95", "p99"), percentiles, strict=True)
    ]


def _by_class(ours: list[Took], floors: list[Took]) -> Table:
    rows: Table = {}
    for kind in sorted({each.kind for each in ours}):
        p50, p95, p99 = _percentiles(each.median for each in ours if each.kind == kind)
        beside = statistics.median(each.median for each in floors if each.kind == kind)
        rows[kind] = {"p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "bm25 p50 ms": beside}
    return rows


def _found_by_keyboard(view: View, pool: list[Concept]) -> dict[str, float]:
    """How many in a hundred of the sample are found, by keyboard."""
    sample = [(concept.code, words) for concept in pool if (words := _two_rarest(concept))][:_SAMPLE]
    return {
        name: 100 * sum(_is_found(view, code, typed(words)) for code, words in sample) / len(sample)
        for name, typed in VARIANTS.items()
    }


def _two_rarest(concept: Concept) -> str:
    """The two rarest words of the display, in their order, with a number of it; "" where one of them is frequent."""
    known, _ = vocabulary("fa")
    words = [word for word in concept.display.split() if word in known[_FREQUENT:]]
    numbers = [word for word in concept.display.split() if word[0].isdigit()]
    return " ".join([*sorted(words, key=known.index)[-2:], *numbers[:1]]) if len(words) > 1 else ""


def _is_found(view: View, code: str, text: str) -> bool:
    answer = search(view, text, TERMINOLOGY, limit=_WITHIN)
    return isinstance(answer, Found) and code in {match.code for match in answer.value}


def _keyboards(found: dict[str, float]) -> Figure:
    least = min(found.values())
    return Figure(name="found, whatever the keyboard", value=least, unit="%", limit=100, holds=least == 100)


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
