"""Which form a file has: every form that a list may come in, in one table, told by content and never by name.

Rules of this file:
- the first form of `FORMS` that recognises a file has it; the table loader comes last, for it takes whatever has columns;
- a form is opened with what the operator asked; what he asked that the form has no use for is refused, not ignored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, runtime_checkable

from maksa.loaders import claml, drugs, exported, fhir, gem, loinc, snomed, ucum
from maksa.loaders.reasons import listed_maps, reason
from maksa.loaders.snomed.source import LANGUAGES
from maksa.loaders.source import Source
from maksa.loaders.table import ColumnChoice, PrefixHierarchy, Previous, TableSource
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import SourceError
from maksa.model.finding import LoadReport
from maksa.model.reasons import Reason
from maksa.model.terminology import key_of


class Asked(NamedTuple):
    """What an operator asks of a load.

    `languages` are BCP 47 tags of the language of displays, the first choice first; `as_of` is the date whose state is
    wanted. The rest is as `TableSource` has it.
    """

    terminology_id: str
    label: str = ""
    previous: Previous | None = None
    spill: Path | None = None
    sheet: str | None = None
    columns: ColumnChoice | None = None
    hierarchy: PrefixHierarchy | None = None
    languages: tuple[str, ...] = ()
    as_of: dt.date | None = None


class AnySource(Protocol):
    """What every form's source is: `maksa.loaders.source` tells it at length."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: Any, error: Any, trace: Any) -> None: ...
    @property
    def recognised(self) -> dict[str, str]: ...
    def concepts(self) -> Iterator[Concept]: ...
    def report(self) -> LoadReport: ...


@runtime_checkable
class MapSource(Protocol):
    """A source that holds maps, beside concepts or alone."""

    def maps(self) -> list[ConceptMap]: ...
    def entries(self, map_id: str) -> Iterator[MapEntry]: ...


class Form(NamedTuple):
    """A form that a list comes in.

    `name` is how the command line names it, `says` what is said of a file that has it. `uses` are the fields of `Asked`
    that it has a use for, beside those that every form has. `is_map`: it holds a map, and no concepts.
    """

    name: str
    says: str
    recognises: Callable[[Path], bool]
    opens: Callable[..., AnySource]
    uses: tuple[str, ...] = ()
    is_map: bool = False

    def source(self, path: Path, asked: Asked) -> AnySource:
        """The file at *path* as a source of this form. Raises: SourceError where something is asked that it has no use for."""
        common: dict[str, Any] = {"terminology_id": asked.terminology_id, "label": asked.label, "spill": asked.spill}
        given = {name: value for name in _SPECIAL if (value := getattr(asked, name))}
        if extra := [name for name in given if name not in self.uses]:
            names = [reason(name) for name in extra]
            asked_for = Reason(" and ".join(each.english for each in names), "، ".join(each.persian for each in names))
            raise SourceError(file=str(path), **reason("not-asked-of", extra=asked_for, says=self.says).facts)
        if not self.is_map:
            common["previous"] = asked.previous
        return self.opens(path, **common, **given)


_SPECIAL = ("sheet", "columns", "hierarchy", "languages", "as_of")


def _snomed(path: Path, *, languages: tuple[str, ...] = (), **asked: Any) -> AnySource:
    wanted = (*languages, *(tag for tag in LANGUAGES if tag not in languages))
    return snomed.SnomedSource(path, languages=wanted, **asked)


def _is_file(path: Path) -> bool:
    return path.is_file()


FORMS = (
    Form("snomed", snomed.FORM, snomed.recognises, _snomed, ("languages", "as_of")),
    Form("loinc", loinc.FORM, loinc.recognises, loinc.LoincSource),
    Form("claml", claml.FORM, claml.recognises, claml.ClamlSource),
    Form("ucum", ucum.FORM, ucum.recognises, ucum.UcumSource),
    Form("fhir", fhir.FORM, fhir.recognises, fhir.FhirSource),
    Form("gem", gem.FORM, gem.recognises, gem.GemSource, is_map=True),
    Form("exported", exported.FORM, exported.recognises, exported.ExportedSource),
    Form("drugs", drugs.FORM, drugs.recognises, drugs.DrugSource),
    Form("table", "a table (CSV, TSV or XLSX)", _is_file, TableSource, ("sheet", "columns", "hierarchy")),
)


def recognised(path: Path) -> Form:
    """The form of the file or folder at *path*. Raises: SourceError for a folder that is none of a release's."""
    for form in FORMS:
        if form.recognises(path):
            return form
    if path.is_dir():
        raise SourceError(file=str(path), **reason("no-release").facts)
    return FORMS[-1]  # which says best why it cannot be read


class MeantMap(NamedTuple):
    """A map that a source holds, and its lines. `within` is its id in the file, whatever it is loaded as."""

    concept_map: ConceptMap
    entries: Iterator[MapEntry]
    within: str


def meant_map(form: Form, source: AnySource, wanted: str | None) -> MeantMap | None:
    """The map of *source* that is to be loaded; None where its concepts are.

    It is the *wanted* one of its maps, by id; else that of a file that holds a map alone; else the one that the asked id
    means, as IRC-eRX of a drug workbook. Raises: SourceError where there is no such map.
    """
    found = None
    if wanted:
        found = _map_named(wanted, source)
    elif isinstance(source, MapSource) and form.is_map:
        found = source.maps()[0]
    elif isinstance(source, Source):
        found = source.meant_map()
    return (
        MeantMap(found, source.entries(found.map_id), found.map_id) if found and isinstance(source, MapSource) else None
    )


def _map_named(wanted: str, source: AnySource) -> ConceptMap:
    maps = source.maps() if isinstance(source, MapSource) else []
    for each in maps:
        if key_of(each.map_id) == key_of(wanted):
            return each
    why = reason("no-such-map", asked=wanted, maps=listed_maps(maps)) if maps else reason("no-map", asked=wanted)
    raise SourceError(file=source.report().file, **why.facts)


def named(name: str) -> Form:
    """The form of that name. Raises: KeyError."""
    return {form.name: form for form in FORMS}[name]
