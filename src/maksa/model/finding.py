"""What a load says about the rows of a file: nothing is dropped silently."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Severity = Literal["refusal", "warning"]


class Finding(Struct, frozen=True, gc=False):
    """One thing worth saying about one cell, or about `count` of them of which this is the first.

    A `refusal` keeps its row out of the draft; a `warning` does not. `row` counts from 1 and includes the header, as a
    spreadsheet shows it (in text, a record of several lines is one row); 0 means the whole file. `column` is the header's
    text. `value` is the cell, cut to 200 characters. `message` is English, `message_fa` the same in Persian.
    """

    severity: Severity
    slug: str
    message: str
    file: str
    sheet: str
    row: int
    column: str
    value: str
    message_fa: str = ""
    count: int = 1


class LoadReport(Struct, kw_only=True):
    """The end of a load: every row is read, and either kept or refused (`read == kept + refused + skipped`).

    `skipped` are rows of other terminologies in the same file and wholly blank rows. `counts` holds all findings by
    slug (a slug has one severity); `findings` the first 100 of each slug, so that memory does not grow; `more` is how
    many are not in it: `sum(counts.values()) == sum(f.count for f in findings) + more`. `blocking` counts the findings
    for which nothing of this file may be published, whatever its rows: a hierarchy that bites its tail.
    """

    file: str
    sheet: str
    terminology_id: str
    label: str
    recognised: dict[str, str]
    read: int = 0
    kept: int = 0
    refused: int = 0
    skipped: int = 0
    counts: dict[str, int] = {}
    findings: list[Finding] = []
    more: int = 0
    blocking: int = 0
