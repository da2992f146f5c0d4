"""The snapshot file's format: its magic, its version, its tables. The page to read beside it is docs/snapshot-format.md."""

from __future__ import annotations

APPLICATION_ID = 0x4D4B5341  # "MKSA", in SQLite's header at byte 68
FORMAT_VERSION = 1  # SQLite's user_version; a reader of another version refuses the file
SUFFIX = ".maksa"

TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE concept (
    code     TEXT PRIMARY KEY,
    number   INTEGER NOT NULL,     -- rises in the wire's order: by change, then by code; gaps allowed
    display  TEXT NOT NULL,
    language TEXT NOT NULL,        -- of the display, BCP 47
    created  INTEGER NOT NULL,     -- seconds since 1970 UTC: publication of the first version with this code
    changed  INTEGER NOT NULL,     -- likewise, of the last version that changed its display
    status   TEXT NOT NULL,
    position INTEGER NOT NULL      -- its place in the publisher's own list, from 1
) WITHOUT ROWID, STRICT;
CREATE TABLE designation (
    number INTEGER NOT NULL, place INTEGER NOT NULL,
    language TEXT NOT NULL, use TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (number, place)
) WITHOUT ROWID, STRICT;
CREATE TABLE property (
    number INTEGER NOT NULL, place INTEGER NOT NULL,
    name TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (number, place)
) WITHOUT ROWID, STRICT;
CREATE TABLE parent (number INTEGER NOT NULL, parent INTEGER NOT NULL, PRIMARY KEY (number, parent)) WITHOUT ROWID, STRICT;
CREATE TABLE closure (
    descendant INTEGER NOT NULL, ancestor INTEGER NOT NULL, depth INTEGER NOT NULL,  -- depth: the shortest way up, from 1
    PRIMARY KEY (descendant, ancestor)
) WITHOUT ROWID, STRICT;
CREATE TABLE former (
    code TEXT PRIMARY KEY, display TEXT NOT NULL, last_version TEXT NOT NULL,
    created INTEGER NOT NULL, changed INTEGER NOT NULL, retired INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE map_entry (
    source TEXT NOT NULL,
    place  INTEGER NOT NULL,       -- among the entries of one source, from 1
    target TEXT NOT NULL,          -- '' where the map says that there is none
    relationship TEXT NOT NULL, grp INTEGER NOT NULL, rule TEXT NOT NULL, advice TEXT NOT NULL,
    PRIMARY KEY (source, place)
) WITHOUT ROWID, STRICT;
CREATE TABLE term (
    rank   INTEGER PRIMARY KEY,    -- the order of search's answers: short and preferred first
    number INTEGER NOT NULL,
    place  INTEGER NOT NULL,       -- 0: the display; n: the designation at place n
    folded TEXT NOT NULL
) STRICT;
"""

TERM_INDEX = """
CREATE VIRTUAL TABLE term_index USING fts5 (
    folded, content='', detail=none, columnsize=0, prefix='1 2 3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 0'
);
"""

LONGEST_PREFIX = 8  # letters; a longer word is cut to them for the index, then looked for in `term.folded`

INDEXES = {
    "concept_number": "CREATE UNIQUE INDEX concept_number ON concept (number)",
    "child": "CREATE INDEX child ON parent (parent, number)",
    "closure_down": "CREATE INDEX closure_down ON closure (ancestor, depth, descendant)",
    "map_target": "CREATE INDEX map_target ON map_entry (target, source)",
    # For identifiers and codes (a GTIN, a class): nobody looks a sentence up by its whole text, and it would cost half the build.
    "property_value": "CREATE INDEX property_value ON property (name, value, number) WHERE length(value) <= 32",
}
