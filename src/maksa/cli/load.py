"""Reading a file into a draft, and its report."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from maksa.cli import findings
from maksa.cli.dates import day_of
from maksa.cli.joined import catalog_of, warn_of_follower
from maksa.cli.load_report import print_report
from maksa.cli.output import as_json, with_home
from maksa.cli.progress import Steps
from maksa.drafting.loading import Wanted, opened, spelled
from maksa.home import Home
from maksa.loaders.recognition import FORMS
from maksa.loaders.table import PrefixHierarchy
from maksa.snapshot.shelf import Shelf
from maksa.snapshot.storage import told_apart

T = TypeVar("T")

_NAME_LETTERS = 28  # of an id or label in a file name: four bytes each at most, and 255 are allowed to a name


class _Hierarchy(click.ParamType[str]):
    """How parents are read from codes, as the operator writes it."""

    name = "hierarchy"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> str:
        try:
            PrefixHierarchy.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)
        return str(value)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--terminology", "terminology_id", metavar="ID", required=True, help="The terminology this is a version of."
)
@click.option("--version", "label", metavar="LABEL", required=True, help="The publisher's label of the version.")
@click.option("--title", default="", metavar="T", help="What the terminology is, in a line.")
@click.option(
    "--issuer", default="", metavar="WHO", help="Who issues the terminology; else the last version's, or FILE's own."
)
@click.option("--licence", default="", metavar="L", help="Under which licence, in a line; likewise.")
@click.option(
    "--form",
    metavar="NAME",
    type=click.Choice([form.name for form in FORMS]),
    help=f"The form of FILE, where it is not recognised: {', '.join(form.name for form in FORMS)}.",
)
@click.option(
    "--sheet", metavar="S", help="A workbook's sheet, by name or number; else the first that has the columns."
)
@click.option("--code", metavar="COL", help="The column of codes, where it is not recognised.")
@click.option("--display", metavar="COL", help="The column of displays, where it is not recognised.")
@click.option(
    "--hierarchy",
    metavar="HOW",
    type=_Hierarchy(),
    help="Parents by code prefix: prefix, or prefix:1,3,4,5 with the lengths of the levels.",
)
@click.option("--map", "map_id", metavar="ID", help="Draft this map of FILE instead of its concepts.")
@click.option("--language", metavar="TAGS", help="The languages of displays, the first choice first: fa,en. SNOMED CT.")
@click.option("--as-of", metavar="DATE", help="The state of this date, of a release with its history. SNOMED CT.")
@click.option(
    "--report",
    "report_to",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Write every finding into this file too, .xlsx or .json.",
)
@click.option("--dry-run", is_flag=True, help="Report only; make no draft.")
@as_json
@with_home
def load(
    file: Path,
    *,
    terminology_id: str,
    label: str,
    title: str,
    issuer: str,
    licence: str,
    report_to: Path | None,
    dry_run: bool,
    home: Home,
    as_json: bool,
    **options: Any,
) -> None:
    """Read FILE into a draft of one version, and report on every row.

    FILE is a table (CSV, TSV, XLSX), a release of SNOMED CT or LOINC as its zip or folder, ClaML, FHIR in JSON, a UCUM
    essence, a drug workbook, or a GEM: which of them is told by its content.

    The draft is made whole or not at all, and replaces one of the same label. Rows that are refused are not in it; the
    report says which and why, and is kept whole in the home's reports/.
    """
    view = Shelf.open(home.shelf).view
    common = Wanted(terminology_id=terminology_id, label=label, title=title, issuer=issuer, licence=licence)
    wanted = spelled(view, _wanted(common, **options))
    if wanted.terminology_id != terminology_id.strip():
        click.echo(f"maksa: {terminology_id!r} is defined as {wanted.terminology_id!r}; that is the id", err=True)
    if report_to:
        findings.refuse_place(report_to)
    with _spilled(home, wanted, dry_run=dry_run, asked=report_to is not None) as spill:
        with opened(view, file, wanted, spill) as loading, Steps(total=loading.expected) as steps:
            click.echo(f"maksa: {file} is {loading.says}", err=True)
            warn_of_follower(home, loading.report.terminology_id)
            if dry_run:
                loading.exhaust(steps)
            else:
                with catalog_of(home) as catalog:
                    loading.into(catalog, steps)
        if report_to and spill:
            findings.write(loading.report, spill, report_to)
    print_report(loading.report, as_json=as_json, spill=spill, dry_run=dry_run)


def _wanted(
    common: Wanted,
    *,
    form: str | None,
    map_id: str | None,
    code: str | None,
    display: str | None,
    language: str | None,
    as_of: str | None,
    sheet: str | None,
    hierarchy: str | None,
) -> Wanted:
    """*common* with the options that some forms have."""
    return replace(
        common,
        form=form or "",
        map_id=map_id or "",
        sheet=sheet or "",
        code=code or "",
        display=display or "",
        hierarchy=hierarchy or "",
        languages=tuple(tag.strip() for tag in language.split(",")) if language else (),
        as_of=day_of(as_of, "--as-of") if as_of else None,
    )


@contextmanager
def _spilled(home: Home, wanted: Wanted, *, dry_run: bool, asked: bool) -> Iterator[Path | None]:
    """The file that takes every finding: in the home's reports/; for a dry run, where *asked*, one that goes again."""
    if not dry_run:
        yield _spill(home, wanted.terminology_id, wanted.label)
    elif asked:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "findings.jsonl"
    else:
        yield None


def _spill(home: Home, terminology_id: str, label: str) -> Path:
    """The file that takes every finding of this load, empty. Raises: StorageError."""
    path = home.reports / f"{_file_name(terminology_id)}@{_file_name(label)}.jsonl"
    with told_apart(path):
        home.made().reports.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
    return path


def _file_name(text: str) -> str:
    """*text* where a file can be named so; else what is left of it, and a sum that tells it from others."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text)[:_NAME_LETTERS]
    return safe if safe == text else f"{safe}-{zlib.crc32(text.encode()):08x}"
