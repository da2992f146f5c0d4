"""A change to a list, as an editor writes it: one row of a table of changes."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Action = Literal["add", "relabel", "move", "retire", "add-designation"]
ACTIONS: tuple[Action, ...] = get_args(Action)


class Change(Struct, frozen=True, gc=False):
    """What is to be done to one code. `row` counts from 1 and includes the header, as in `Finding`.

    `display` is the new display (add, relabel) or the further wording (add-designation), whose `language` is BCP 47 and
    `use` as in `Designation`. `parent` is the one parent that the concept will have (add, move); empty puts it at the top.
    """

    row: int
    action: Action
    code: str
    display: str = ""
    parent: str = ""
    language: str = ""
    use: str = ""
