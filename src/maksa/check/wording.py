"""What the checker's findings say, in English and Persian, with the severity of each: the one place of their wording.

`{terminology_id}`, `{code}` and `{display}` are the parts as they were given; the other names are the facts that the finder
gives. A Persian sentence shows them between guillemets, so that letters of both directions stand apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from maksa.check.verdict import Finding, Part
from maksa.model.finding import Severity
from maksa.model.quoting import Shown

_SHOWN = 200  # characters of a part that a message repeats


class Wording(NamedTuple):
    severity: Severity
    part: Part
    english: str
    persian: str


_TERMINOLOGY: dict[str, tuple[str, str]] = {
    "missing-terminology": ("the terminology is missing", "شناسهٔ ترمینولوژی نیامده است"),
    "unknown-terminology": (
        "there is no terminology {terminology_id!r}{meant}",
        "ترمینولوژی «{terminology_id}» وجود ندارد{meant_fa}",
    ),
    "terminology-spelling": (
        "the terminology {terminology_id!r} is called {right!r}",
        "شناسهٔ درست ترمینولوژی «{terminology_id}»، «{right}» است",
    ),
    "terminology-not-published": (
        "the terminology {right!r} is known but no version of it is published here",
        "ترمینولوژی «{right}» شناخته است ولی نسخه‌ای از آن اینجا منتشر نشده است",
    ),
    "unknown-version": (
        "the terminology {right!r} has no version {label!r}",
        "ترمینولوژی «{right}» نسخهٔ «{label}» ندارد",
    ),
    "not-in-force": (
        "no version of the terminology {right!r} was published yet at the asked date",
        "در تاریخ پرسیده هنوز نسخه‌ای از ترمینولوژی «{right}» منتشر نشده بود",
    ),
}

_CODE: dict[str, tuple[str, str]] = {
    "missing-code": ("the code is missing", "کد نیامده است"),
    "unknown-code": ("{right} {label} has no code {code!r}", "«{right}» نسخهٔ «{label}» کد «{code}» ندارد"),
    "code-of-display": (
        "{right} has no code {code!r}; {display!r} is the display of {other!r}",
        "«{right}» کد «{code}» ندارد؛ «{display}» مقدار کد «{other}» است",
    ),
    "near-code": (
        "{right} has no code {code!r}; near it is {other!r}, {other_display!r}",
        "«{right}» کد «{code}» ندارد؛ نزدیک به آن «{other}» است: «{other_display}»",
    ),
    "code-digits": ("the code {code!r} is written {other!r}, in Latin digits", "کد «{code}» با رقم‌های لاتین نوشته می‌شود: «{other}»"),
    "code-case": (
        "the code {code!r} is written {other!r}; capitals matter",
        "کد «{code}» چنین نوشته می‌شود: «{other}»؛ حروف بزرگ و کوچک یکی نیستند",
    ),
    "code-punctuation": (
        "the code {code!r} is written {other!r}: dots, dashes or blanks are missing or too many",
        "کد «{code}» چنین نوشته می‌شود: «{other}»؛ نقطه، خط تیره یا فاصله کم یا زیاد است",
    ),
    "code-zeros": (
        "the code {code!r} is {other!r}: leading zeros are missing or too many, as a spreadsheet does it",
        "کد «{code}» باید «{other}» باشد: صفرهای آغازین کم یا زیاد است، چنان‌که صفحه‌گسترده‌ها می‌کنند",
    ),
    "code-number": (
        "the code {code!r} is {other!r}: a spreadsheet has made a number of it",
        "کد «{code}» باید «{other}» باشد: صفحه‌گسترده آن را عدد کرده است",
    ),
    "code-not-text": (
        "the code {code} stands without quotes: a number or truth value is no code, and the gateway refuses the message",
        "کد «{code}» بدون گیومه نوشته شده است: عدد یا مقدار درست و نادرست، کد نیست و درگاه پیام را رد می‌کند",
    ),
    "digits-lost": (
        "a spreadsheet has made the number {code!r} of this code, and its last digits are lost{meant}",
        "صفحه‌گسترده این کد را عدد «{code}» کرده و رقم‌های پایانی آن از دست رفته است{meant_fa}",
    ),
    "date-for-code": (
        "a spreadsheet has made the date {code!r} of this code{meant}",
        "صفحه‌گسترده این کد را تاریخ «{code}» کرده است{meant_fa}",
    ),
    "boolean-for-code": (
        "a spreadsheet has made the truth value {code!r} of this code{meant}",
        "صفحه‌گسترده این کد را مقدار درست و نادرست «{code}» کرده است{meant_fa}",
    ),
    "retired": (
        "{right} has no code {code!r} any more: until version {version} it was {former!r}{successor}",
        "«{right}» دیگر کد «{code}» ندارد؛ تا نسخهٔ «{version}» مقدار آن «{former}» بود{successor_fa}",
    ),
    "not-yet": (
        "{right} {label} had no code {code!r} yet: it came with version {version}",
        "«{right}» در نسخهٔ «{label}» هنوز کد «{code}» نداشت؛ این کد با نسخهٔ «{version}» آمد",
    ),
}  # fmt: skip

_DISPLAY: dict[str, tuple[str, str]] = {
    "missing-display": ("the display is missing; it is {now!r}", "مقدار نیامده است؛ مقدار این کد «{now}» است"),
    "wrong-display": (
        "{code!r} is {now!r} since version {version}, not {display!r}",
        "مقدار کد «{code}» از نسخهٔ «{version}»، «{now}» است، نه «{display}»",
    ),
    "old-display": (
        "{display!r} was the display of {code!r} until version {until}; since version {version} it is {now!r}",
        "«{display}» متن نسخهٔ «{until}» است؛ مقدار کد «{code}» از نسخهٔ «{version}»، «{now}» است",
    ),
    "later-display": (
        "{display!r} is the display of {code!r} in the later version {version}; in {label} it was {now!r}",
        "«{display}» متن نسخهٔ پسین «{version}» است؛ مقدار کد «{code}» در نسخهٔ «{label}»، «{now}» بود",
    ),
    "letters-only": (
        "the display differs from {now!r} in case, half-spaces, digits, diacritics or punctuation only",
        "مقدار تنها در نیم‌فاصله، رقم، اعراب، حروف بزرگ و کوچک یا نشانه‌گذاری با «{now}» فرق دارد",
    ),
    "designation": (
        "{display!r} is another wording of {code!r}; its display is {now!r}",
        "«{display}» عنوان دیگری از کد «{code}» است؛ مقدار آن «{now}» است",
    ),
    "other-language": (
        "{display!r} is the display of {code!r} in {other}; in {right} it is {now!r}",
        "«{display}» مقدار کد «{code}» در «{other}» است؛ در «{right}» مقدار آن «{now}» است",
    ),
    "near-display": (
        "the display {display!r} is nearly that of {code!r}: {now!r}",
        "«{display}» نزدیک به مقدار کد «{code}» است که «{now}» است",
    ),
    "other-code": (
        "{code!r} is {now!r}; {display!r} is the display of {other!r}",
        "مقدار کد «{code}»، «{now}» است؛ «{display}» مقدار کد «{other}» است",
    ),
}

_WHOLE: dict[str, tuple[str, str]] = {
    "swapped": (
        "the parts stand in each other's place: {shown}",
        "بخش‌ها به جای یکدیگر آمده‌اند؛ درست آن: {shown}",
    ),
    "another-list": (
        "{code!r} with {display!r} is of {other}, not of {terminology_id!r}",
        "کد «{code}» با مقدار «{display}» از «{other}» است، نه از «{terminology_id}»",
    ),
    "control-character": (
        "characters that cannot be seen: {characters}",
        "نویسه‌های نادیدنی دارد: {characters}",
    ),
    "unreadable": ("cannot be read: {reason}", "خوانده نمی‌شود: {reason_fa}"),
}

_WARNINGS: dict[str, tuple[Part, str, str]] = {
    "terminology-case": (
        "terminology",
        "the terminology {terminology_id!r} is defined as {right!r}",
        "شناسهٔ «{terminology_id}» چنین تعریف شده است: «{right}»",
    ),
    "keyboard": (
        "display",
        "the display is {now!r} typed on another keyboard (ي/ی, ك/ک)",
        "مقدار همان «{now}» است که با صفحه‌کلید دیگری نوشته شده است (ي/ی، ك/ک)",
    ),
    "blanks": ("", "blanks around a part, or several in a row", "در آغاز، پایان یا میان آن فاصلهٔ اضافه هست"),
    "inactive": (
        "code",
        "the code {code!r} is still in {right} {label}, marked as retired{successor}",
        "کد «{code}» هنوز در «{right}» نسخهٔ «{label}» هست ولی منسوخ است{successor_fa}",
    ),
}

WORDINGS: dict[str, Wording] = {
    **{slug: Wording("refusal", "terminology", *texts) for slug, texts in _TERMINOLOGY.items()},
    **{slug: Wording("refusal", "code", *texts) for slug, texts in _CODE.items()},
    **{slug: Wording("refusal", "display", *texts) for slug, texts in _DISPLAY.items()},
    **{slug: Wording("refusal", "", *texts) for slug, texts in _WHOLE.items()},
    **{slug: Wording("warning", *texts) for slug, texts in _WARNINGS.items()},
}
"""Every finding, by its slug."""


def worded(slug: str, facts: dict[str, Any], *, part: Part = "", **more: Any) -> Finding:
    """The finding of *slug*, its sentences made with *facts*; *more* are its other members. *part* where the slug has none."""
    wording = WORDINGS[slug]
    shown = {name: Shown(fact[:_SHOWN]) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Finding(
        slug=slug,
        severity=wording.severity,
        part=wording.part or part,
        message=wording.english.format(**shown),
        message_fa=wording.persian.format(**shown),
        **more,
    )
