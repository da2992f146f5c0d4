"""The command line: `maksa …`. The one place that joins rooms.

Rules of this room:
- a command's module is imported when the command runs, so that `maksa --help` answers at once;
- a command prints facts as a table on a terminal, as tab-separated lines in a pipe, as JSON with --json;
- what goes wrong goes to standard error in one line, and the exit code says whose fault it was (docs/cli.md).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

import click

from maksa import __version__

if TYPE_CHECKING:
    from maksa.model.errors import MaksaError

_COMMANDS = {
    "load": "maksa.cli.load:load",
    "draft": "maksa.cli.draft:draft",
    "publish": "maksa.cli.publish:publish",
    "terminologies": "maksa.cli.facts:terminologies",
    "versions": "maksa.cli.facts:versions",
    "lookup": "maksa.cli.facts:lookup",
    "validate": "maksa.cli.facts:validate",
    "since": "maksa.cli.finding:since",
    "search": "maksa.cli.finding:search",
    "compare": "maksa.cli.compare:compare",
    "tree": "maksa.cli.tree:tree",
    "history": "maksa.cli.history:history",
    "changes": "maksa.cli.changes:changes",
    "check": "maksa.cli.check:check",
    "export": "maksa.cli.export:export",
    "map": "maksa.cli.maps:maps",
    "notices": "maksa.cli.notices:notices",
    "account": "maksa.cli.account:account",
    "key": "maksa.cli.key:key",
    "mirror": "maksa.cli.mirror:mirror",
    "serve": "maksa.cli.serve:serve",
    "state": "maksa.cli.state:state",
    "desk": "maksa.cli.desk:desk",
    "operator": "maksa.cli.operator:operator",
    "verify": "maksa.cli.keep:verify",
    "backup": "maksa.cli.keep:backup",
    "restore": "maksa.cli.keep:restore",
    "demo": "maksa.cli.demo:demo",
}


_EXTRAS = {"check": "check", "key": "mirror", "mirror": "mirror", "demo": "server,demo"}
"""What brings a command all that it needs beyond `pip install maksa`, where `maksa[server]` is not the word."""


class _LazyGroup(click.Group):
    """A group that imports a command when it is asked for; its list of names costs nothing."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, context: click.Context) -> Any:
        """What the command gives. A reader of its output who has read enough and gone is no fault: it ends well."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            _give_up_output()
            context.exit()

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `maksa --help`, from words kept here: importing every command would take half a second."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


SUMMARIES = {
    "load": "Read a file into a draft and report on every row.",
    "draft": "Start, change, review, list and drop drafts.",
    "publish": "Freeze a draft into a version that never changes.",
    "terminologies": "List what is published.",
    "versions": "List the versions of a terminology.",
    "lookup": "Show what a code means.",
    "validate": "Say whether a code has this display.",
    "since": "List what changed, or was defined, since a date.",
    "search": "Find concepts by words or by the beginning of a code.",
    "compare": "List what one version has otherwise than another.",
    "tree": "Show what is above a code, and directly below it.",
    "history": "List what became of a code.",
    "changes": "List what changed in all lists since a date, in pages.",
    "check": "Judge the coded texts in a file: what is wrong with each.",
    "export": "Write a version as CSV, XLSX, JSON, Parquet or its own file.",
    "map": "Load, list, ask and check maps between terminologies.",
    "notices": "List the letters that put codings in force.",
    "account": "Add, list, limit, rotate, disable and enable accounts, and grant or revoke pids.",
    "key": "Make and show the key that signs what is published.",
    "mirror": "Follow another service: add it, sync, verify.",
    "serve": "Answer the guide's functions over HTTP.",
    "state": "List how the service did in the last days.",
    "desk": "Serve the operators' application, and read its audit.",
    "operator": "Add, list, reset, disable and enable the desk's operators.",
    "verify": "Check every byte of every published version.",
    "backup": "Write the whole home into one file.",
    "restore": "Make a home from such a file.",
    "demo": "Serve real lists with a demo account.",
}


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="maksa")
@click.option(
    "--home", metavar="DIR", help="Where maksa keeps things (or MAKSA_HOME; ./maksa-home if neither is given)."
)
@click.pass_context
def program(context: click.Context, home: str | None) -> None:
    """A health terminology server, wire-compatible with MAKSA behind the DITAS gateway."""
    context.obj = home


def main(arguments: list[str] | None = None) -> Any:
    """Runs the command line and ends the process with the exit code of docs/cli.md."""
    try:
        _run(arguments)
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted; nothing was left half done")
        sys.exit(130)


def _run(arguments: list[str] | None) -> NoReturn:
    from maksa.model.errors import MaksaError

    try:
        code = program.main(arguments, prog_name="maksa", standalone_mode=False)
    except MaksaError as error:
        from maksa.wire.faults import exit_code

        _say(_told(error))
        sys.exit(exit_code(error))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:  # Ctrl-C, as click says it
        raise
    except ModuleNotFoundError as error:
        if (error.name or "maksa").startswith("maksa"):
            raise
        name = next((word for word in arguments or sys.argv[1:] if word in _COMMANDS), "")
        extra = _EXTRAS.get(name, "server")
        _say(f"`maksa {name}` needs {error.name}, which is not installed: pip install 'maksa[{extra}]'")
        sys.exit(7)
    except OSError as error:  # of what no room watches: standard output on a full disk
        _say(f"{error.filename or 'standard output'}: {error.strerror or error}")
        if not error.filename:
            _give_up_output()
        sys.exit(7)
    except Exception as error:  # noqa: BLE001 # the outermost place: what no room expected is ours
        if _is_damage(error):
            _say(f"a published version cannot be read ({error}); `maksa verify` says which")
            sys.exit(6)
        traceback.print_exc()
        _say("this is a fault of maksa itself; please report it with the lines above")
        sys.exit(70)
    sys.exit(code if isinstance(code, int) else 0)


def _give_up_output() -> None:
    """What is still to be printed goes nowhere: Python writes it once more at its end, and would fail again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be no standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_damage(error: Exception) -> bool:
    """Whether SQLite met garbage inside a snapshot: opening reads its first page only."""
    import sqlite3

    return type(error) in (sqlite3.DatabaseError, sqlite3.OperationalError)


def _told(error: MaksaError) -> str:
    """What *error* says, its moments by the calendar and the clock in which the operator wrote them."""
    import datetime as dt

    from maksa.wire.dates import jalali_with_time

    moments = {name: jalali_with_time(fact) for name, fact in error.facts.items() if isinstance(fact, dt.datetime)}
    return error.template.format(**error.facts | moments) if moments else str(error)


def _say(message: str) -> None:
    click.echo(f"maksa: {message}", err=True)
