"""Notices (ابلاغیه): the table of codings that a letter announces, as `model.terminology.Notice`.

    with NoticeSource(path, day_of=read_calendar_date) as source:
        for notice in source.notices(): ...

README.md tells of the letters and of the columns.
"""

from maksa.loaders.notices.source import FORM, NoticeSource, recognises

__all__ = ["FORM", "NoticeSource", "recognises"]
