"""What people come for, in a real browser: a drug by half its name, its history, a tree, a filter; by keyboard, without a script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import NARROW, WIDE, expect, is_wider_than_its_window, looked_at, serious

PAGES = {
    "home": "/", "terminologies": "/terminologies", "terminology": "/Tree", "tree": "/Tree/tree", "version": "/Tree/versions/1",
    "concept": "/Tree/A01", "retired": "/Tree/Z", "search": "/search?q=branch", "nothing": "/search?q=qqqq",
    "hostile": "/Strange/%3Cb%3E",
}  # fmt: skip


def test_a_concept_is_found_by_half_its_name_and_by_keyboard_alone(tab, base):
    """«/» to the box, half a word on an Arabic keyboard, down, enter."""
    page = tab(base, "/terminologies")
    page.keyboard.press("/")
    page.keyboard.type("شاخة ٤٧")
    option = page.locator(
        "[role=option][href='/Tree/A47']"
    )  # all that was typed finds it, no half of it shows it: no answer follows
    option.wait_for()
    box = page.locator("[role=combobox]").first
    expect(box).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    looked_at(page, "live-search", whole=False)
    assert serious(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/Tree/A47")

    expect(page.locator("h1")).to_have_text("شاخهٔ 47")
    expect(page.locator(".events li")).to_have_count(1)


@pytest.mark.parametrize("typed", ["استام", "hsjhldk,tk", "acetominofen"])
def test_a_drug_in_english_is_found_by_its_persian_name(tab, base, typed):
    """Half of it, typed on the wrong keyboard, or with a letter wrong; the page says what was searched for instead."""
    page = tab(base, "/")
    page.locator("[role=combobox]").press_sequentially(typed)
    page.locator("[role=option]", has_text="ACETAMINOPHEN").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")

    assert "acetaminophen" in page.locator(".heard").first.inner_text()
    assert page.locator("mark").first.inner_text() == "ACETAMINOPHEN"
    assert serious(page) == []
    page.locator("a.match").first.click()
    page.wait_for_url(f"{base}/eRX/6000*")


def test_the_suggestions_go_with_escape_and_come_back_with_the_arrow(tab, base):
    """What was typed stays."""
    page = tab(base, "/en")
    page.locator("[role=combobox]").fill("branch")
    found = page.locator("[role=listbox]")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    assert page.locator("[role=combobox]").input_value() == "branch"

    page.keyboard.press("ArrowUp")  # the last one: all that was found
    page.keyboard.press("ArrowUp")
    expect(found).to_be_visible()
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").count() <= 1


def test_what_was_chosen_stays_so_when_a_later_answer_comes(tab, base):
    """On a slow line one moves through what half the words found; the rest of the words must not take the choice away."""
    page = tab(base, "/en")
    box = page.locator("[role=combobox]")
    box.fill("branch")
    page.locator("[role=option]").first.wait_for()
    held: list[Any] = []
    page.route("**/options?*", lambda route: held.append(route))
    page.keyboard.insert_text(" 1")  # at once: one question
    while not held:
        page.wait_for_timeout(5)
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").get_attribute("href") == "/en/Tree/A01"

    with page.expect_response("**/options?*"):
        held[-1].continue_()
    page.locator("[role=option]").nth(1).get_by_text("Branch 10").wait_for()
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_attribute("href", "/en/Tree/A01")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/Tree/A01")


def test_nothing_found_is_said(tab, base):
    """To eyes and to a screen reader."""
    page = tab(base, "/en")
    page.locator("[role=combobox]").fill("qqqq")
    page.locator(".found-none").wait_for()

    expect(page.locator("#said")).to_have_text("Nothing found")
    assert serious(page) == []


def test_a_search_needs_no_script(tab, base):
    """The form goes to the page of results, and from there to the concept."""
    page = tab(base, "/", script=False)
    page.locator("input[type=search]").fill("branch 3")
    page.locator(".searching button").click()
    page.locator(".match").first.click()

    page.wait_for_url("**/Tree/A03")


def test_a_filter_follows_while_one_types(tab, base):
    """The list alone changes."""
    page = tab(base, "/Tree")
    page.locator("#filter").fill("تازه")
    page.locator("#list .match").wait_for()

    expect(page.locator("#list .match")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_a_branch_of_the_tree_is_opened(tab, base, script):
    """In its place; without a script by the way that is in it."""
    page = tab(base, "/Tree/tree", script=script)
    page.locator(".tree summary").first.click()
    if not script:
        page.locator(".tree-way a").first.click()

    page.get_by_text("شاخهٔ 12", exact=True).wait_for()


def test_what_is_copied_is_the_code_and_the_message(tab, base):
    """As they are, and it is said."""
    page = tab(base, "/en/Strange/mg/dL", permissions=["clipboard-read", "clipboard-write"])
    is_said = "() => document.getElementById('said').textContent === 'Copied'"
    page.get_by_role("button", name="Copy the code").click()
    page.wait_for_function(is_said)
    assert page.evaluate("navigator.clipboard.readText()") == "mg/dL"
    page.wait_for_function("() => document.getElementById('said').textContent === ''")

    page.get_by_role("button", name="Copy the JSON").click()
    page.wait_for_function(is_said)
    assert page.evaluate("navigator.clipboard.readText()") == (
        '{"valueField":"milligram per deciliter","terminology_idField":"Strange","coded_stringField":"mg/dL"}'
    )


def test_the_skip_link_leads_past_the_header(tab, base):
    """The first thing that the keyboard meets."""
    page = tab(base, "/en/terminologies")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(("language", "dark"), [("fa", False), ("en", True)], ids=["fa-light", "en-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(tab, base, name, language, dark):
    """On a phone and on a wide screen; axe-core has nothing serious to say. What it looks like is kept."""
    path = ("/en" if language == "en" else "") + PAGES[name]
    page = tab(base, path, dark=dark)
    looked_at(page, f"{name}-{language}-{WIDE}{'-dark' if dark else ''}")
    assert serious(page) == []
    assert not is_wider_than_its_window(page)

    page.set_viewport_size({"width": NARROW, "height": 800})
    looked_at(page, f"{name}-{language}-{NARROW}{'-dark' if dark else ''}")
    assert not is_wider_than_its_window(page)
