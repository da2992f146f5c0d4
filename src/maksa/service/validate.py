"""Whether a coded text is true."""

from __future__ import annotations

import datetime as dt

from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import CodedText
from maksa.model.folding import same_text
from maksa.service.lookup import display_of
from maksa.snapshot.shelf import View


def validate_code(
    view: View, text: CodedText, label: str | None = None, *, exact: bool = False, as_of: dt.datetime | None = None
) -> Found[bool] | UnknownTerminology | UnknownVersion:
    """Whether the code of *text* has its display, in the version labelled *label*, or in that of *as_of*, else in the last one.

    Displays compare as the same text typed on another keyboard, or as they are where *exact*. An unknown code is a
    False, an unknown terminology is not an answer about the text at all. Raises: SnapshotError.
    Source: contract, section 2 (ValidateCts).
    """
    answer = display_of(view, text.terminology_id, text.code, label, as_of)
    if isinstance(answer, Found):
        return Found(same_text(answer.value, text.display, exact=exact))
    return Found(False) if isinstance(answer, UnknownCode) else answer
