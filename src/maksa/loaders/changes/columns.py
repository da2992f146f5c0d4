"""Which columns of a table of changes are what, and which words name an action."""

from __future__ import annotations

from functools import cache

from maksa.loaders.reasons import column_ambiguous, column_missing
from maksa.loaders.table.columns import SHOWN, Plan
from maksa.model.change import Action
from maksa.model.folding import folded

HEADERS = {
    "action": ("action", "change", "عمل", "اقدام", "تغییر"),
    "language": ("language", "lang", "زبان"),
    "use": ("use", "کاربرد"),
}

WORDS: dict[Action, tuple[str, ...]] = {
    "add": ("add", "new", "افزودن", "جدید"),
    "relabel": ("relabel", "rename", "تغییر مقدار", "تغییر عنوان"),
    "move": ("move", "جابه‌جایی", "انتقال"),
    "retire": ("retire", "remove", "حذف", "کنارگذاشتن"),
    "add-designation": ("add-designation", "add designation", "افزودن عنوان"),
}


def columns_of(plan: Plan, file: str) -> dict[str, int]:
    """The position of each column that plays a role: code, display and parent as in any table, and those of `HEADERS`.

    Raises: ColumnMissingError where there is no action, ColumnAmbiguousError where two columns are as good.
    """
    roles = plan.roles | {"display": plan.display}
    headers = [folded(header) for header in plan.columns]
    for role, names in HEADERS.items():
        found = [at for at, header in enumerate(headers) if header in map(folded, names)]
        if len(found) > 1:
            raise column_ambiguous(file, role, [plan.columns[at] for at in found])
        if found:
            roles[role] = found[0]
    if "action" not in roles:
        raise column_missing(file, "action", plan.columns[:SHOWN])
    return roles


def action_of(cell: str) -> Action | None:
    """The action that a cell names, in English or Persian; None for words that are not known."""
    return _actions().get(folded(cell))


@cache
def _actions() -> dict[str, Action]:
    return {folded(word): action for action, words in WORDS.items() for word in words}
