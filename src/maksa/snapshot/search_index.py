"""Search inside a snapshot: how its index is built and how a query is asked.

The whole trick is that rows are in rank order before anybody asks (short and preferred first), so the best n answers are
the first n of a merge of posting lists, and nothing is scored (figures in docs/performance.md). The index has its lists ready
for beginnings of up to eight letters. A longer one is cut to eight first and looked for in the folded text, which is quick
where it is frequent; where it is rare, the index makes its list from the few whole words that begin so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from maksa.model.folding import alternatives, folded
from maksa.snapshot.format import LONGEST_PREFIX, TERM_INDEX

_BATCH = 100_000  # terms between two reports of progress
_LOOKED_THROUGH = 128  # rows in which a long word is looked for before it is taken for a rare one


_RANKED = """
WITH wording (number, place, length, folded) AS MATERIALIZED (
    SELECT number, 0, length(display), folded(display) FROM concept
    UNION ALL SELECT number, place, length(value), folded(value) FROM designation
)
INSERT INTO term (number, place, folded)
SELECT number, place, folded FROM wording WHERE folded <> '' ORDER BY length, place > 0, folded, number, place
"""


def build(db: sqlite3.Connection, progress: Callable[[int], None]) -> None:
    """Ranks every wording and indexes it. The order is total, so the same concepts give the same file."""
    _rank(db)
    db.execute(TERM_INDEX)
    db.execute("INSERT INTO term_index (term_index, rank) VALUES ('hashsize', 67108864)")
    db.execute("INSERT INTO term_index (term_index, rank) VALUES ('automerge', 0)")
    (last,) = db.execute("SELECT coalesce(max(rank), 0) FROM term").fetchone()
    for first in range(1, last + 1, _BATCH):
        db.execute(
            "INSERT INTO term_index (rowid, folded) SELECT rank, folded FROM term WHERE rank BETWEEN ? AND ?",
            (first, first + _BATCH - 1),
        )
        progress(min(first + _BATCH - 1, last))
    db.execute("INSERT INTO term_index (term_index) VALUES ('optimize')")


def _rank(db: sqlite3.Connection) -> None:
    """Fills `term`. Ctrl-C is most often heard inside `folded`, and SQLite makes an error of its own of whatever is raised there."""
    raised: list[BaseException] = []

    def heard(text: str) -> str:
        try:
            return folded(text)
        except BaseException as error:
            raised.append(error)
            raise

    db.create_function("folded", 1, heard, deterministic=True)
    try:
        db.execute(_RANKED)
    except sqlite3.OperationalError as error:
        if raised:
            raise raised[0] from None
        if str(error) == "user-defined function raised exception":  # a signal at the door of `heard`
            raise KeyboardInterrupt from None
        raise


def words(db: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """(folded word, how many wordings have it), by word. *db* is used for nothing else: it is given a table of its own."""
    db.execute("PRAGMA query_only = 0")  # the table is a temporary one, and the file is opened for reading either way
    db.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, term_index, row)")
    yield from db.execute("SELECT term, doc FROM temp.word ORDER BY term")


_CANDIDATES = """
SELECT term.rank, term.number, term.place, term.folded FROM term_index
JOIN term ON term.rank = term_index.rowid
WHERE term_index MATCH ? AND term_index.rowid > ? ORDER BY term_index.rowid LIMIT ?
"""


def ranked(db: sqlite3.Connection, query: str, limit: int) -> list[tuple[int, int, int]]:
    """The first *limit* concepts that *query* finds, best first, as (rank, number, place of the wording that matched).

    Each word of the query is a prefix of a word of the text, in any order; a word with half-spaces is found joined or in
    its parts. Where nothing is found, neighbouring words are tried as one: what was typed apart may be written together.
    """
    choices = alternatives(query)
    found = _first(db, choices, limit) if choices and choices[0] else []
    if found or not choices or len(choices[-1]) < 2:
        return found
    return _first(db, list(_joined(choices[-1])), limit)


def _joined(words: list[str]) -> Iterator[list[str]]:
    """The words with one neighbouring pair written as one, for each pair; at most eight ways."""
    for place in range(min(len(words) - 1, 8)):
        yield [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]


_Ranked = dict[int, tuple[int, int, int]]
"""(rank, number, place of the wording) by number: a concept once, by the best of its wordings."""


def _first(db: sqlite3.Connection, choices: list[list[str]], limit: int) -> list[tuple[int, int, int]]:
    if any(len(word) > LONGEST_PREFIX for words in choices for word in words):
        looked_through = max(limit, _LOOKED_THROUGH)
        rows = db.execute(_CANDIDATES, (_expression(choices, LONGEST_PREFIX), 0, looked_through)).fetchall()
        found: _Ranked = {}
        _add(found, (row for row in rows if _matches(row[3], choices)))
        if len(rows) < looked_through or len(found) >= limit:
            return list(found.values())[:limit]
    return _first_whole(db, _expression(choices, None), limit)


def _first_whole(db: sqlite3.Connection, expression: str, limit: int) -> list[tuple[int, int, int]]:
    """The first concepts of the rows that *expression* matches: more than one row may be a concept's."""
    found: _Ranked = {}
    after, page = 0, limit
    while len(found) < limit:
        rows = db.execute(_CANDIDATES, (expression, after, page)).fetchall()
        _add(found, rows)
        if len(rows) < page:
            break
        after = rows[-1][0]
        page *= 2
    return list(found.values())[:limit]


def _add(found: _Ranked, rows: Iterable[tuple[int, int, int, str]]) -> None:
    for rank, number, place, _ in rows:
        found.setdefault(number, (rank, number, place))


def _expression(choices: list[list[str]], longest: int | None) -> str:
    """The question in FTS5's language: each word a beginning, of at most *longest* letters."""
    beginnings = ([f'"{word[:longest]}"*' for word in dict.fromkeys(words)] for words in choices)
    return " OR ".join(f"({' '.join(words)})" for words in beginnings)


def _matches(text: str, choices: list[list[str]]) -> bool:
    """Whether the words of one choice all begin words of the folded *text*: the index knew only their first letters."""
    spaced = f" {text}"
    return any(all(f" {word}" in spaced for word in words) for words in choices)
