"""Tables of changes: a few rows that say what is to be added, relabelled, moved or retired in a list, judged one by one.

    with ChangeSource(path, terminology_id="eRX") as source:
        changes = source.changes()
        after = source.applied(changes, concepts, children)
        report = source.report()

README.md tells the columns and the words that are understood.
"""

from maksa.loaders.changes.source import ChangeSource

__all__ = ["ChangeSource"]
