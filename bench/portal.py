"""Pages of the portal: the time until a page is whole, and its size, against a null page of Starlette in the same rounds.

One connection, one page after the other, as one reader asks. The real lists are there where ../shared/data is, and a million
descriptions beside them, so that a search looks through all. What a first view weighs is the first page with its styles and
scripts, compressed, without the font.
"""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from bench import data, home, portal_lists, report, scale, servers
from bench.exchange import Answer, Line
from bench.home import TERMINOLOGY
from bench.report import Figure, Report, against, timed
from bench.scale import Scale

PAGE_MS, TYPING_MS, VIEW_KB = 30.0, 100.0, 100.0
_QUESTIONS = ("a", "ac", "acet", "د", "دار", "دارو", "tab", "tablet oral", "نوع 5", "10000017", "mg 500")
_TIMES = 5  # a page in a round


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    has_real = portal_lists.published(shelved) if asked.name != "tiny" else False
    pages = _pages(has_real=has_real)
    took: dict[str, list[float]] = {name: [] for name in ("null", *pages, "while typing, the slowest question")}
    sizes: dict[str, float] = {}
    with _lines(shelved.path, folder) as (line, null):
        _warm(line, pages)
        for _ in range(asked.samples):
            took["null"].append(_median(null, "/"))
            for name, path in pages.items():
                took[name].append(_median(line, path))
                sizes[name] = line.ask(_request(path)).size / 1024
            took["while typing, the slowest question"].append(max(_median(line, each) for each in _typed()))
        view = _first_view(line)
    return Report(
        benchmark="portal",
        scale=asked,
        figures=list(_figures(took, view)),
        details={"on the wire, compressed": {name: {"KB": size} for name, size in sizes.items()}},
        notes=[
            f"the median of {_TIMES} askings in each of {asked.samples} rounds, one connection, gzip",
            f"a page is held to {PAGE_MS:.0f} ms, what is shown while typing to {TYPING_MS:.0f} ms",
            "with the real lists" if has_real else "without the real lists: there is no ../shared/data",
        ],
    )


def _pages(*, has_real: bool) -> dict[str, str]:
    code = data.code_of(3)
    pages = {
        "first page": "/",
        "terminologies": "/terminologies",
        "terminology of 350,000": f"/{TERMINOLOGY}",
        "concept of it": f"/{TERMINOLOGY}/{code}",
        "version of it": f"/{TERMINOLOGY}/versions/1",
        "results": "/search?q=acet",
        "its versions compared, asked before": f"/{TERMINOLOGY}/versions/1/compare/2?kind=relabelled",
        "notices": "/notices",
        "the form of a check": "/check",
        "the guide": "/integrators/php",
        "the reference": "/integrators/reference",
        "a call to try": "/try",
        "the service's state": "/state",
    }
    real = {
        "eRX": "/eRX",
        "a drug": "/eRX/60002",
        "ICD10": "/ICD10",
        "its tree": "/ICD10/tree",
        "divisions' tree": "/countryDivisions/tree",
        "a filter over eRX": "/eRX?q=acet",
    }
    return pages | (real if has_real else {})


def _typed() -> Iterator[str]:
    for question in _QUESTIONS:
        yield f"/search/options?q={quote(question)}"


def _request(path: str) -> bytes:
    headers = ("Host: 127.0.0.1", "Accept: text/html", "Accept-Encoding: gzip")
    return "\r\n".join((f"GET {path} HTTP/1.1", *headers, "", "")).encode()


def _warm(line: Line, pages: dict[str, str]) -> None:
    """The first of each: templates are compiled, files mapped. Every page must be there."""
    for path in (*pages.values(), *_typed()):
        status = line.ask(_request(path)).status
        assert status == 200, f"{path}: {status}"


def _median(line: Line, path: str) -> float:
    """Milliseconds until the page at *path* is whole."""
    request = _request(path)
    return statistics.median(line.ask(request).whole_s for _ in range(_TIMES)) * 1000


def _first_view(line: Line) -> float:
    """KB of the first page and of what it names, compressed, the font aside."""
    page = _asked(line, "/")
    named = re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page)
    return (line.ask(_request("/")).size + sum(line.ask(_request(each.decode())).size for each in set(named))) / 1024


def _asked(line: Line, path: str) -> bytes:
    plain: Answer = line.ask(_request(path).replace(b"Accept-Encoding: gzip\r\n", b""), is_kept=True)
    return plain.body


def _figures(took: dict[str, list[float]], view: float) -> Iterator[Figure]:
    null = took.pop("null")
    yield timed("a null page of Starlette", null, "ms")
    for name, values in took.items():
        limit = TYPING_MS if name.startswith("while") else PAGE_MS
        figure = against(name, values, "ms", floor="null page", floors=null)
        figure.holds = figure.value <= limit
        yield figure
    yield Figure(name="the first view, compressed", value=view, unit="KB", limit=VIEW_KB, holds=view <= VIEW_KB)


@contextmanager
def _lines(path: Path, folder: Path) -> Iterator[tuple[Line, Line]]:
    """Connections to the portal and to the null page, each on a core of its own."""
    with (
        _portal_on(),
        servers.maksa(path, 0) as served,
        servers.null_page(1, folder) as floor,
        Line(served.port) as line,
        Line(floor.port) as null,
    ):
        yield line, null


@contextmanager
def _portal_on() -> Iterator[None]:
    before = dict(os.environ)
    os.environ["MAKSA_PORTAL"] = "true"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
