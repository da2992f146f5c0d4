"""Why a file, or a record of one, cannot be read, in English and Persian: the one place of the reading's wording.

How such sentences are written is in `model.reasons`; what every room that reads files says is there too.
"""

from __future__ import annotations

from pathlib import Path

from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import COMMON, Reason, Reasons

REASONS = Reasons(
    COMMON
    | {
        "changed": ("it has changed while it was checked", "فایل در میان بررسی تغییر کرده است"),
        "encoding": (
            "it is not text in {encoding}: byte {byte}",
            "متن آن با کدگذاری «{encoding}» خوانده نمی‌شود: بایت {byte}",
        ),
        "encoding-about": (
            "it is not text in {encoding}: about byte {byte}",
            "متن آن با کدگذاری «{encoding}» خوانده نمی‌شود: نزدیک بایت {byte}",
        ),
        "nul-bytes": ("it holds NUL bytes: is it text at all?", "بایت صفر (NUL) دارد؛ گویا متن نیست"),
        "long-line": ("line {line} has more than {megabytes} MB", "خط {line} بیش از {megabytes} مگابایت است"),
        "open-quote": (
            "line {line} has a quote that is never closed",
            "گیومه‌ای که در خط {line} باز شده، هیچ‌جا بسته نمی‌شود",
        ),
        "open-quote-or-long-cell": (
            "line {line} has a cell of more than {megabytes} MB, or a quote that is never closed",
            "خط {line} خانه‌ای بزرگ‌تر از {megabytes} مگابایت دارد، یا گیومه‌ای که هیچ‌جا بسته نمی‌شود",
        ),
        "not-json": ("not JSON: byte {byte}: {reason}", "JSON درستی نیست، بایت {byte}: {reason}"),
        "json-utf-16": (
            "it is JSON in UTF-16; JSON is UTF-8 (RFC 8259): save it so",
            "JSON است ولی با UTF-16؛ آن را با UTF-8 ذخیره کنید (RFC 8259)",
        ),
        "json-long-text": ("a text of more than {megabytes} MB", "متنی بزرگ‌تر از {megabytes} مگابایت دارد"),
        "json-no-token": ("{shown!r} is no JSON", "«{shown}» در JSON معنایی ندارد"),
        "json-unexpected": ("{shown!r} is not expected here", "«{shown}» در این جا نمی‌آید"),
        "json-text": ("{detail}", "متنی در آن نوشته شده که خواندنی نیست"),
        "json-open": ("{count} brackets are not closed", "{count} کروشه یا آکولاد بسته نشده است"),
        "json-deep": (
            "more than {limit} brackets inside each other",
            "بیش از {limit} کروشه یا آکولاد درون یکدیگر است",
        ),
        "xml-line": ("line {line}: {reason}", "خط {line}: {reason}"),
        "xml-entity": (
            "it declares the entity {name!r}; such a file is not read",
            "موجودیت (entity) «{name}» را تعریف می‌کند؛ چنین فایلی خوانده نمی‌شود",
        ),
        "xml-deep": ("more than {limit} elements inside each other", "بیش از {limit} عنصر درون یکدیگر است"),
        "xml-long-tag": (
            "a tag, comment or declaration of more than {megabytes} MB",
            "برچسب، توضیح یا تعریفی بزرگ‌تر از {megabytes} مگابایت دارد",
        ),
        "not-xml": ("{detail}", "XML درستی نیست"),
        "workbook-unpacks": (
            "it unpacks to {megabytes:,} MB, more than a workbook may",
            "بازشدهٔ کارپوشه {megabytes} مگابایت است، بیش از آنچه پذیرفته می‌شود",
        ),
        "workbook-gave-up": (
            "it is no workbook, or wants more memory or time than a workbook may: clear its stray cells, save it anew",
            "کارپوشه نیست، یا بیش از اندازه حافظه یا زمان می‌خواهد: خانه‌های پراکنده‌اش را پاک و از نو ذخیره کنید",
        ),
        "workbook-empty": ("its sheets are empty", "برگه‌های کارپوشه خالی است"),
    }
)

reason = REASONS.of


def around(slug: str, inner: Reason, **facts: str | int) -> Reason:
    """*inner* with its place before it, or what it is in: the `{reason}` of *slug*."""
    return reason(slug, reason=inner, **facts)


def unreadable(path: Path, why: Reason) -> FileUnreadableError:
    """The error that says so of the file at *path*; `reason_fa` and `detail` are among its facts."""
    return FileUnreadableError(file=str(path), **why.facts)
