"""A real maksa followed as a service that speaks only the guide, and the mirror served: all seven functions, byte for byte."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from tests.mirror.conftest import Mirror
from tests.web.conftest import BASE, Service, put, running

SINCE = ["1390/10/10", "1400/05/06", "1400/05/07", "1402/01/01", "1402/01/01 00:00:01", "1490/01/01"]
DRUGS = {"60002": "ACETAMINOPHEN", "60281": "MOMETASONE", "7": "مسکّن"}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A maksa with lists of the guide's names, one of which has a past."""
    home = Home.of(tmp_path_factory.mktemp("upstream") / "home")
    put(home, "IRC", "1", [Concept("60002", "ACETAMINOPHEN"), Concept("10", "شربت")], at="1400/05/06")
    put(home, "thritaEHR.Religion", "1", [Concept("1", "اسلام")], at="1400/05/06")
    put(home, "ContactType", "1", [Concept(str(n), f"نشانی {n}") for n in range(14)], at="1400/05/07")
    put(home, "IRC", "2", [Concept(*pair) for pair in DRUGS.items()], at="1401/01/01")
    put(home, "IRC", "3", [Concept("60002", "ACETAMINOPHEN 100"), Concept("8", "قرص")], at="1402/01/01")
    with running(home) as service:
        yield service


def questions(service: Service) -> list[tuple[str, str, dict[str, Any]]]:
    """Every question that a caller may have about what *service* has."""
    ids = service.ask("CtsTerminologies", FromDate={"yearField": 1390}).json()["result"]["data"]
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "CtsTerminologies", {"FromDate": {"iSOStringField": date}}) for date in SINCE
    ]
    for each in ids:
        versions = service.ask("TerminologyVersions", terminologyId=each).json()["result"]["data"]
        asked.append(("POST", "TerminologyVersions", {"terminologyId": each}))
        asked += [
            ("POST", "SearchTerminology", {"TerminologyId": each, "FromDate": {"iSOStringField": date}})
            for date in SINCE
        ]
        for version in versions:
            named = {"terminologyId": each, "version": version["Version"]}
            asked.append(("POST", "TerminologiesTermByVersion", named))
            for row in service.ask("TerminologiesTermByVersion", **named).json()["result"]["data"][:3]:
                code = row["coded_stringField"]
                asked.append(("POST", "TerminologyValueByVersion", {**named, "codedString": code}))
                asked.append(("GET", "Terminology", {"terminologyId": each, "codedString": code}))
                asked.append(("POST", "ValidateCts", {"DoCodedText": row}))
    return asked


def answers(service: Service, asked: list[tuple[str, str, dict[str, Any]]]) -> list[bytes]:
    """The bodies of the answers to *asked*, in its order."""
    headers = service.headers()
    return [
        service.send(method, f"{BASE}/{function}", json.dumps(fields).encode(), headers).body
        for method, function, fields in asked
    ]


def wait_for(service: Service, terminology_id: str, label: str) -> None:
    """Returns when the service has taken up that version."""
    for _ in range(400):
        found = service.ask("TerminologyVersions", terminologyId=terminology_id).json()["result"].get("data", [])
        if label in [version["Version"] for version in found]:
            return
        time.sleep(0.05)
    raise AssertionError(f"{terminology_id} {label} was not taken up")


def test_a_served_mirror_answers_as_its_upstream(upstream: Service, mirror_of: Any, tmp_path: Path) -> None:
    """At first, and when the upstream has published, all with the CLI's own way of following."""
    mirror: Mirror = mirror_of(upstream, kind="guide")
    mirror.sync()
    asked = questions(upstream)
    with running(mirror.home, files=tmp_path, environment={"MAKSA_MIRROR_INTERVAL_S": "0"}) as served:
        assert answers(served, asked) == answers(upstream, asked)

        put(upstream.home, "IRC", "4", [Concept("60002", "ACETAMINOPHEN 100"), Concept("9", "شربت")], at="1403/01/01")
        wait_for(upstream, "IRC", "4")
        report = mirror.sync()
        wait_for(served, "IRC", "4")
        asked = questions(upstream)
        assert [version.label for version in report.added] == ["4"]
        assert answers(served, asked) == answers(upstream, asked)


def test_a_long_list_of_a_maksa_is_followed_by_difference(upstream: Service, mirror_of: Any) -> None:
    """It is weighed by its length, uncompressed, and never sent to the end."""
    many = [Concept(f"{n:05}", f"آزمایش {n * 7919 % 9973} از نمونه {n}") for n in range(8_000)]
    put(upstream.home, "LNC", "100", many, at="1403/01/01")
    wait_for(upstream, "LNC", "100")
    mirror: Mirror = mirror_of(upstream, kind="guide", terminologies=("LNC",))
    whole = mirror.sync().received
    put(upstream.home, "LNC", "101", [*many, Concept("x", "تازه")], at="1403/01/02")
    wait_for(upstream, "LNC", "101")
    report = mirror.sync()

    assert mirror.labels() == ["LNC 100", "LNC 101"]
    assert report.received < whole / 3
    assert report.added[0].concepts == 8_001
