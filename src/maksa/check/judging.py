"""The judgement of a coded text that is not plainly valid: its parts one after the other, terminology, code, display.

Rules of this file:
- a correction is certain where the text itself says what was meant (the same letters, a former display, two parts that name the
  same third) and never where only likeness does; what is not certain is a suggestion;
- the first finding that is not certain about one part ends the judgement of those after it: they would be guesses;
- what is valid to ValidateCts gets warnings only. Source: contract, section 2.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from maksa.check.case import Case
from maksa.check.cleaning import cleaned, has_blanks, unseen_in
from maksa.check.code_judging import judge_code, judge_missing_code
from maksa.check.code_list import CodeList
from maksa.check.display_judging import judge_display
from maksa.check.elsewhere import same_elsewhere, turned
from maksa.check.likeness import same_numbers
from maksa.check.lists import Lists
from maksa.check.reading.found import NOT_TEXT
from maksa.check.verdict import Part, Verdict
from maksa.model.answers import UnknownTerminology
from maksa.model.concept import CodedText

Allowance = Callable[[int], bool]
"""Asked before a costly look with its cost; whether there is enough left."""


def judged(
    lists: Lists, given: CodedText, allowance: Allowance, *, has_display: bool = True, damage: str = ""
) -> Verdict:
    """What is wrong with *given*.

    Args:
        has_display: whether displays are judged at all.
        damage: the slug of what a spreadsheet has done to the cell of the code, or a message's writer to the code, where they have.

    Raises: SnapshotError where the file of the list that it names is damaged.
    """
    case = Case(lists, given, has_display=has_display)
    _clean(case)
    if damage == NOT_TEXT:
        case.say(damage, correction=case.text)
        damage = ""
    code_list = _terminology(case)
    if code_list is None:
        return case.verdict()
    case.code_list = code_list
    if not case.text.code:
        judge_missing_code(case, code_list)
    else:
        judge_code(case, code_list, allowance, damage)
    if case.is_certain and case.has_display and case.code_list is code_list:
        judge_display(case, code_list)
    return case.verdict()


def _clean(case: Case) -> None:
    """Says what cannot be seen, and takes it away."""
    given = case.given
    parts: tuple[tuple[Part, str, bool], ...] = (
        ("terminology", given.terminology_id, False),
        ("code", given.code, False),
        ("display", given.display, True),
    )
    clean = CodedText(*(cleaned(text, is_display=is_display) for _, text, is_display in parts))
    if clean == given:
        return
    for part, text, is_display in parts:
        if characters := unseen_in(text, is_display=is_display):
            case.say("control-character", part=part, correction=clean, characters=characters)
    if any(has_blanks(text, is_display=is_display) for _, text, is_display in parts if text.strip()):
        case.say("blanks", correction=clean)
    case.text = clean


def _terminology(case: Case) -> CodeList | None:
    """The list that the text names; None where the judgement ends here."""
    text = case.text
    if not text.terminology_id:
        case.say("missing-terminology", suggestions=same_elsewhere(case.lists, text.code, text.display, but=""))
        return None
    named = case.lists.named(text.terminology_id)
    if not named.terminology_id:
        return _unknown_terminology(case, case.lists.near(text.terminology_id))
    right = named.terminology_id
    if named.how in ("case", "spelling"):
        slug = "terminology-case" if named.how == "case" else "terminology-spelling"
        case.say(slug, correction=replace(text, terminology_id=right), right=right)
    found = case.lists.of(right)
    if isinstance(found, CodeList):
        return found
    if isinstance(found, UnknownTerminology):
        elsewhere = same_elsewhere(case.lists, text.code, text.display, but="")
        case.say("terminology-not-published", suggestions=elsewhere, right=right)
    elif found.as_of is not None:
        case.say("not-in-force", right=right)
    else:
        case.say("unknown-version", right=right, label=found.label)
    return None


def _unknown_terminology(case: Case, meant: tuple[str, ...]) -> CodeList | None:
    """Says it; the list to go on with, where one that is spelled nearly so has the very code and display."""
    text = case.text
    right = turned(case.lists.asked, text.terminology_id, text.code, text.display)
    if right is not None:
        case.say("swapped", correction=right, shown=_shown(right))
        return case.lists.asked(right.terminology_id)
    same = same_elsewhere(case.lists, text.code, text.display, but="")
    near = [each for each in same if each.terminology_id in meant]
    sure = [each for each in near if same_numbers(each.terminology_id, text.terminology_id)]  # ICD11 is not ICD10
    if len(sure) == 1:
        right_id = sure[0].terminology_id
        case.say("terminology-spelling", correction=replace(text, terminology_id=right_id), right=right_id)
        return case.lists.asked(right_id)
    suggestions = [*near, *(each for each in same if each not in near)] or [
        replace(text, terminology_id=each) for each in meant
    ]
    names = " or ".join(repr(each.terminology_id) for each in suggestions)
    names_fa = " یا ".join(f"«{each.terminology_id}»" for each in suggestions)
    case.say(
        "unknown-terminology",
        suggestions=suggestions,
        meant=f"; is {names} meant?" if names else "",
        meant_fa=f"؛ آیا {names_fa} منظور است؟" if names else "",
    )
    return None


def _shown(text: CodedText) -> str:
    return f"{text.terminology_id} {text.code} {text.display}"
