"""What findings say, in English and Persian, with the severity of each: the one place where their wording is kept.

`{value}` is the cell; the other names are the facts that the finder gives to `Gathering.add`.
"""

from __future__ import annotations

from typing import NamedTuple

from maksa.model.finding import Severity


class Wording(NamedTuple):
    severity: Severity
    english: str
    persian: str


REFUSALS = {
    "blank-code": ("the code is blank", "کد خالی است"),
    "repeated-code": (
        "the code {value!r} is already in row {first_row}",
        "کد «{value}» پیش‌تر در ردیف {first_row} آمده است",
    ),
    "long-code": (
        "the code has {length} characters; at most {limit} are allowed",
        "کد {length} نویسه دارد؛ بیشینه {limit} نویسه است",
    ),
    "blank-title": ("the notice has no title", "ابلاغیه عنوان ندارد"),
    "malformed-date": ("{value!r} is no date: {reason}", "«{value}» تاریخ نیست"),
    "blank-display": (
        "the code {code!r} has no display in any column",
        "کد «{code}» در هیچ ستونی مقدار ندارد",
    ),
    "control-character": (
        "the cell holds control characters: {characters}",
        "خانه نویسهٔ کنترلی دارد: {characters}",
    ),
    "invisible-in-code": (
        "the code holds characters that cannot be seen: {characters}",
        "کد نویسهٔ نادیدنی دارد: {characters}",
    ),
    "digits-lost": (
        "the spreadsheet has lost the last digits of this number (it keeps 15, and shows fewer); format the column as text",
        "صفحه‌گسترده رقم‌های پایانی این عدد را از دست داده است (۱۵ رقم را نگه می‌دارد و کمتر از آن نشان می‌دهد)؛ قالب ستون را متن کنید",
    ),
    "date-for-code": (
        "the spreadsheet has made a date of this code; format the column as text",
        "صفحه‌گسترده این کد را تاریخ کرده است؛ قالب ستون را متن کنید",
    ),
    "boolean-for-code": (
        "the spreadsheet has made a truth value of this code; format the column as text",
        "صفحه‌گسترده این کد را درست و نادرست کرده است؛ قالب ستون را متن کنید",
    ),
    "too-many-cells": (
        "the row has {cells} cells, the header {width}",
        "ردیف {cells} خانه دارد و سرستون {width} خانه",
    ),
    "broken-record": (
        "the row cannot be told into cells: {reason}",
        "ردیف را نمی‌توان به خانه‌ها بخش کرد: {reason_fa}",
    ),
    "own-parent": ("the code {value!r} is its own parent", "کد «{value}» والد خودش است"),
    "repeated-component": (
        "the component {value!r} is already in row {first_row}, with the same date or in a Snapshot",
        "جزء «{value}» پیش‌تر در ردیف {first_row} آمده است، با همین تاریخ یا در یک Snapshot",
    ),
    "cell-count": (
        "the row has {cells} cells, the header {width}",
        "ردیف {cells} خانه دارد و سرستون {width} خانه",
    ),
    "not-a-date": ("{value!r} is no date YYYYMMDD", "«{value}» تاریخی به شکل YYYYMMDD نیست"),
    "not-a-flag": ("{value!r} is neither 0 nor 1", "«{value}» نه صفر است و نه یک"),
    "not-an-sctid": (
        "{value!r} is no SNOMED CT identifier of 6 to 18 digits",
        "«{value}» شناسهٔ SNOMED CT با ۶ تا ۱۸ رقم نیست",
    ),
    "not-a-mapping": (
        "the line is not two codes and five flags: {value!r}",
        "خط دو کد و پنج نشان نیست: «{value}»",
    ),
    "no-description": (
        "the concept {value!r} has no active description",
        "مفهوم «{value}» هیچ شرح فعالی ندارد",
    ),
    "parent-cycle": (
        "the parents go round in a circle: {path}; nothing is published until it is mended",
        "والدها دور می‌زنند: {path}؛ تا درست نشود چیزی منتشر نمی‌شود",
    ),
    "malformed-concept": (
        "the entry is not as its form wants it: {reason}",
        "این بخش چنان نیست که قالبش می‌خواهد: {reason}",
    ),
    "below-refused": (
        "{count} concepts stand below one that was refused; they are refused with it",
        "{count} مفهوم زیر مفهومی است که رد شد؛ همراه آن رد شد",
    ),
}

MAPS = {
    "repeated-entry": (
        "{value!r} → {target!r} is already in row {first_row}",
        "«{value}» ← «{target}» پیش‌تر در ردیف {first_row} آمده است",
    ),
    "not-a-number": ("{value!r} is not a whole number", "«{value}» عدد درست نیست"),
}

