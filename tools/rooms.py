"""The contract "rooms" for import-linter: which room of maksa may see which, as one table.

The table stands in pyproject.toml, a line a room, as docs/architecture.md draws it. A room is a child of the root package:
a folder or a module. A room may be named before it exists; one that exists and is not named breaks the contract, and so
does an import that its line does not allow.

Our own because no built-in contract has the three together: a table of direct imports, rooms still to come, and no
room left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomsContract(Contract):
    """Options: `root`, the package; `see`, lines of the form "publish: model catalog snapshot" ("*" is every room)."""

    type_name = "rooms"

    root = fields.StringField()
    see = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  import-linter's signature
        """Kept where every room is named and every import between rooms is allowed."""
        root, may_see = str(self.root), table_of(list(self.see))  # type: ignore[call-overload]  # a field holds its value
        unnamed = {room_of(module, root) for module in graph.modules} - may_see.keys() - {""}
        illegal = [pair for pair in imports_within(graph, root) if not allowed(*pair, root=root, may_see=may_see)]
        return ContractCheck(
            kept=not (unnamed or illegal), metadata={"unnamed": sorted(unnamed), "illegal": sorted(illegal)}
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Each room that the table forgets, then each import it forbids."""
        for room in check.metadata["unnamed"]:
            output.print_error(f"- {self.root}.{room} is a room that the table does not name", bold=False)
        for importer, imported in check.metadata["illegal"]:
            output.print_error(f"- {importer} may not import {imported}", bold=False)
        output.new_line()


def table_of(lines: list[str]) -> dict[str, frozenset[str]]:
    """The rooms that each room may see: {"publish": {"model", …}}."""
    parts = [line.partition(":") for line in lines]
    return {room.strip(): frozenset(seen.split()) for room, _, seen in parts}


def room_of(module: str, root: str) -> str:
    """The room a module stands in; "" for the root package itself and for other people's packages."""
    return module.removeprefix(f"{root}.").partition(".")[0] if module.startswith(f"{root}.") else ""


def imports_within(graph: ImportGraph, root: str) -> Iterator[tuple[str, str]]:
    """Every (importer, imported) between two modules of the root package."""
    ours = [module for module in graph.modules if module == root or room_of(module, root)]
    for imported in ours:
        for importer in graph.find_modules_that_directly_import(imported):
            yield importer, imported


def allowed(importer: str, imported: str, *, root: str, may_see: dict[str, frozenset[str]]) -> bool:
    """Whether the table lets this import be: all may see their own room and the root, whose line has the root's own name."""
    here, there = room_of(importer, root) or root, room_of(imported, root)
    return there in ("", here) or bool(may_see.get(here, frozenset()) & {there, "*"})
