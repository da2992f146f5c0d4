"""Coded texts out of files: tables, workbooks, JSON of any depth, lines of JSON, messages in XML.

Rules of this folder:
- the form of a file is told by its content, never by its name;
- every coded text carries where it stands, and where each of its parts lies in the file, so that a part can be replaced and the
  rest stay as it is, byte for byte;
- files are streams: memory does not grow with them. What would make it grow (a text without an end, a nest without a
  bottom) is refused with its place;
- nothing is fetched and nothing expanded; a workbook is read in a process of its own.
"""
