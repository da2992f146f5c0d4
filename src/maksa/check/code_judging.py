"""The judgement of a code that its list has not, or has no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from maksa.check.case import Case
from maksa.check.code_list import CodeList
from maksa.check.codes import Candidate, breaks, mistyped, one_key_away, spelled
from maksa.check.elsewhere import same_elsewhere, turned
from maksa.check.likeness import likeness, same_letters
from maksa.check.near_displays import near_displays
from maksa.check.numbers import endings, has_lost_digits, may_be, may_have_lost_digits
from maksa.check.successors import Successors, successors_of
from maksa.check.wordings import Wording
from maksa.model.concept import CodedText
from maksa.model.folding import same_text

_SURE_WAYS = ("code-digits", "code-number", "code-case", "code-punctuation")
"""Ways of writing a code that leave its letters and digits as they are: certain where one code is meant."""

_KEYS_COST, _SEARCH_COST = 1, 100  # of the allowance: about a tenth of a millisecond each
_SUGGESTED = 3
_KEY_WORTH = 15  # of a hundred: a code that is one key away is nearer than one whose display alone is so like


def judge_missing_code(case: Case, code_list: CodeList) -> None:
    """A code that is missing is known where exactly one code has the display."""
    found = [each for each in code_list.wordings.of(case.text.display) if each.is_display]
    exact = [each for each in found if same_text(each.display, case.text.display)]
    if len(exact) == 1:
        case.now = exact[0].display
        case.say("missing-code", correction=case.with_code(exact[0].code))
    else:
        case.say("missing-code", suggestions=[case.of_list(each.code, each.display) for each in found[:_SUGGESTED]])


def judge_code(case: Case, code_list: CodeList, allowance: Callable[[int], bool], damage: str) -> None:
    """Sets what the list has for the code, or says why it has not; a code that is certain is corrected on the way."""
    code = case.text.code
    now = code_list.display(code)
    if now is not None:
        case.now = now
        if code in code_list.retired:
            _inactive(case, code_list)
        return
    for judge in (_damaged(damage), *_JUDGES):
        if judge(case, code_list):
            return
    _unknown(case, code_list, allowance)


def _inactive(case: Case, code_list: CodeList) -> None:
    found = successors_of(case.lists, code_list, case.text.code)
    case.say("inactive", suggestions=_suggested(case, found.texts), clauses=_clauses(found))


def _damaged(damage: str) -> Callable[[Case, CodeList], bool]:
    """Judges a code of which a spreadsheet has kept a number, a date or a truth value only: its display tells which it was."""

    def judge(case: Case, code_list: CodeList) -> bool:
        slug = damage or ("digits-lost" if has_lost_digits(case.text.code) else "")
        if slug:
            _lost(slug, case, code_list)
        return bool(slug)

    return judge


def _cut(case: Case, code_list: CodeList) -> bool:
    """Judges a long code whose last digits are zeros in place of those that a spreadsheet has lost."""
    if not may_have_lost_digits(case.text.code):
        return False
    _lost("digits-lost", case, code_list)
    return True


def _lost(slug: str, case: Case, code_list: CodeList) -> None:
    code, display = case.text.code, case.text.display
    named = [each for each in code_list.wordings.of(display) if each.is_display]
    is_number = slug == "digits-lost"
    meant = [each for each in named if (may_be(code, each.code) if is_number else same_text(each.display, display))]
    if len(meant) == 1:
        case.now = meant[0].display
        case.say(slug, correction=case.with_code(meant[0].code), clauses=_meant(meant[0].code))
    else:
        case.say(slug, suggestions=_that_may_be(case, code_list, meant), clauses=_meant(""))


def _meant(code: str) -> dict[str, str]:
    return {"meant": f"; it was {code!r}" if code else "", "meant_fa": f"؛ کد «{code}» بوده است" if code else ""}


def _that_may_be(case: Case, code_list: CodeList, meant: Sequence[Wording]) -> list[CodedText]:
    """The codes *meant* by the display; where there are none, those that have all the digits which are left."""
    pairs = [(each.code, each.display) for each in meant] or [
        *code_list.displays(list(endings(case.text.code))).items()
    ]
    return [case.of_list(*pair) for pair in pairs[:_SUGGESTED]]


def _retired(case: Case, code_list: CodeList) -> bool:
    """Judges a code that an earlier version had. Its successor is certain where the text means what the code meant."""
    former = code_list.former(case.text.code)
    if former is None:
        return False
    found = successors_of(case.lists, code_list, case.text.code)
    is_meant = not case.text.display or same_letters(case.text.display, former.display)
    right = found.texts[0] if found.is_certain and is_meant else None
    if right is not None:
        case.now = right.display
    case.say(
        "retired",
        correction=case.mended(right.code, right.display) if right else None,
        suggestions=() if right else _suggested(case, found.texts),
        version=former.last_version,
        at=former.retired,
        clauses=_clauses(found),
        former=former.display,
    )
    return True


def _suggested(case: Case, texts: Sequence[CodedText]) -> list[CodedText]:
    return [case.of_list(each.code, each.display) for each in texts]


def _clauses(found: Successors) -> dict[str, str]:
    """What is said of successors, in both languages; the Persian begins where its sentence ends."""
    named = [f"{each.code} ({each.display})" for each in found.texts]
    return {
        "successor": f"; in its place: {', '.join(named)}" if named else "",
        "successor_fa": f"؛ به جای آن: {'، '.join(named)}" if named else "",
    }


def _not_yet(case: Case, code_list: CodeList) -> bool:
    for edition in code_list.after():
        if edition.snapshot.display(case.text.code) is not None:
            case.say("not-yet", version=edition.version.label, at=edition.version.published_at)
            return True
    return False


def _swapped(case: Case, _code_list: CodeList) -> bool:
    text = case.text
    right = turned(case.lists.asked, text.terminology_id, text.code, text.display) if case.has_display else None
    if right is None:
        return False
    case.say("swapped", correction=right, shown=f"{right.terminology_id} {right.code} {right.display}")
    _move(case, right)
    return True


def _move(case: Case, right: CodedText) -> None:
    """Goes on with the list of *right*; its display is its own, so that there is nothing left to judge."""
    case.code_list = case.lists.asked(right.terminology_id)
    case.now = right.display


def _written_otherwise(case: Case, code_list: CodeList) -> bool:
    """Judges a code that is in the list, written otherwise: with its own display, or by the same letters and digits."""
    display = case.text.display
    candidates = case.spelled = spelled(code_list, case.text.code, display)
    agreeing = [each for each in candidates if _agrees(each, display)]
    sure = [each for each in candidates if each.slug in _SURE_WAYS and _is_sure(each, case.text.code)]
    alike = [each for each in sure if each.slug == sure[0].slug]
    found = agreeing or alike
    meant = found[0] if len(found) == 1 else None
    if meant is None:
        return False
    case.now = meant.display
    case.say(meant.slug, correction=case.with_code(meant.code), other=meant.code)
    return True


def _is_sure(candidate: Candidate, code: str) -> bool:
    """Whether the same letters and digits are the same code.

    Of digits alone, 11 may be 1.1 or another mistake; and C6.8 is rather C06.8 than C68, for its dot stands elsewhere.
    """
    if candidate.slug != "code-punctuation":
        return True
    return any(map(str.isalpha, code)) and breaks(code) in ((), breaks(candidate.code))


def _agrees(candidate: Candidate, display: str) -> bool:
    return same_letters(candidate.display, display)


def _of_another_list(case: Case, code_list: CodeList) -> bool:
    text = case.text
    found = same_elsewhere(case.lists, text.code, text.display, but=code_list.id)
    if not found:
        return False
    own = [case.of_list(each.code, each.display) for each in code_list.wordings.of(text.display)]
    if len(found) == 1 and not own and same_text(found[0].display, text.display):
        case.say("another-list", correction=found[0], other=found[0].terminology_id)
        _move(case, found[0])
    else:  # where the list has the display too, its code may be what is wrong
        suggestions = [*found, *own[:_SUGGESTED]]
        case.say("another-list", suggestions=suggestions, other=", ".join(each.terminology_id for each in found))
    return True


def _of_display(case: Case, code_list: CodeList) -> bool:
    """Judges an unknown code by its display: where the code that has it is one key away, that one is certain."""
    found = code_list.wordings.of(case.text.display)
    if not found:
        return False
    near = set(one_key_away(case.text.code))
    certain = [each for each in found if each.is_display and each.code in near]
    if len(certain) == 1:
        case.now = certain[0].display
        case.say("near-code", correction=case.with_code(certain[0].code), other=certain[0].code, other_display=case.now)
        return True
    suggestions = [case.of_list(each.code, each.display) for each in found[:_SUGGESTED]]
    case.say("code-of-display", suggestions=suggestions, other=found[0].code)
    return True


def _near(case: Case, _code_list: CodeList) -> bool:
    """Judges a code that could be one of several written otherwise."""
    candidates = case.spelled[:_SUGGESTED]
    if not candidates:
        return False
    suggestions = [case.of_list(each.code, each.display) for each in candidates]
    case.say(candidates[0].slug, suggestions=suggestions, other=candidates[0].code)
    return True


def _unknown(case: Case, code_list: CodeList, allowance: Callable[[int], bool]) -> None:
    """Says that there is no such code, with what is near it, if so costly a look is allowed."""
    text = case.text
    alike = near_displays(code_list, text.display) if text.display and allowance(_SEARCH_COST) else []
    near = mistyped(code_list, text.code, text.display) if allowance(_KEYS_COST) else []
    scored = [(likeness(text.display, each.display), case.of_list(each.code, each.display)) for each in alike]
    scored += [(each.likeness + _KEY_WORTH, case.of_list(each.code, each.display)) for each in near]
    best = sorted(scored, key=lambda pair: -pair[0])
    suggestions = list(dict.fromkeys(suggestion for _, suggestion in best))[:_SUGGESTED]
    if suggestions:
        case.say("near-code", suggestions=suggestions, other=suggestions[0].code, other_display=suggestions[0].display)
    else:
        case.say("unknown-code")


_JUDGES = (_retired, _not_yet, _swapped, _written_otherwise, _of_another_list, _cut, _of_display, _near)
"""In the order in which they are asked: what is recorded before what is written in the text, likeness last."""
