"""What the checker says of a coded text: valid, or what is wrong with it, and what should stand there instead."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from maksa.model.concept import CodedText
from maksa.model.finding import Severity

Part = Literal["terminology", "code", "display", ""]
"""Which part of a coded text a finding is about; "" for the whole of it."""


class Finding(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One thing that is worth saying about a coded text (those about the cells of a list are `model.finding`'s).

    A `refusal` is what ValidateCts answers "false" to, or nothing; a `warning` passes there and is still not as published.
    `message` is English, `message_fa` the same in Persian. `correction` is the whole text as it should be, where that is
    certain; else `suggestions` are what may have been meant, the likeliest first. `version` and `at` are the label and the
    publication of the version that the message speaks of, where it speaks of one.
    """

    slug: str
    severity: Severity
    part: Part
    message: str
    message_fa: str
    correction: CodedText | None = None
    suggestions: tuple[CodedText, ...] = ()
    version: str = ""
    at: dt.datetime | None = None


class Verdict(Struct, frozen=True, gc=False):
    """What was given, what it was judged against, and what is wrong with it: nothing where `findings` is empty.

    `terminology_id` is the id as it was defined, `version` the label of the version that was asked, `display` what that
    says of the code; each "" where there is none. `correction` is the given text with every finding mended, None where
    there is nothing to mend or something is not certain.
    """

    given: CodedText
    terminology_id: str = ""
    version: str = ""
    display: str = ""
    findings: tuple[Finding, ...] = ()
    correction: CodedText | None = None

    @property
    def is_valid(self) -> bool:
        """Whether ValidateCts would say "true": there may be warnings."""
        return not any(finding.severity == "refusal" for finding in self.findings)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the findings, in their order."""
        return tuple(finding.slug for finding in self.findings)
