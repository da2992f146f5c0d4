"""Tables: a CSV, TSV or XLSX file of any issuer, its columns named or recognised, as a stream of concepts.

    with TableSource(path, terminology_id="eRX") as source:
        for concept in source.concepts(): ...
        report = source.report()

README.md tells of the issuers' forms, the headers that are recognised, and every finding.
"""

from maksa.loaders.table.columns import ColumnChoice
from maksa.loaders.table.history import Previous
from maksa.loaders.table.prefixes import PrefixHierarchy
from maksa.loaders.table.source import TableSource

__all__ = ["ColumnChoice", "PrefixHierarchy", "Previous", "TableSource"]
