"""Why a file of the outside cannot be loaded, in English and Persian: the one place where these sentences are kept.

How they are written is in `model.reasons`. English ones are read by scripts too: they stay as they are.
`{says}`, as the form of a file is called, is in English alone: the desk names forms by words of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from maksa.model.concept_map import ConceptMap
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.reasons import COMMON, Reason, Reasons

FILES = {
    "not-a-file": ("it is not a file", "فایل نیست"),
    "compressed": (
        "it is compressed with {program}; unpack it first",
        "با {program} فشرده شده است؛ نخست آن را باز کنید",
    ),
    "archive": ("it is a {program} archive; unpack it first", "بایگانی {program} است؛ نخست آن را باز کنید"),
    "old-workbook": (
        "it is an old XLS, or locked with a password; save it as XLSX without one",
        "کارپوشهٔ قدیمی XLS است، یا گذرواژه دارد؛ آن را با XLSX و بی گذرواژه ذخیره کنید",
    ),
    "empty-zip": ("it is an empty zip", "بایگانی ZIP خالی است"),
    "pdf": ("it is a PDF; ask its issuer for the table", "PDF است؛ جدول آن را از ناشرش بخواهید"),
    "line": ("line {line}: {reason}", "خط {line}: {reason}"),
    "row": ("row {row}: {reason}", "ردیف {row}: {reason}"),
    "inside": ("{member}: {reason}", "در «{member}»: {reason}"),
}

TEXTS = {
    "bytes": ("bytes that are not {encoding}: {shown}", "بایت‌هایی دارد که «{encoding}» نیست: «{shown}»"),
    "nul": ("it holds NUL characters; this is not text", "نویسهٔ صفر (NUL) دارد؛ متن نیست"),
    "nul-here": ("a NUL character; this is not text", "نویسهٔ صفر (NUL) دارد؛ متن نیست"),
    "blank-rows": ("its first {rows} rows are blank", "{rows} ردیف نخست آن خالی است"),
    "long-cell": (
        "a cell that ends at line {line} or later is over 1 MB; is a quote not closed?",
        "خانه‌ای که در خط {line} یا پس از آن پایان می‌یابد بیش از ۱ مگابایت است؛ شاید گیومه‌ای بسته نشده باشد",
    ),
    "open-quote": ("a quote is opened and never closed", "گیومه‌ای باز شده که هیچ‌جا بسته نمی‌شود"),
    "open-quote-said": ("{detail}", "گیومه‌ای باز شده که هیچ‌جا بسته نمی‌شود"),
    "long-cell-said": ("{detail}", "خانه‌ای بیش از اندازه بزرگ دارد؛ شاید گیومه‌ای بسته نشده باشد"),
    "long-line": ("longer than 1 MB", "بیش از ۱ مگابایت است"),
}

WORKBOOKS = {
    "workbook-locked-said": (
        "it is locked with a password: {detail}",
        "کارپوشه گذرواژه دارد؛ بی گذرواژه ذخیره‌اش کنید",
    ),
    "save-as-table": (
        "it is {reason}; save the table as XLSX or CSV",
        "این فایل {reason} است؛ جدول را با XLSX یا CSV ذخیره کنید",
    ),
    "xlsb": ("an XLSB workbook", "کارپوشهٔ XLSB"),
    "document": ("a Word document", "سند Word"),
    "presentation": ("a presentation", "اسلاید"),
    "open-document": ("an OpenDocument file", "فایل OpenDocument"),
    "no-workbook": ("a zip that holds no workbook", "بایگانی ZIP بی‌کارپوشه"),
    "workbook-unpacks": (
        "it would unpack from {packed:,} to {unpacked:,} bytes; that is no workbook",
        "با باز شدن از {packed:,} به {unpacked:,} بایت می‌رسد؛ چنین چیزی کارپوشه نیست",
    ),
    "too-many-entries": (
        "{part} says that it holds {count:,} entries; it is damaged",
        "«{part}» خود را دارای {count:,} درایه می‌خواند؛ آسیب دیده است",
    ),
    "too-wide": (
        "{part} is {rows:,} rows by {columns:,} columns; clear its stray cells",
        "«{part}» {rows:,} ردیف در {columns:,} ستون است؛ خانه‌های پراکنده‌اش را پاک کنید",
    ),
    "blank-sheets": (
        "nothing in the first {rows} rows of {sheets}",
        "{rows} ردیف نخست این برگه‌ها خالی است: {sheets}",
    ),
    "no-sheet": ("no sheet {sheet!r}; sheets are {sheets}", "برگهٔ «{sheet}» نیست؛ برگه‌های کارپوشه: {sheets}"),
    "no-sheet-in-text": (
        "no sheet {sheet!r}; sheets are none: it is text",
        "برگهٔ «{sheet}» نیست: این فایل متن است و برگه ندارد",
    ),
}

COLUMNS = {
    "column-missing": (
        "no column for {role}; the header reads {columns}",
        "ستونی برای «{role}» نیست؛ ستون‌های این فایل: {columns}",
    ),
    "column-not-there": (
        "no column for {role} ({asked!r} was asked for); the header reads {columns}",
        "ستون «{asked}»، که برای «{role}» خواسته شد، نیست؛ ستون‌های این فایل: {columns}",
    ),
    "column-ambiguous": (
        "{role} could be any of the columns {columns}; name one",
        "«{role}» می‌تواند هر یک از این ستون‌ها باشد؛ یکی را نام ببرید: {columns}",
    ),
    "none-of-ours": (
        "no row is of {asked!r}; the column {column!r} names {ids}",
        "هیچ ردیفی از «{asked}» نیست؛ ستون «{column}» این‌ها را نام می‌برد: {ids}",
    ),
    "parents-twice": (
        "parents are in the column {column!r}; they cannot be read from prefixes too",
        "والدها در ستون «{column}» آمده‌اند؛ از پیشوند کدها هم خوانده نمی‌شوند",
    ),
    "no-hierarchy": (
        "{text!r} is no hierarchy; write prefix, or prefix:1,3,4,5 with the lengths of the levels",
        "«{text}» سلسله‌مراتب نیست؛ «prefix» بنویسید، یا «prefix:1,3,4,5» با طول کد در هر سطح",
    ),
    "length-no-number": (
        "{text!r}: each length is a whole number from 1 to {longest}",
        "«{text}»: هر طول عددی درست از ۱ تا {longest} است",
    ),
    "lengths-order": (
        "{text!r}: each length is greater than the one before",
        "«{text}»: هر طول از طول پیش از خود بزرگ‌تر است",
    ),
    "no-drug-columns": (
        "no sheet has columns of IRC and eRX, or of one of them and its names",
        "هیچ برگه‌ای ستون‌های IRC و eRX، یا یکی از آن دو و نام‌هایش، را ندارد",
    ),
    "no-drug-code": (
        "{asked!r} names none of the codes of drugs: IRC, eRX, genericCode",
        "«{asked}» هیچ یک از کدهای دارو را نام نمی‌برد: IRC، eRX، genericCode",
    ),
    "no-export-columns": ("no table in it has the columns {names}", "هیچ جدولی در آن این ستون‌ها را ندارد: {names}"),
    "no-notice-columns": (
        "no sheet has columns for title, number and date",
        "هیچ برگه‌ای ستون‌های عنوان، شماره و تاریخ را ندارد",
    ),
}

FHIR = {
    "no-fhir-kind": (
        "it holds no CodeSystem, no ValueSet, no ConceptMap",
        "هیچ CodeSystem، ValueSet یا ConceptMap در آن نیست",
    ),
    "none-asked": (
        "{asked!r} names none of its resources; load it as one of {names}",
        "«{asked}» نام هیچ یک از منبع‌های آن نیست؛ آن را با نام یکی از این‌ها بارگذاری کنید: {names}",
    ),
    "none-asked-of-many": (
        "{asked!r} names none of its resources; load it as one of {names}, and {more} more",
        "«{asked}» نام هیچ یک از منبع‌های آن نیست؛ آن را با نام یکی از این‌ها، یا {more} دیگر، بارگذاری کنید: {names}",
    ),
    "supplement": (
        "{name} is a supplement to another code system: it has no codes of its own",
        "«{name}» مکمل یک سامانهٔ کد دیگر است و از خود کدی ندارد",
    ),
    "supplement-to": (
        "{name} is a supplement to {whole}: it has no codes of its own",
        "«{name}» مکمل «{whole}» است و از خود کدی ندارد",
    ),
    "not-present": (
        "{name} (content: {content}) only describes a code system: its codes are published elsewhere",
        "«{name}» (content: «{content}») تنها سامانهٔ کدی را توصیف می‌کند؛ کدهایش جای دیگری منتشر می‌شود",
    ),
    "concepts-deep": (
        "concept {place}: more than {limit} concepts stand below one another",
        "مفهوم {place}: بیش از {limit} مفهوم زیر یکدیگر آمده است",
    ),
    "json-large": ("it is over {limit:,} bytes of JSON", "JSON آن بیش از {limit:,} بایت است"),
    "member-large": ("{member} is over {limit:,} bytes of JSON", "«{member}» بیش از {limit:,} بایت JSON است"),
    "package-unpacks": (
        "it has unpacked from {packed:,} to {unpacked:,} bytes and goes on; that is no package",
        "با باز شدن از {packed:,} به {unpacked:,} بایت رسیده و پایان نیافته است؛ چنین چیزی بسته نیست",
    ),
    "package-damaged": ("it is a damaged package: {detail}", "بسته آسیب دیده است"),
    "no-fhir": ("it is no FHIR resource: {detail}", "منبع FHIR درستی نیست"),
    "no-json": ("it is no JSON: {detail}", "JSON درستی نیست"),
    "json-cut": ("it is no JSON: {detail}", "JSON پیش از پایانش بریده شده است"),
    "json-deep": ("its JSON is nested too deeply", "JSON آن بیش از اندازه تودرتو است"),
    "json-damaged": ("it is damaged JSON: {detail}", "JSON آسیب دیده است"),
    "json-damaged-cut": ("it is damaged JSON: {detail}", "JSON پیش از پایانش بریده شده است"),
    "not-enumerated": (
        "{name} does not enumerate its codes: {kind} {number} {how} of {whose}; load its expansion",
        "«{name}» کدهایش را برنمی‌شمارد: «{kind}» شمارهٔ {number} {how}: {whose}؛ گسترش آن (expansion) را بارگذاری کنید",
    ),
    "by-filters": ("filters", "با صافی برمی‌گزیند از"),
    "by-value-sets": ("refers to other value sets", "به مجموعه‌های مقدار دیگر ارجاع می‌دهد"),
    "takes-all": ("takes all", "همه را برمی‌گیرد از"),
    "no-members": (
        "{name} has neither an expansion nor concepts that it includes",
        "«{name}» نه گسترش (expansion) دارد و نه مفهومی که در بر گیرد",
    ),
}

MAPS = {
    "several-maps": (
        "it holds several maps; load it as one of {maps}",
        "چند نگاشت دارد؛ آن را با نام یکی از این‌ها بارگذاری کنید: {maps}",
    ),
    "map": ("{map_id} ({source} to {target})", "«{map_id}» (از «{source}» به «{target}»)"),
    "no-such-map": (
        "there is no map {asked!r} in it; its maps: {maps}",
        "نگاشت «{asked}» در آن نیست؛ نگاشت‌های آن: {maps}",
    ),
    "no-map": ("there is no map {asked!r} in it; its maps: none", "نگاشت «{asked}» در آن نیست؛ هیچ نگاشتی ندارد"),
    "several-files": (
        "it holds several files; unpack it and load one",
        "چند فایل دارد؛ بازش کنید و یکی را بارگذاری کنید",
    ),
    "no-gem-lines": (
        "its lines are not two codes of ICD-9 and ICD-10 and five flags",
        "خط‌هایش دو کد از ICD-9 و ICD-10 و پنج نشانه نیست",
    ),
}

MARKUP = {
    "no-element": ("it holds no XML element", "هیچ عنصر XML در آن نیست"),
    "entities": (
        "it declares entities ({names}); such a file is not read",
        "موجودیت (entity) تعریف می‌کند («{names}»)؛ چنین فایلی خوانده نمی‌شود",
    ),
    "entity-unread": (
        "{name} is defined in a document type that is not read",
        "«{name}» در نوع سندی (DTD) تعریف شده که خوانده نمی‌شود",
    ),
    "no-xml": ("{detail}", "XML درستی نیست"),
    "claml-version": ("it is ClaML {version}; read are {known}", "ClaML «{version}» است؛ آنچه خوانده می‌شود: {known}"),
    "claml-no-version": (
        "it is ClaML without a version; read are {known}",
        "ClaML بی‌نسخه است؛ آنچه خوانده می‌شود: {known}",
    ),
    "no-class": ("it has no Class", "هیچ رده‌ای (Class) ندارد"),
    "classes-deep": (
        "the class {code} stands more than {limit} levels down, or below itself",
        "ردهٔ «{code}» بیش از {limit} سطح پایین رفته، یا زیر خودش آمده است",
    ),
    "combinations": (
        "the class {code} has more than {limit:,} combinations of modifiers",
        "ردهٔ «{code}» بیش از {limit:,} ترکیب از اصلاح‌گرها دارد",
    ),
}

RELEASES = {
    "not-asked-of": ("{extra} can be asked of other forms; this is {says}", "از این نوع فایل خواسته نمی‌شود: {extra}"),
    "sheet": ("sheet", "برگه"),
    "columns": ("columns", "ستون‌ها"),
    "hierarchy": ("hierarchy", "سلسله‌مراتب از پیشوند کدها"),
    "languages": ("languages", "زبان‌ها"),
    "as_of": ("as_of", "وضعیت در تاریخ"),
    "no-release": ("the folder is no release of SNOMED CT or LOINC", "پوشه، انتشار SNOMED CT یا LOINC نیست"),
    "zip-damaged": (
        "it is a damaged zip, or one of an unusual make: {detail}",
        "بایگانی ZIP آسیب دیده، یا به شیوه‌ای نامعمول ساخته شده است",
    ),
    "zip-members": ("it has {count:,} members; that is no release", "{count:,} فایل دارد؛ چنین چیزی انتشار نیست"),
    "folder-members": (
        "the folder has more than {limit:,} members; that is no release",
        "پوشه بیش از {limit:,} فایل دارد؛ چنین چیزی انتشار نیست",
    ),
    "release-unpacks": (
        "it would unpack from {packed:,} to {unpacked:,} bytes; that is no release",
        "با باز شدن از {packed:,} به {unpacked:,} بایت می‌رسد؛ چنین چیزی انتشار نیست",
    ),
    "climbs": ("its name leads out of the release", "نامش به بیرون از انتشار می‌رسد"),
    "link": ("it is a link, and a release has only files", "پیوند است، و انتشار تنها فایل دارد"),
    "lies-deep": ("it lies more than {limit} folders deep", "بیش از {limit} پوشه پایین‌تر است"),
    "member-locked": (
        "it is locked with a password; unpack the release first",
        "گذرواژه دارد؛ نخست انتشار را باز کنید",
    ),
    "twice": ("the zip has two members of this name", "بایگانی ZIP دو فایل به این نام دارد"),
    "odd": ("it is neither a file nor a folder", "نه فایل است و نه پوشه"),
    "no-loinc": ("it has no LOINC table (Loinc.csv)", "جدول LOINC (Loinc.csv) در آن نیست"),
    "no-rf2": ("it has no RF2 files", "فایل RF2 در آن نیست"),
    "no-rf2-file": (
        "it has no {required} file ({name}) among its {kind} files",
        "در میان فایل‌های «{kind}» آن، فایل «{required}» («{name}») نیست",
    ),
    "needs-full": (
        "the state of {as_of} needs the Full files, and it has only the Snapshot",
        "وضعیت در تاریخ «{as_of}» فایل‌های Full می‌خواهد، و این تنها Snapshot دارد",
    ),
    "only-delta": (
        "it has only Delta files, which say what changed since the release before; load its Snapshot or Full files",
        "تنها فایل‌های Delta دارد، که دگرگونی از انتشار پیشین‌اند؛ فایل‌های Snapshot یا Full آن را بارگذاری کنید",
    ),
}

ROLES = {
    "code": "کد",
    "display": "مقدار",
    "display_en": "مقدار انگلیسی",
    "display_fa": "مقدار فارسی",
    "terminology": "ترمینولوژی",
    "level": "سطح",
    "parent": "والد",
    "status": "وضعیت",
    "action": "اقدام",
    "language": "زبان",
    "use": "کاربرد",
    "source codes": "کدهای مبدأ",
    "target codes": "کدهای مقصد",
    "the names of IRC": "نام‌های IRC",
    "the names of eRX": "نام‌های eRX",
    "the names of generic_code": "نام‌های کد ژنریک",
}
"""What columns are for, in Persian, by their English names."""

REASONS = Reasons(COMMON | FILES | TEXTS | WORKBOOKS | COLUMNS | FHIR | MAPS | MARKUP | RELEASES)

reason = REASONS.of


def row_reason(error: csv.Error) -> Reason:
    """Why the csv module cannot tell a record into cells, in its own English."""
    said = str(error)
    for words, slug in _CSV_SAYS.items():
        if words in said:
            return reason(slug, said)
    return reason("no-cells", said)


_CSV_SAYS = {
    "field larger": "long-cell-said",
    "end of data": "open-quote-said",
    "expected after": "text-after-quote",
}


def is_cut(error: Exception) -> bool:
    """Whether JSON ended too early, by what msgspec says of it."""
    return "truncated" in str(error)


def listed_maps(maps: Sequence[ConceptMap]) -> tuple[Reason, ...]:
    """The maps of a file as a sentence names them."""
    return tuple(reason("map", map_id=each.map_id, source=each.source_id, target=each.target_id) for each in maps)


def column_missing(
    file: str, role: str, columns: Sequence[str], *, asked: str | None = None, **more: Any
) -> ColumnMissingError:
    """No column of the file is for *role*, a key of `ROLES`; *asked* is the one that was asked for by its name."""
    said, shown = ROLES.get(role, role), [each for each in columns if each.strip()]
    if asked is None:
        why = reason("column-missing", role=said, columns=shown)
    else:
        why = reason("column-not-there", role=said, columns=shown, asked=asked)
    english = role if asked is None else f"{role} ({asked!r} was asked for)"
    return ColumnMissingError(
        file=file, role=english, columns=list(columns), of=role, asked=asked, reason_fa=why.persian, **more
    )


def column_ambiguous(file: str, role: str, candidates: Sequence[str]) -> ColumnAmbiguousError:
    """Several columns are as good for *role*."""
    why = reason("column-ambiguous", role=ROLES.get(role, role), columns=list(candidates))
    return ColumnAmbiguousError(file=file, role=role, candidates=list(candidates), reason_fa=why.persian)
