"""What a search finds for people: as asked, and where a list has nothing so, what was likely meant.

Rules of this file:
- what was asked comes before what is guessed, and nothing is guessed for a list that has it; a code that a list has no
  more is what was asked too, and is told as retired;
- a code may lack its dot or dash, or be typed on the other keyboard: E119 and ث۱۱.۹ are E11.9;
- a question in Persian letters is tried in English (`glossary`) and by its sound in lists that are in English, whatever was
  found in others;
- all else (the other keyboard's letters, a letter wrong) is tried only where nothing at all was found;
- of what a list has, wordings with the asked words whole come before those with their beginnings, short ones first, with
  a few letters' grace for those that begin with what was asked and some less for longer codes, which are of special cases;
  what is no longer in use comes last;
- over all lists, codes of one wording come as the first of them (hundreds of products are one drug); in one list, all come;
- a group says by what it was found, where that is not what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from msgspec.structs import replace

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.concept import Match
from maksa.model.errors import SnapshotError
from maksa.model.folding import alternatives, folded, language_of
from maksa.model.keyboard import other_keyboard
from maksa.service.editions import edition_of
from maksa.service.glossary import in_english
from maksa.service.hearing import Heard, heard, listen
from maksa.service.respelling import codes_of
from maksa.service.search import Group, search, search_each
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Edition, View

_SHORTEST, _SHORTEST_SWAPPED = 3, 4  # letters that are guessed at
_WORSE = 0.25  # how much less likely than the likeliest of all lists a guess may be
_GUESSED = 4  # lists that are guessed in
_GRACE = 5  # letters: «Pneumonia, unspecified» before «Varicella pneumonia», and not «Diabetes mellitus in pregnancy» before type 1
_SPECIAL, _SPECIAL_MOST = 12, 2  # letters for each character of a longer code, and how many characters count
_LOOKED_THROUGH = 60  # matches of a list that are put in order


def find_in_each(view: View, text: str, *, limit: int = 5) -> list[Group]:
    """The best *limit* concepts of every terminology that has any for *text*, and behind them those that were likely meant."""
    asked = _with_formers(view, _in_each(view, text, limit), text.strip(), limit)
    if len(text.strip()) < _SHORTEST:
        return [*asked, *_apart_from(asked, _translated(view, text, limit))]
    if not any(group.matches[0].code.casefold() == text.strip().casefold() for group in asked):
        spelled = _spelled(view, text, limit)
        asked = [*spelled, *_apart_from(spelled, asked)]
    asked += _apart_from(asked, _translated(view, text, limit))
    have = {group.terminology_id for group in asked}
    others = [snapshot for snapshot in _sound(view) if snapshot.version.terminology_id not in have]
    if asked:
        return [*asked, *(_by_sound(view, others, text, limit, is_foreign=True) if language_of(text) == "fa" else ())]
    swapped = other_keyboard(text)
    typed = _in_each(view, swapped, limit) if swapped and len(text.strip()) >= _SHORTEST_SWAPPED else []
    if typed:
        return [replace(group, heard=swapped) for group in typed]
    return list(_by_sound(view, others, text, limit)) or list(_by_sound(view, others, swapped, limit))


def _spelled(view: View, text: str, limit: int) -> list[Group]:
    """Groups of lists that have *text* for a code, written otherwise: E119 for E11.9."""
    for code in codes_of(text):
        if any(snapshot.display(code) is not None for snapshot in _sound(view)):
            found = _in_each(view, code, limit)
            return [replace(group, heard=code) for group in found if group.matches[0].code == code]
    return []


def _translated(view: View, text: str, limit: int) -> list[Group]:
    """Groups of the lists that have the English words for *text*."""
    english = in_english(text)
    return [replace(group, heard=english) for group in _in_each(view, english, limit)] if english else []


def _apart_from(first: list[Group], groups: list[Group]) -> list[Group]:
    """Those of *groups* whose lists are not among the *first*."""
    have = {group.terminology_id for group in first}
    return [group for group in groups if group.terminology_id not in have]


def find_in(
    view: View, terminology_id: str, text: str, *, label: str | None = None, limit: int = 20
) -> Found[Group] | UnknownTerminology | UnknownVersion:
    """The same in one list: the best *limit* concepts, perhaps none. Raises: SnapshotError."""
    edition = edition_of(view, terminology_id, label)
    if not isinstance(edition, Edition):
        return edition
    for question in _questions(edition.snapshot, text):
        answer = search(view, question, terminology_id, limit=max(limit + 1, _LOOKED_THROUGH), label=label)
        if isinstance(answer, Found) and answer.value:
            meant = "" if question == text else question
            ordered = _ordered(question, answer.value)
            return Found(Group(edition.version.terminology_id, tuple(ordered[:limit]), len(ordered) > limit, meant))
    return Found(Group(edition.version.terminology_id, (), more=False))


def get_ready(view: View) -> None:
    """Gets to know the words of every list, so that the first reader who is guessed at does not wait for it."""
    for snapshot in _sound(view):
        with suppress(SnapshotError):
            listen(snapshot)


def _questions(snapshot: Snapshot, text: str) -> Iterator[str]:
    """*text*, then what it may mean, the likeliest first."""
    yield text
    yield from (code for code in codes_of(text) if snapshot.display(code) is not None)
    if english := in_english(text):
        yield english
    if len(text.strip()) >= _SHORTEST:
        swapped = other_keyboard(text)
        if swapped and len(text.strip()) >= _SHORTEST_SWAPPED:
            yield swapped
        for each in filter(None, (text, swapped)):
            yield from (guess.question for guess in heard(snapshot, each))


def _in_each(view: View, text: str, limit: int) -> list[Group]:
    found = search_each(view, text, limit=max(limit, _LOOKED_THROUGH))
    groups = [_group(each.terminology_id, text, list(each.matches), limit, more=each.more) for each in found]
    return sorted(groups, key=lambda group: _order(group.matches[0], _words(text))[:2])


def _with_formers(view: View, asked: list[Group], code: str, limit: int) -> list[Group]:
    """The groups, and *code* where a list had it once: people look for what stands in an old prescription."""
    former = {match.terminology_id: match for match in _formers(view, code)}
    groups = [
        replace(group, matches=(former.pop(group.terminology_id), *group.matches)[:limit])
        if group.terminology_id in former
        else group
        for group in asked
    ]
    return [*groups, *(Group(each, (match,), more=False) for each, match in former.items())]


def _formers(view: View, code: str) -> Iterator[Match]:
    for snapshot in _sound(view) if code else ():
        found = snapshot.former(code)
        if found:
            terminology_id, language = snapshot.version.terminology_id, language_of(found.display)
            yield Match(terminology_id, found.code, found.display, found.code, language, 0, status="retired")


def _by_sound(
    view: View, snapshots: list[Snapshot], text: str, limit: int, *, is_foreign: bool = False
) -> Iterator[Group]:
    """A group for each of the few likeliest lists; *is_foreign* tries lists in English only, and strictly."""
    guessed = [(each, guesses[0]) for each in snapshots if (guesses := _guesses(each, text, is_foreign=is_foreign))]
    guessed.sort(key=lambda each: -each[1].likeness)
    for snapshot, guess in guessed[:_GUESSED]:
        terminology_id = snapshot.version.terminology_id
        answer = search(view, guess.question, terminology_id, limit=max(limit + 1, _LOOKED_THROUGH))
        if guess.likeness >= guessed[0][1].likeness - _WORSE and isinstance(answer, Found) and answer.value:
            yield _group(terminology_id, guess.question, answer.value, limit, guess.question)


def _guesses(snapshot: Snapshot, text: str, *, is_foreign: bool) -> list[Heard]:
    guesses = heard(snapshot, text, strictly=is_foreign)
    return [each for each in guesses if not is_foreign or language_of(each.question) == "en"]


def _group(
    terminology_id: str, question: str, matches: list[Match], limit: int, meant: str = "", *, more: bool = False
) -> Group:
    told = _told_once(_ordered(question, matches))
    return Group(terminology_id, tuple(told[:limit]), more or len(matches) > min(limit, len(told)), meant)


def _ordered(question: str, matches: list[Match]) -> list[Match]:
    words, shortest = _words(question), min((len(match.code) for match in matches), default=0)
    return sorted(matches, key=lambda match: _order(match, words, shortest))


def _told_once(ordered: list[Match]) -> list[Match]:
    """The first of each wording, in their order. What was found by its code stands for itself."""
    told: dict[tuple[str, ...], Match] = {}
    for match in ordered:
        wording = (match.code,) if match.matched == match.code else (match.display, match.matched, match.status)
        first = told.get(wording)
        told[wording] = replace(first, is_shared=True) if first else match
    return list(told.values())


def _words(text: str) -> list[str]:
    return (alternatives(text) or [[]])[0]


def _order(match: Match, words: list[str], shortest: int = 0) -> tuple[bool, bool, int]:
    """Sorts: in use or not, words whole or begun, the length. A code keeps its place.

    A code that is longer than the *shortest* one found is likely a special case of others (K76.6 beside I10): it counts as some
    more letters, up to a bound, for codes of some lists are of any length.
    """
    is_retired = match.status != "active"
    if match.matched == match.code:
        return is_retired, False, 0
    matched = folded(match.matched).split()
    grace = _GRACE if matched[: len(words)] == words else 0
    special = min(len(match.code) - shortest, _SPECIAL_MOST) * _SPECIAL if shortest else 0
    return is_retired, not set(words) <= set(matched), len(match.matched) - grace + special


def _sound(view: View) -> Iterator[Snapshot]:
    for terminology in view.terminologies:
        with suppress(SnapshotError):
            yield terminology.last.snapshot
