"""The verbs on a shelf: lookup, validate, search, since, versions, compare, history, changes, translate. No HTTP, no editing.

Rules of this room:
- a verb takes a `View` (what the shelf holds at one moment) first, so that one question is answered from one manifest;
- a verb answers for a version by its label, for a date (`as_of`), or for now (`editions`);
- what is not there comes back as an answer (`model.answers`), not as an exception;
- an exception here means a damaged file (SnapshotError).
"""
