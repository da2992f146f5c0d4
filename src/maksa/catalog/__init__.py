"""The one room that edits: terminologies, their drafts, and a mirror of what was published, in SQLite or PostgreSQL.

Rules of this room:
- a draft is written in one transaction: it is there whole, or it is not there;
- what is published is the shelf's to say: `reconcile` makes the mirror follow the manifest, never the reverse;
- a number (the wire's VersionId) is given once, above every number the manifest has, and never again;
- one database error is one StorageError with the database's place; what is specific to a database is in its own file.
"""

from maksa.catalog.catalog import Catalog, Clock, utc_now
from maksa.catalog.editing import EditedDraft
from maksa.catalog.held import HeldDraft
from maksa.catalog.records import Draft, TerminologyEntry

__all__ = ["Catalog", "Clock", "Draft", "EditedDraft", "HeldDraft", "TerminologyEntry", "utc_now"]
