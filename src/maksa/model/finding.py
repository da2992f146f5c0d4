"""What a load says about the rows of a file: nothing is dropped silently."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Finding(Struct, frozen=True, gc=False):
    """One thing worth saying about one cell.

    A `refusal` keeps its row out of the draft; a `warning` does not. `row` counts from 1 and includes the header, as a
    spreadsheet shows it; 0 means the whole file. `column` is the header's text. `value` is the cell, cut to 200 characters.
    """

    severity: Literal["refusal", "warning"]
    slug: str
    message: str
    file: str
    sheet: str
    row: int
    column: str
    value: str


class LoadReport(Struct, kw_only=True):
    """The end of a load: every row is read, and either kept or refused (`read == kept + refused + skipped`).

    `skipped` are rows of other terminologies in the same file and wholly blank rows. `counts` holds all findings by
    (severity, slug); `findings` the first of them, bounded, so that memory does not grow; `more` is how many are not in it.
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