CHANGES = {
    "unknown-action": (
        "the action {value!r} is not known: add, relabel, move, retire or add-designation",
        "عمل «{value}» شناخته نیست: add، relabel، move، retire یا add-designation",
    ),
    "code-exists": (
        "the code {value!r} is in the draft already: {display!r}",
        "کد «{value}» در پیش‌نویس هست: «{display}»",
    ),
    "code-not-there": ("the draft has no code {value!r}", "پیش‌نویس کد «{value}» ندارد"),
    "parent-not-there": (
        "the parent {value!r} of {code!r} is no code of the draft",
        "والد «{value}» برای «{code}» در پیش‌نویس نیست",
    ),
    "children-left": (
        "{value!r} cannot be retired: {number} codes are below it: {children}; move or retire them too",
        "کد «{value}» کنارگذاشتنی نیست: {number} کد زیر آن است: {children}؛ آنها را هم جابه‌جا یا کنار بگذارید",
    ),
}

WARNINGS = {
    "no-effect": (
        "the code {code!r} has this already: {value!r}",
        "کد «{code}» همین را دارد: «{value}»",
    ),
    "encoding": (
        "the file is not UTF-8; it was read as {encoding}, check its letters",
        "فایل UTF-8 نیست؛ با {encoding} خوانده شد، نویسه‌هایش را وارسی کنید",
    ),
    "sheets-not-read": (
        "the sheet {sheet!r} was read; not read: {others}",
        "برگهٔ «{sheet}» خوانده شد؛ خوانده نشد: {others}",
    ),
    "id-differs": (
        "all rows name the terminology {value!r}; they were taken as {terminology_id!r}",
        "همهٔ ردیف‌ها ترمینولوژی «{value}» را نام برده‌اند؛ به‌جای «{terminology_id}» پذیرفته شد",
    ),
    "other-terminology": (
        "{count} rows of other terminologies were left out: {ids}",
        "{count} ردیف از ترمینولوژی‌های دیگر کنار گذاشته شد: {ids}",
    ),
    "blank-rows": ("{count} rows are wholly blank", "{count} ردیف سراسر خالی است"),
    "too-few-cells": (
        "the row has {cells} cells, the header {width}; the missing ones were taken as blank",
        "ردیف {cells} خانه دارد و سرستون {width} خانه؛ خانه‌های نبوده خالی شمرده شد",
    ),
    "swapped-cells": (
        "number and date stand in each other's column: {value!r} is the date, {other!r} the number",
        "شماره و تاریخ در ستون یکدیگرند: «{value}» تاریخ است و «{other}» شماره",
    ),
    "display-differs": (
        "the code {code!r} is {first!r} in row {first_row}; that is kept",
        "کد «{code}» در ردیف {first_row} «{first}» است؛ همان نگه داشته شد",
    ),
    "rows-without-code": ("{count} rows have no such code", "{count} ردیف این کد را ندارد"),
    "level-missing": (
        "{count} codes have no code one level up by their prefix: {examples}",
        "{count} کد یک سطح بالاتر، بر پایهٔ پیشوند، کدی ندارد: {examples}",
    ),
    "trimmed": ("blanks around the cell were removed", "فاصله‌های دو سوی خانه برداشته شد"),
    "line-break": (
        "a line break or tab inside the cell was made a blank",
        "شکست سطر یا تب درون خانه به فاصله تبدیل شد",
    ),
    "bidi-character": (
        "characters of writing direction were removed: {characters}",
        "نویسه‌های جهت نوشتار برداشته شد: {characters}",
    ),
    "arabic-letters": (
        "Arabic letters in Persian text: {characters}; kept as they are",
        "حرف عربی در متن فارسی: {characters}؛ همان‌گونه نگه داشته شد",
    ),
    "lost-character": (
        "U+FFFD: an earlier program has lost a character here",
        "U+FFFD: برنامه‌ای پیش از این، نویسه‌ای را اینجا از دست داده است",
    ),
    "unknown-status": (
        "the status {value!r} is not known; the concept was taken as active",
        "وضعیت «{value}» شناخته نیست؛ مفهوم فعال شمرده شد",
    ),
    "display-stands-in": (
        "the display is blank; that of the column {other!r} stands in",
        "مقدار خالی است؛ مقدار ستون «{other}» جایش نشست",
    ),
    "number-code": (
        "{count} codes are numbers in the spreadsheet; check that none had leading zeros",
        "{count} کد در صفحه‌گسترده عدد است؛ وارسی کنید که صفر آغازین نداشته باشد",
    ),
    "leading-zeros": (
        "leading zeros seem lost: the last version has no {value!r} but {padded!r}",
        "گویا صفرهای آغازین افتاده است: نسخهٔ پیش «{value}» ندارد و «{padded}» دارد",
    ),
    "shorter-number": (
        "leading zeros seem lost: {count} codes are numbers of {length} digits, others are texts of {expected} with zeros",
        "گویا صفرهای آغازین افتاده است: {count} کد عدد {length} رقمی است و کدهای دیگر متن {expected} رقمی با صفر آغازین",
    ),
    "display-changed": (
        "the code {code!r} was {former!r} in the last version",
        "کد «{code}» در نسخهٔ پیش «{former}» بود",
    ),
    "retired": (
        "{count} codes of the last version are not in this file: {examples}",
        "{count} کد نسخهٔ پیش در این فایل نیست: {examples}",
    ),
    "unknown-concept": (
        "{count} descriptions are of concepts that the release has not, such as {value!r}; was an extension loaded alone?",
        "{count} شرح از مفهوم‌هایی است که انتشار ندارد، مانند «{value}»؛ آیا افزونه‌ای تنها بارگذاری شده است؟",
    ),
    "missing-file": (
        "the release has no {kind} file ({value})",
        "انتشار فایل {kind} ندارد ({value})",
    ),
    "orphan-parent": (
        "the parent {value!r} of {code!r} is no code that was kept",
        "والد «{value}» برای «{code}» در میان کدهای نگه‌داشته نیست",
    ),
    "other-issuer": (
        "the file names another issuer, {value!r}; the last version's stays: {kept!r}",
        "فایل ناشر دیگری را نام می‌برد، «{value}»؛ ناشر نسخهٔ پیشین ماند: «{kept}»",
    ),
    "other-licence": (
        "the file states another licence, {value!r}; the last version's stays: {kept!r}",
        "فایل مجوز دیگری دارد، «{value}»؛ مجوز نسخهٔ پیشین ماند: «{kept}»",
    ),
    "incomplete-content": (
        "the code system says of itself that its content is {value!r}: codes are missing from it",
        "این سامانهٔ کد خود را «{value}» می‌خواند: همهٔ کدها در آن نیست",
    ),
    "count-differs": (
        "the code system says that it has {value} concepts and holds {found}",
        "این سامانهٔ کد می‌گوید {value} مفهوم دارد و {found} مفهوم در آن است",
    ),
    "code-stands-in": (
        "the concept has no display; its code stands in",
        "مفهوم مقدار ندارد؛ کد آن جایش نشست",
    ),
    "unknown-relationship": (
        "the relationship {value!r} is not known; it was taken as related-to",
        "رابطهٔ «{value}» شناخته نیست؛ «مرتبط» شمرده شد",
    ),
    "ucum-prefixes": (
        "{count} prefixes are parts of codes and no codes; they were left out",
        "{count} پیشوند بخشی از کدند و خود کد نیستند؛ کنار گذاشته شد",
    ),
    "combined": (
        "{count} codes were made of classes and the values of their modifiers",
        "{count} کد از رده‌ها و مقدارهای اصلاح‌گرشان ساخته شد",
    ),
    "unknown-modifier": (
        "the class {code!r} is modified by {value!r}, of which the file has no value",
        "ردهٔ «{code}» با «{value}» اصلاح می‌شود که فایل مقداری از آن ندارد",
    ),
    "modifier-not-applied": (
        "the modifier {value!r} cannot follow {code!r}, which is a subdivision already",
        "اصلاح‌گر «{value}» پس از «{code}» نمی‌آید که خود زیررده است",
    ),
}

ONE = {
    "below-refused": "1 concept stands below one that was refused; it is refused with it",
    "other-terminology": "1 row of another terminology was left out: {ids}",
    "blank-rows": "1 row is wholly blank",
    "rows-without-code": "1 row has no such code",
    "level-missing": "1 code has no code one level up by its prefix: {examples}",
    "number-code": "1 code is a number in the spreadsheet; check that it had no leading zeros",
    "shorter-number": "leading zeros seem lost: 1 code is a number of {length} digits, others are texts of {expected} with zeros",
    "retired": "1 code of the last version is not in this file: {examples}",
    "unknown-concept": "1 description is of a concept that the release has not, {value!r}; was an extension loaded alone?",
    "ucum-prefixes": "1 prefix is a part of codes and no code; it was left out",
    "combined": "1 code was made of a class and the values of its modifiers",
}
"""The English of those that count, where the count is one. Persian has no plural after a number."""

WORDINGS: dict[str, Wording] = {
    **{slug: Wording("refusal", *texts) for slug, texts in (REFUSALS | MAPS | CHANGES).items()},
    **{slug: Wording("warning", *texts) for slug, texts in WARNINGS.items()},
}
