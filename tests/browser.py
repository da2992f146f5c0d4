"""A real Chromium for the tests of pages: `tab` opens one, `looked_at` keeps what it shows, `serious` is axe-core's judgement.

The browser lives as long as a module's tests: Playwright's loop runs in this thread meanwhile, and tests of another module may
want their own. Where there is no Chromium, the tests that want one are skipped.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, LocatorAssertions, Page

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
WIDE, NARROW = 1440, 360
PATIENCE_MS = 30_000  # as Playwright waits; for an assertion it has 5 s, and a job takes longer on a busy machine
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


def chromium_path() -> str | None:
    """Where Chromium is: what MAKSA_TEST_CHROMIUM names, else the system's."""
    named = os.environ.get("MAKSA_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium_path()
    if path is None:
        pytest.skip("there is no Chromium here (or name one in MAKSA_TEST_CHROMIUM)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Heard:
    """What a tab said besides what it shows: faults of scripts and of the policy, and requests that leave the site."""

    faults: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


Tab = Callable[..., "Page"]


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    """`tab(base, path, width=1440, dark=False, script=True)` opens a page in a context of its own and waits until it is there.

    At the end no tab may have had a fault in a script or of the policy, nor asked another site for anything. A tab that is
    meant to show an error's status is opened with `status=404`.
    """
    opened: list[tuple[Any, Heard]] = []

    def open_(
        base: str, path: str = "/", *, width: int = WIDE, dark: bool = False, script: bool = True, status: int = 200,
        **options: Any,
    ) -> Page:  # fmt: skip
        context = chromium.new_context(
            base_url=base, viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
            java_script_enabled=script, reduced_motion="reduce", **options,
        )  # fmt: skip
        page, heard = context.new_page(), Heard()
        opened.append((context, heard))
        page.on("pageerror", lambda error: heard.faults.append(str(error)))
        page.on("console", lambda said: heard.faults.append(said.text) if _is_fault(said.type, said.text) else None)
        page.on("request", lambda asked: heard.strangers.append(asked.url) if _is_strange(asked.url, base) else None)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return page

    yield open_
    for context, _ in opened:
        context.close()
    faults = [fault for _, heard in opened for fault in heard.faults]
    assert not faults, faults
    strangers = [url for _, heard in opened for url in heard.strangers]
    assert not strangers, strangers


_NO_FAULTS = ("the server responded with a status of", "htmx:sendAbort", "htmx:afterRequest")


def _is_fault(kind: str, text: str) -> bool:
    """A status that is no 200 is said on the console too (`status` judges it), and that a question was followed by another."""
    return kind == "error" and not any(each in text for each in _NO_FAULTS)


def _is_strange(url: str, base: str) -> bool:
    return not url.startswith((base, "data:", "blob:"))


def looked_at(page: Page, name: str, *, whole: bool = True) -> Path:
    """Keeps what the tab shows as build/screenshots/*name*.png, for people to look at; where it is."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}.png"
    page.screenshot(path=path, full_page=whole)
    return path


def serious(page: Page) -> list[str]:
    """axe-core's serious and critical findings on the page, as «rule: places»."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {'; '.join(' '.join(map(str, node['target'])) for node in each['nodes'])}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def expect(part: Locator) -> LocatorAssertions:
    """Playwright's assertions of a part of a page: they wait until they hold, as a reader does, and as long as all else waits."""
    from playwright.sync_api import expect as asserting

    asserting.set_options(timeout=PATIENCE_MS)
    return asserting(part)


def is_wider_than_its_window(page: Page) -> bool:
    """Whether the page would have to be moved sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
