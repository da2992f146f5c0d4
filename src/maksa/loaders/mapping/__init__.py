"""Tables of correspondences: a CSV, TSV or XLSX file in which one column holds source codes and another their targets.

    with MapTableSource(path, source_column="IRC", target_column="eRX", map_id="IRC-eRX") as source:
        for entry in source.entries(): ...
        report = source.report()

README.md tells the columns that are recognised beside the two that are named.
"""

from maksa.loaders.mapping.source import MapTableSource

__all__ = ["MapTableSource"]
