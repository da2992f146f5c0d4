"""A reason in two languages: what fills its sentences is written as each of them writes it."""

from __future__ import annotations

import pickle

from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import Reason, ReasonedError, Reasons

REASONS = Reasons({
    "wide": ("{part} is {rows:,} rows", "«{part}» {rows:,} ردیف است"),
    "ids": ("the column names {ids}", "ستون این‌ها را نام می‌برد: {ids}"),
    "said": ("it is damaged: {detail}", "آسیب دیده است"),
    "line": ("line {line}: {reason}", "خط {line}: {reason}"),
})  # fmt: skip


def test_numbers_are_written_as_the_language_writes_them():
    """With thousands apart where the sentence asks for it."""
    assert REASONS.of("wide", part="s1", rows=1048576) == Reason("s1 is 1,048,576 rows", "«s1» ۱٬۰۴۸٬۵۷۶ ردیف است")


def test_several_texts_are_quoted_one_by_one_in_persian():
    """In English they are read with commas, and a list as Python writes it, which scripts know."""
    assert REASONS.of("ids", ids=("a", "b")) == Reason("the column names a, b", "ستون این‌ها را نام می‌برد: «a»، «b»")
    assert REASONS.of("ids", ids=["a"]).english == "the column names ['a']"


def test_what_cannot_be_seen_is_named_in_persian_too():
    """A mark of direction would turn the sentence around; a half-space is read as it is."""
    assert REASONS.of("wide", part="a\u202eb\u200cc", rows=1).persian == "«a\\u202eb\u200cc» ۱ ردیف است"


def test_a_reason_in_a_reason_keeps_its_foreign_word():
    """A place before it; what a file writes is never a place of a sentence."""
    inner = REASONS.of("said", "no {reason}")

    assert REASONS.of("line", line=12, reason=inner) == (
        "line 12: it is damaged: no {reason}",
        "خط ۱۲: آسیب دیده است",
        "no {reason}",
    )


def test_an_error_carries_all_of_it():
    """Its message is the English one, between processes too."""
    error = pickle.loads(pickle.dumps(FileUnreadableError(file="a.xlsx", **REASONS.of("said", "EOF").facts)))

    assert str(error) == "a.xlsx: it is damaged: EOF"
    assert (error.reason_fa, error.detail) == ("آسیب دیده است", "EOF")
    assert str(ReasonedError(REASONS.of("said", "EOF"))) == "it is damaged: EOF"
