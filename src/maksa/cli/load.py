"""Reading a file into a draft, and its report."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from zipfile import is_zipfile

import click
from msgspec.structs import replace

from maksa.cli import findings
from maksa.cli.joined import catalog_of, last_snapshot
from maksa.cli.load_report import print_report
from maksa.cli.output import as_json, with_home
from maksa.cli.progress import Steps
from maksa.home import Home
from maksa.loaders.recognition import FORMS, AnySource, Asked, Form, meant_map, named, recognised
from maksa.loaders.table import ColumnChoice, PrefixHierarchy
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import VersionExistsError
from maksa.model.finding import LoadReport
from maksa.model.registry import known
from maksa.model.terminology import checked_id, checked_label
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf, View
from maksa.snapshot.storage import told_apart
from maksa.wire.dates import read_calendar_date

T = TypeVar("T")

_NAME_LETTERS = 28  # of an id or label in a file name: four bytes each at most, and 255 are allowed to a name


class _Hierarchy(click.ParamType[PrefixHierarchy]):
    """How parents are read from codes, as the operator writes it."""

    name = "hierarchy"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> PrefixHierarchy:
        try:
            return PrefixHierarchy.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--terminology", "terminology_id", metavar="ID", required=True, help="The terminology this is a version of."
)
@click.option("--version", "label", metavar="LABEL", required=True, help="The publisher's label of the version.")
@click.option("--title", default="", metavar="T", help="What the terminology is, in a line.")
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
    type=click.Path(path_type=Path),
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
    form: str | None,
    map_id: str | None,
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
    terminology_id, label = _spelled(view, terminology_id), checked_label(label)
    _refuse_published(view, terminology_id, label)
    if report_to:
        findings.refuse_place(report_to)
    last = last_snapshot(view, terminology_id)
    with _spilled(home, terminology_id, label, dry_run=dry_run, wanted=report_to is not None) as spill:
        taken = named(form) if form else recognised(file)
        source = taken.source(file, _asked(Asked(terminology_id, label, last, spill), **options))
        with source, Steps(total=_expected(taken, file, last)) as steps:
            click.echo(f"maksa: {file} is {source.recognised.get('form', taken.says)}", err=True)
            if found := meant_map(taken, source, map_id):
                known_as = found.concept_map.map_id if map_id else terminology_id
                meant = replace(found.concept_map, map_id=known_as, title=title or found.concept_map.title)
                _read_map(home, view, source.report(), meant, _counted(found.entries, steps), dry_run=dry_run)
            else:
                title = title or _known_title(view, terminology_id)
                _read(home, view, source, steps, title=title, dry_run=dry_run)
        if report_to and spill:
            findings.write(source.report(), spill, report_to)
    print_report(source.report(), as_json=as_json, spill=spill, dry_run=dry_run)


def _asked(
    common: Asked,
    *,
    code: str | None,
    display: str | None,
    language: str | None,
    as_of: str | None,
    sheet: str | None,
    hierarchy: PrefixHierarchy | None,
) -> Asked:
    """*common* with the options that some forms have."""
    return common._replace(
        sheet=sheet,
        columns=ColumnChoice(code=code, display=display) if code or display else None,
        hierarchy=hierarchy,
        languages=tuple(tag.strip() for tag in language.split(",")) if language else (),
        as_of=read_calendar_date(as_of) if as_of else None,
    )


def _read(home: Home, view: View, source: AnySource, steps: Steps, *, title: str, dry_run: bool) -> None:
    """Reads *source* to its end, into a draft unless *dry_run*."""
    concepts = _counted(source.concepts(), steps)
    if dry_run:
        _exhaust(concepts)
        return
    report = source.report()
    with catalog_of(home) as catalog:
        catalog.write_draft(
            report.terminology_id, report.label, concepts, published=view.manifest.versions, report=report, title=title
        )


def _read_map(
    home: Home, view: View, report: LoadReport, meant: ConceptMap, entries: Iterator[MapEntry], *, dry_run: bool
) -> None:
    """Reads the entries of the map that is *meant*, likewise."""
    report.terminology_id = meant.map_id
    if dry_run:
        _exhaust(entries)
        return
    with catalog_of(home) as catalog:
        catalog.write_map(meant, report.label, entries, published=view.manifest.versions, report=report)


def _exhaust(rows: Iterator[object]) -> None:
    for _ in rows:
        pass


def _spelled(view: View, given: str) -> str:
    """The id as it is defined, where it is: ids match in any case (contract, section 2). Raises: IdSpellingError."""
    terminology = view.terminology(given)
    if terminology is None:
        return checked_id(given)
    if terminology.id != given.strip():
        click.echo(f"maksa: {given!r} is defined as {terminology.id!r}; that is the id", err=True)
    return terminology.id


def _known_title(view: View, terminology_id: str) -> str:
    """The Persian title by which the documents' own terminologies are known; "" for any other, or where it has one."""
    terminology, line = view.terminology(terminology_id), known(terminology_id)
    return line.title_fa if line and not (terminology and terminology.title) else ""


def _refuse_published(view: View, terminology_id: str, label: str) -> None:
    """Says so before a long file is read. Raises: VersionExistsError."""
    terminology = view.terminology(terminology_id)
    if terminology and label in terminology.by_label:
        raise VersionExistsError(terminology_id=terminology.id, label=label)


@contextmanager
def _spilled(home: Home, terminology_id: str, label: str, *, dry_run: bool, wanted: bool) -> Iterator[Path | None]:
    """The file that takes every finding: in the home's reports/; for a dry run, where *wanted*, one that goes again."""
    if not dry_run:
        yield _spill(home, terminology_id, label)
    elif wanted:
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


def _expected(form: Form, file: Path, last: Snapshot | None) -> int | None:
    """About how many rows will come, for the time left: the lines of a text; else as many as the last version had."""
    if form.name == "table" and not is_zipfile(file):
        with file.open("rb") as opened:
            return sum(block.count(b"\n") for block in iter(lambda: opened.read(1 << 20), b""))
    return last.version.concepts if last else None


def _counted(rows: Iterable[T], steps: Steps) -> Iterator[T]:
    count = 0
    for count, row in enumerate(rows, 1):
        yield row
        if count % 5_000 == 0:
            steps("read", count)
    steps("read", count)
