"""What every source that is no table has in common: opened and closed, its concepts judged, its report kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from maksa.loaders.gathering import VALUE_LIMIT, Gathering
from maksa.loaders.keeping import Keeper
from maksa.loaders.table.history import Previous
from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint

IMPRINT_LIMIT = 2_000  # characters of what a file says of its licence; some have a whole agreement there


class Source(ABC):
    """A file of one form as the concepts of one terminology.

    Args:
        terminology_id: the terminology it is loaded as.
        label: of the version that is loaded; it only goes into the report.
        previous: the last published version, to compare with; None where there is none.
        spill: a file to which every finding is appended as a line of JSON.

    As a context manager it opens the file, and closes the spill.
    Raises: on entering, SourceError where the file as a whole is not what it says.
    """

    columns: ClassVar[tuple[str, str]]
    """What the form calls a code and a display: findings name them so."""

    def __init__(
        self,
        path: Path,
        *,
        terminology_id: str,
        label: str = "",
        previous: Previous | None = None,
        spill: Path | None = None,
    ) -> None:
        self._path = path
        self._previous = previous
        self._spill = spill
        self._report = LoadReport(file=str(path), sheet="", terminology_id=terminology_id, label=label, recognised={})
        self._gathering = Gathering(self._report, spill)

    def __enter__(self) -> Self:
        self._report.recognised = self._opened()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    @abstractmethod
    def _opened(self) -> dict[str, str]:
        """What was recognised of the file, its form first. Raises: SourceError."""

    @abstractmethod
    def _found(self) -> Iterator[tuple[int, Concept]]:
        """Each concept as the file has it, with its place there, in order. Raises: SourceError."""

    @property
    def recognised(self) -> dict[str, str]:
        """What was recognised: {"form": "ClaML 2.0.0", "title": "ICD-10", …}."""
        return self._report.recognised

    def meant_map(self) -> ConceptMap | None:
        """The map that the asked id means, where the file holds maps; None where it means concepts.

        Raises: SourceError where it could mean several.
        """
        return None

    def _imprints(self) -> dict[str, Imprint]:
        """What the file says of who issues it and under which licence, under ""; of its maps, under the id of each."""
        return {}

    def imprint_after(self, given: Imprint, last: Imprint, map_id: str = "") -> Imprint:
        """What was *given*, else what the *last* version says, else what the file says, of its map *map_id* where that is not "".

        The last version's may be an operator's word, so it stays; where the file says otherwise a finding tells both.
        """
        imprints = self._imprints()
        said = imprints.get(map_id) or imprints.get("") or Imprint()
        own = Imprint.of(_bounded(said.issuer), _bounded(said.licence))
        for name in ("issuer", "licence"):
            kept, told = getattr(last, name), getattr(own, name)
            if told:
                self._report.recognised[name] = told[:VALUE_LIMIT]
            if told and kept and told != kept and not getattr(given, name):
                self._gathering.add(f"other-{name}", value=told, kept=kept[:VALUE_LIMIT])
        return given.over(last).over(own)

    def concepts(self) -> Iterator[Concept]:
        """The concepts that are kept, in file order; to be asked for once. Codes are unique.

        Raises: SourceError for a file that cannot be read to its end; DiskFullError, ReadOnlyError of the spill.
        """
        keeper = Keeper(self._gathering, *self.columns, self._previous)
        for row, found in self._found():
            if kept := keeper.kept(found, row):
                yield kept
        keeper.finish()

    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped, and why; complete when `concepts` is exhausted."""
        return self._report


def _bounded(text: str) -> str:
    return text if len(text) <= IMPRINT_LIMIT else f"{text[: IMPRINT_LIMIT - 1]}…"
