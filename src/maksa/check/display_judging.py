"""The judgement of a display that is not, or not quite, that of its code."""

from __future__ import annotations

from maksa.check.case import Case
from maksa.check.code_list import CodeList
from maksa.check.elsewhere import same_elsewhere
from maksa.check.likeness import likeness, same_letters, same_numbers
from maksa.model.folding import keyboard_form
from maksa.model.registry import pair_of

_NEAR = 85  # of a hundred


def judge_display(case: Case, code_list: CodeList) -> None:
    """Says how the display differs from what the list has for the code; the code is known by now."""
    display, now = case.text.display, case.now
    right = case.with_display(now)
    if display == now:
        return
    if not display:
        case.say("missing-display", correction=right)
    elif keyboard_form(display) == keyboard_form(now):
        _same_on_another_keyboard(case)
    elif same_letters(display, now):
        case.say("letters-only", correction=right)
    elif not (_of_another_time(case, code_list) or _another_wording(case, code_list)):
        _wrong(case, code_list)


def _same_on_another_keyboard(case: Case) -> None:
    """ValidateCts takes it. Source: contract, section 2: of 49 codes with several spellings in messages, 37 are only this."""
    right = case.with_display(case.now)
    if case.text.display != " ".join(case.now.split()):
        case.say("keyboard", correction=right)
    elif not any(each.slug == "blanks" for each in case.findings):
        case.say("blanks", part="display", correction=right)
    case.text = right


def _of_another_time(case: Case, code_list: CodeList) -> bool:
    code, right = case.text.code, case.with_display(case.now)
    earlier = code_list.edition_with(code, case.text.display, earlier=True)
    if earlier is not None:
        version, at = code_list.since(code)
        case.say("old-display", correction=right, version=version, at=at, until=earlier.version.label)
        return True
    later = code_list.edition_with(code, case.text.display, earlier=False)
    if later is not None:
        case.say("later-display", correction=right, version=later.version.label, at=later.version.published_at)
    return later is not None


def _another_wording(case: Case, code_list: CodeList) -> bool:
    """Whether the text is another wording of the code: a designation of its own, or the display of its pair's."""
    code, display, right = case.text.code, case.text.display, case.with_display(case.now)
    if any(same_letters(each, display) for each in code_list.other_wordings(code)):
        case.say("designation", correction=right)
        return True
    other = case.lists.asked(pair_of(code_list.id))
    paired = other.display(code) if other else None
    if other is None or paired is None or not same_letters(paired, display):
        return False
    case.say("other-language", correction=right, other=other.id)
    return True


def _wrong(case: Case, code_list: CodeList) -> None:
    """Says what the display is now, and whose display this is if it is another's: which of two parts is wrong is not certain."""
    text, right = case.text, case.with_display(case.now)
    version, at = code_list.since(text.code)
    elsewhere = same_elsewhere(case.lists, text.code, text.display, but=code_list.id)
    if elsewhere:
        named = ", ".join(each.terminology_id for each in elsewhere)
        case.say("another-list", suggestions=[*elsewhere, right], other=named)
        return
    others = [each for each in code_list.wordings.of(text.display) if each.is_display]
    if others:
        suggestions = [*(case.of_list(each.code, each.display) for each in others[:2]), right]
        case.say("other-code", suggestions=suggestions, version=version, at=at, other=others[0].code)
        return
    is_near = likeness(text.display, case.now) >= _NEAR and same_numbers(text.display, case.now)
    case.say("near-display" if is_near else "wrong-display", suggestions=[right], version=version, at=at)
