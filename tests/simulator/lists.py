"""What the simulated service has: terminologies, their versions, and when each code last changed."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDateTime

TEHRAN = ZoneInfo("Asia/Tehran")
NAMED_BY_THE_GUIDE = (
    "ICD10 ICD10-FA ISO_3166-1 Country thritaEHR.admissionType thritaEHR.birthDateAccuracy DateAccuracy California"
    " thritaEHR.conditionOnDischarge thritaEHR.BedStatus thritaEHR.RelatedPerson thritaEHR.WardType ThritaEHR CDT MEQ"
    " SNOMEDCT LNC eRX UCUM ATC countryDivisions IRC CDT-FA ADA"
).split()


def jalali(text: str) -> dt.datetime:
    """The moment that "1400/05/06" or "1400/05/06 10:00:30" is in Tehran, in UTC."""
    date, _, time = text.partition(" ")
    year, month, day = map(int, date.split("/"))
    hour, minute, second = map(int, (time or "0:0:0").split(":"))
    local = JalaliDateTime(year, month, day, hour, minute, second).to_gregorian()
    return local.replace(tzinfo=TEHRAN).astimezone(dt.UTC)


@dataclass
class Edition:
    """A version: `texts` is value by code, `changed` when each code last changed; `number` is VersionId, `row` is id."""

    label: str
    number: int
    row: int
    at: dt.datetime
    texts: dict[str, str]
    changed: dict[str, dt.datetime]

    def since(self, moment: dt.datetime | None = None) -> list[tuple[str, str]]:
        """(code, value) of what changed at or after *moment*, by date of change, then by code as text."""
        rows = sorted((self.changed[code], code) for code in self.texts)
        return [(code, self.texts[code]) for changed, code in rows if moment is None or changed >= moment]


@dataclass
class Lists:
    """Terminologies in order of definition, each with its editions, oldest first: plain data, to be changed at will.

    `last` names the label that is answered as the last one where that is not the newest: an upstream gone back.
    """

    editions: dict[str, list[Edition]] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def publish(
        self,
        terminology_id: str,
        label: str,
        texts: dict[str, str],
        *,
        at: str | dt.datetime,
        number: int | None = None,
        row: int | None = None,
        changed: dict[str, dt.datetime] | None = None,
    ) -> Edition:
        """A new last version; a code's date is that of the last version that changed its value, but for those *changed*."""
        moment = jalali(at) if isinstance(at, str) else at
        have = [edition for editions in self.editions.values() for edition in editions]
        edition = Edition(
            label,
            number or max((each.number for each in have), default=0) + 1,
            row or max((each.row for each in have), default=0) + 1,
            moment,
            texts,
            {**self._dates(terminology_id, texts, moment), **(changed or {})},
        )
        self.editions.setdefault(terminology_id, []).append(edition)
        return edition

    def _dates(self, terminology_id: str, texts: dict[str, str], at: dt.datetime) -> dict[str, dt.datetime]:
        before = self.editions.get(terminology_id, [])
        if not before:
            return dict.fromkeys(texts, at)
        last = before[-1]
        return {code: last.changed[code] if last.texts.get(code) == text else at for code, text in texts.items()}

    def withdraw(self, terminology_id: str, label: str) -> None:
        """Takes a version away, which the contract says never happens."""
        kept = [edition for edition in self.editions[terminology_id] if edition.label != label]
        self.editions[terminology_id] = kept
        if not kept:
            del self.editions[terminology_id]

    def find(self, terminology_id: str) -> tuple[str, list[Edition]]:
        """The id as it was defined and its editions; ("", []) where there are none. Any case, blanks around it."""
        wanted = terminology_id.strip().casefold()
        return next(((own, editions) for own, editions in self.editions.items() if own.casefold() == wanted), ("", []))

    def last_of(self, terminology_id: str) -> Edition | None:
        """The edition that answers where no version is named."""
        own, editions = self.find(terminology_id)
        named = self.last.get(own, editions[-1].label if editions else "")
        return next((edition for edition in editions if edition.label == named), None)

    def defined_since(self, moment: dt.datetime) -> list[str]:
        """The ids whose first version is of *moment* or later, in order of definition."""
        return [own for own, editions in self.editions.items() if editions[0].at >= moment]


def guide_lists() -> Lists:
    """The lists that the guide names, in its sample's order, with its samples' content where the samples show any."""
    shown: dict[str, dict[str, dict[str, str]]] = {}
    path = Path(__file__).parents[2] / "src/maksa/demo/lists/guide.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            shown.setdefault(row["terminology"], {}).setdefault(row["version"], {})[row["code"]] = row["value"]
    lists = Lists()
    for own in NAMED_BY_THE_GUIDE:
        for label, texts in shown.pop(own, {"1": {"1": f"نخستین {own}"}}).items():
            lists.publish(own, label, texts, at="1400/05/06")
    for own, versions in shown.items():
        for label, texts in versions.items():
            lists.publish(own, label, texts, at="1400/05/07")
    return lists
