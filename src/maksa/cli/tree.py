"""A hierarchy, level by level."""

from __future__ import annotations

from collections.abc import Iterator

import click

from maksa.cli.asking import at_option, in_force, label_option, say_unknown, view_of
from maksa.cli.output import as_json, print_json_stream, print_rows, with_home
from maksa.home import Home
from maksa.model.answers import Found
from maksa.service.tree import Tree
from maksa.service.tree import tree as tree_of


@click.command()
@click.argument("terminology_id", metavar="ID")
@click.argument("code", required=False)
@label_option
@at_option
@as_json
@with_home
@click.pass_context
def tree(
    context: click.Context,
    terminology_id: str,
    code: str | None,
    *,
    label: str | None,
    at: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Show what is above CODE in the hierarchy of the terminology ID, and directly below it; without CODE, the tops."""
    answer = tree_of(view_of(home), terminology_id, code or "", label, in_force(at, label))
    if not isinstance(answer, Found):
        say_unknown(context, answer, as_json=as_json)
    found = answer.value
    if as_json:
        head = {"code": found.code, "display": found.display}
        print_json_stream(head, "children", found.branches, lambda: {"ancestors": found.ancestors})
    else:
        print_rows(("LEVEL", "CODE", "DISPLAY", "CHILDREN", "BELOW"), _rows(found))


def _rows(found: Tree) -> Iterator[tuple[object, ...]]:
    """The way down to the concept at level 0, then what is directly below it."""
    for each in found.ancestors:
        yield -each.depth, each.code, each.display, "", ""
    if found.code:
        yield 0, found.code, found.display, "", ""
    for branch in found.branches:
        yield 1, branch.code, branch.display, branch.children, branch.descendants
