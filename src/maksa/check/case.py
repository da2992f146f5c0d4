"""One coded text while it is judged: what was given, what is found, and the text as it is mended on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from maksa.check.code_list import CodeList
from maksa.check.codes import Candidate
from maksa.check.lists import Lists
from maksa.check.verdict import Finding, Part, Verdict
from maksa.check.wording import worded
from maksa.model.concept import CodedText


class Case:
    """`text` is the given text with all certain corrections so far; `is_certain` ends with the first that is not.

    Args:
        display: None where the file or the caller has no displays at all: then it is not judged.
    """

    def __init__(self, lists: Lists, given: CodedText, *, has_display: bool) -> None:
        self.lists = lists
        self.given = given
        self.text = given
        self.has_display = has_display
        self.code_list: CodeList | None = None
        self.now = ""  # the display that the list has for the code, as it was given or corrected
        self.spelled: list[Candidate] = []  # the codes of the list that are the code written otherwise
        self.findings: list[Finding] = []
        self.is_certain = True

    def say(
        self,
        slug: str,
        *,
        correction: CodedText | None = None,
        suggestions: Sequence[CodedText] = (),
        part: Part = "",
        version: str = "",
        at: dt.datetime | None = None,
        clauses: Mapping[str, str] | None = None,
        **facts: str,
    ) -> None:
        """Adds a finding. With a *correction* the text is that from now on; a refusal without one is not certain.

        *facts* and *clauses* are what its wording names beside the parts of the text and what is known of its list.
        """
        text, code_list = self.text, self.code_list
        known = {**(clauses or {}), "terminology_id": text.terminology_id, "code": text.code, "display": text.display}
        if code_list is not None:
            known |= {"right": code_list.id, "label": code_list.label, "now": self.now, "version": version}
        found = worded(
            slug, known | facts, part=part, correction=correction, suggestions=tuple(suggestions), version=version, at=at
        )  # fmt: skip
        self.findings.append(found)
        if correction is not None:
            self.text = correction
        elif found.severity == "refusal":
            self.is_certain = False

    def with_code(self, code: str) -> CodedText:
        """The text with another code."""
        return replace(self.text, code=code)

    def with_display(self, display: str) -> CodedText:
        """The text with another display; as it is where displays are not judged."""
        return replace(self.text, display=display) if self.has_display else self.text

    def mended(self, code: str, display: str) -> CodedText:
        """The text with another code and its display; the latter as it is where displays are not judged."""
        return replace(self.with_display(display), code=code)

    def of_list(self, code: str, display: str) -> CodedText:
        """A coded text of the list that the case is about, its terminology written as in the text."""
        return replace(self.text, code=code, display=display)

    def verdict(self) -> Verdict:
        """What was found."""
        code_list = self.code_list
        is_mended = self.is_certain and any(finding.correction is not None for finding in self.findings)
        return Verdict(
            self.given,
            code_list.id if code_list else "",
            code_list.label if code_list else "",
            self.now,
            tuple(self.findings),
            self.text if is_mended else None,
        )
