"""A published version, or what sets two of them apart, as a file for those who analyse and archive: CSV, XLSX, JSON, Parquet, frames.

    content = content_of(snapshot)
    write(content, Path("eRX.xlsx"))                     a whole file or none, its form by its name
    for chunk in FORMATS["csv"].chunks(content): ...     the same bytes, for a socket

Rules of this room:
- every form is made of the same `Content`: named columns, records in the publisher's order;
- CSV, JSON and XLSX stream: memory does not grow with rows. A frame, and so Parquet, is held in memory by its nature;
- a text stays that text: nothing is guessed to be a number, a date or a formula;
- what a form needs beyond `pip install maksa` is imported when it is asked for, and an absence names the extra to install.
"""

from maksa.export.content import Column, Content, content_of, differences_of
from maksa.export.formats import FORMATS, Format, disposition, file_name, format_of
from maksa.export.writing import write

__all__ = [
    "FORMATS",
    "Column",
    "Content",
    "Format",
    "content_of",
    "differences_of",
    "disposition",
    "file_name",
    "format_of",
    "write",
]
