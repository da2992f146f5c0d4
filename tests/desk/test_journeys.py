"""The desk in a real browser: the ways that operators go, and every page looked at by axe-core and by people (build/screenshots)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyotp
import pytest

from maksa.home import Home
from tests.browser import NARROW, WIDE, expect, is_wider_than_its_window, looked_at, serious
from tests.cli.conftest import run_in
from tests.desk.served import PASSWORD, Person, Served, enrolled, served
from tests.web.conftest import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

ONE = "کد,عنوان\n60001,استامینوفن ۵۰۰ قرص\n60002,آموکسی‌سیلین ۲۵۰ کپسول\n60003,بستهٔ پانسمان\n".encode()
TWO = "کد,عنوان\n60001,استامینوفن ۵۰۰ شیاف\n60002,آموکسی‌سیلین ۲۵۰ کپسول\n60004,دیفن‌هیدرامین شربت\n60004,دوباره\n,بی‌کد\n".encode()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Served]:
    """A desk where two persons release; the service beside it shows the portal."""
    home = Home.of(tmp_path_factory.mktemp("desk") / "home")
    with served(home, two_person_release=True, portal=True) as started:
        yield started


@pytest.fixture(autouse=True)
def closed(house) -> Iterator[None]:
    """No test leaves a connection."""
    yield
    house.close_clients()


@pytest.fixture(scope="module")
def zahra(house) -> Person:
    return enrolled(house.desk, "zahra")


@pytest.fixture(scope="module")
def omid(house) -> Person:
    return enrolled(house.desk, "omid", "releaser")


def test_the_first_sign_in(house, tab):
    """From the terminal's one password to the desk: an own one, a second factor, codes to keep; then in with one of those."""
    made = run_in(house.desk.home.path, "operator", "add", "sara", "--json")
    page = tab(house.base, "/", width=NARROW)
    page.get_by_label("نام کاربری").fill("sara")
    page.get_by_label("گذرواژه").fill(json.loads(made.out)["password"])
    page.get_by_role("button", name="ادامه").click()
    looked_at(page, "desk-enrol-360")
    enrolment = serious(page)
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    page.get_by_label("گذرواژهٔ تازه", exact=True).fill(PASSWORD)
    page.get_by_label("تکرار گذرواژهٔ تازه").fill(PASSWORD)
    page.get_by_label("رمز شش‌رقمی").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="پایان و ورود").click()
    page.locator(".codes").wait_for()
    codes = page.locator(".codes code").all_inner_texts()
    shown = serious(page)
    page.get_by_role("link", name="نگه داشتم").click()
    page.get_by_role("button", name="خروج").click()
    page.get_by_label("نام کاربری").fill("sara")
    page.get_by_label("گذرواژه").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("رمز شش‌رقمی").fill(codes[3])
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="میز کار").wait_for()
    assert (enrolment, shown, len(codes)) == ([], [], 10)


FIELDS = {
    "fa": ("شناسهٔ ترمینولوژی", "برچسب نسخه", "فایل"),
    "en": ("Terminology id", "Version label", "File"),
}


def fill_in(page: Page, terminology_id: str, label: str, name: str, content: bytes) -> None:
    """The form of a load, its fields found by what the page calls them."""
    of_id, of_label, of_file = FIELDS["en" if "/en/" in page.url else "fa"]
    page.get_by_label(of_id).fill(terminology_id)
    page.get_by_label(of_label).fill(label)
    page.get_by_label(of_file, exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def test_a_list_is_loaded_read_over_released_by_two_and_found(house, zahra, omid, tab):
    """The whole way: a file with bad rows, its findings, what it changes, the notice, the second person, the service's search."""
    first = release(house, zahra, omid, ONE)
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    fill_in(page, "eRX", "2", "فهرست دارو.csv", TWO)
    page.get_by_role("button", name="بارگذاری و بررسی").click()
    page.get_by_role("heading", name="یافته‌های بارگذاری").wait_for()
    expect(page.get_by_text("۲", exact=True).first).to_be_visible()  # rows refused
    page.get_by_role("link", name="کد تکراری").click()
    assert "پیش‌تر در ردیف" in page.locator("tbody").inner_text()
    page.go_back()
    page.get_by_role("link", name="۱ تغییر مقدار").click()
    assert page.locator("tbody del").inner_text() == "قرص"
    assert page.locator("tbody ins").inner_text() == "شیاف"
    page.go_back()
    page.get_by_label("شمارهٔ ابلاغیه").fill("110/128")
    page.get_by_label("تاریخ ابلاغیه").fill("1400/05/06")
    page.get_by_role("button", name="درخواست انتشار").click()
    page.get_by_text("منتشرکننده‌ای دیگر باید تأیید کند").wait_for()
    asked = page.url.removeprefix(house.base)

    other = tab(house.base, "/", storage_state=house.state_of(omid), dark=True)
    other.get_by_role("link", name="eRX").first.click()
    other.wait_for_url(f"**{asked}")
    other.get_by_role("button", name="تأیید و انتشار").click()
    other.get_by_role("heading", name="منتشر شد").wait_for()
    looked_at(other, "desk-published-1440-dark")

    assert first
    with running(house.desk.home) as service:
        found = tab(f"http://127.0.0.1:{service.port}", "/search?q=شیاف")
        assert "استامینوفن ۵۰۰ شیاف" in found.locator("main").inner_text()


ISSUER, LICENCE = "انجمن علمی پرستاری ایران", "بهره‌برداری با ذکر نام، CC BY 4.0"


def test_a_list_that_nobody_knows_is_loaded_with_its_issuer_and_licence(house, zahra, omid, tab):
    """Said in the form, read by whoever approves, told by the portal of the list and of its version."""
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    page.get_by_label("شناسهٔ ترمینولوژی").fill("Nursing")
    page.get_by_label("برچسب نسخه").fill("1405")
    page.get_by_text("معرفی فهرست: عنوان، ناشر، مجوز").click()
    page.get_by_label("عنوان ترمینولوژی").fill("تشخیص‌های پرستاری")
    page.get_by_label("ناشر", exact=True).fill(ISSUER)
    page.get_by_label("مجوز", exact=True).fill(LICENCE)
    page.get_by_label("فایل", exact=True).set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": ONE})
    looked_at(page, "desk-load-imprint-1440")
    page.set_viewport_size({"width": NARROW, "height": 900})
    looked_at(page, "desk-load-imprint-360")
    page.get_by_role("button", name="بارگذاری و بررسی").click()
    expect(page.locator(".imprint")).to_contain_text(ISSUER)
    expect(page.locator(".imprint")).to_contain_text(LICENCE)
    looked_at(page, "desk-review-imprint-360")
    page.set_viewport_size({"width": WIDE, "height": 900})
    looked_at(page, "desk-review-imprint-1440")
    page.get_by_role("button", name="درخواست انتشار").click()
    page.get_by_text("منتشرکننده‌ای دیگر باید تأیید کند").wait_for()

    other = tab(house.base, page.url.removeprefix(house.base), storage_state=house.state_of(omid))
    expect(other.locator(".facts").first).to_contain_text(LICENCE)
    looked_at(other, "desk-release-imprint-1440")
    other.get_by_role("button", name="تأیید و انتشار").click()
    other.get_by_role("heading", name="منتشر شد").wait_for()

    with running(house.desk.home) as service:
        for path in ("/Nursing", "/Nursing/versions/1405"):
            for width in (WIDE, NARROW):
                found = tab(f"http://127.0.0.1:{service.port}", path, width=width)
                expect(found.locator(".facts")).to_contain_text(ISSUER)
                expect(found.locator(".facts")).to_contain_text(LICENCE)
                looked_at(found, f"portal-imprint-{path.rpartition('/')[2]}-{width}")
                assert serious(found) == []


PUBLISHER, COPYRIGHT = "Health Level Seven", "CC0: this content is in the public domain"


def test_a_file_that_says_whose_it_is_is_believed_where_nobody_did(house, zahra, omid, tab):
    """The review shows it; of the next version the word that was published stays, and the file's own is a finding."""
    first, second = (
        json.dumps({
            "resourceType": "CodeSystem", "id": "Colours", "content": "complete", "publisher": publisher,
            "copyright": COPYRIGHT, "concept": [{"code": "red", "display": "سرخ"}],
        }).encode()
        for publisher in (PUBLISHER, "Another")
    )  # fmt: skip
    release(house, zahra, omid, first, terminology_id="Colours")
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    fill_in(page, "Colours", "2", "colours.json", second)
    page.get_by_role("button", name="بارگذاری و بررسی").click()
    expect(page.locator(".imprint")).to_contain_text(PUBLISHER)
    expect(page.locator(".imprint")).to_contain_text(COPYRIGHT)
    expect(page.get_by_role("link", name="ناشری دیگر در فایل")).to_be_visible()
    page.get_by_text("آنچه از فایل شناخته شد").click()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        looked_at(page, f"desk-imprint-of-file-{width}")
        assert not is_wider_than_its_window(page)
    assert serious(page) == []


def test_why_a_workbook_could_not_be_read_is_read_in_persian(house, zahra, tab):
    """A sentence of ours, the library's word beside it left to right, all of the English under the details."""
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    fill_in(page, "Damaged", "1", "فهرست.xlsx", b"PK\x03\x04 cut short")
    page.get_by_role("button", name="بارگذاری و بررسی").click()
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("علت: کارپوشه آسیب دیده است")
    expect(fault.locator('p > bdi[lang="en"][dir="ltr"]')).to_have_text("File is not a zip file")
    expect(fault.locator(".fault-detail")).to_be_hidden()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        looked_at(page, f"desk-unreadable-{width}")
        assert not is_wider_than_its_window(page)
    assert serious(page) == []
    fault.get_by_text("جزئیات فنی").click()
    expect(fault.locator(".fault-detail")).to_have_text("فهرست.xlsx: it is a damaged workbook: File is not a zip file")


def test_what_was_written_about_a_list_is_still_there_after_a_fault(house, zahra):
    """In the form to read the file again: it was in the order."""
    client = house.client(zahra)
    failed = client.upload(b"a,b\n1,2\n", terminology_id="Again", label="1", issuer=ISSUER, licence=LICENCE)
    again = client.when_over(failed.url.path).text

    assert f'value="{ISSUER}"' in again
    assert f'value="{LICENCE}"' in again


def release(house: Served, one: Person, two: Person, content: bytes, terminology_id: str = "eRX") -> str:
    """A version that both have released; the path of its job."""
    mine, his = house.client(one), house.client(two)
    job = mine.upload(content, terminology_id=terminology_id, label="1").url.path
    mine.when_over(job)
    asked = mine.send("/releases", {"job": job.rpartition("/")[2]}, on=job).url.path
    his.when_over(his.send(f"{asked}/approve", on=asked).url.path)
    return job


def test_a_file_is_loaded_without_a_script(house, zahra, tab):
    """The page of the job comes again by itself, until it is over."""
    page = tab(house.base, "/en/load", script=False, storage_state=house.state_of(zahra))
    fill_in(page, "Plain", "1", "list.csv", ONE)
    page.get_by_role("button", name="Load and review").click()

    page.get_by_role("heading", name="What was read").wait_for()


def test_a_file_that_cannot_be_read_is_read_again_with_its_columns_named(house, zahra, tab):
    """What went wrong, in words; the file is still there."""
    page = tab(house.base, "/en/load", storage_state=house.state_of(zahra))
    fill_in(page, "Strange", "1", "x.csv", b"a,b\n1,one\n")
    page.get_by_role("button", name="Load and review").click()
    page.get_by_text("The column of codes or of displays was not recognised").wait_for()
    page.get_by_label("Column of codes").fill("a")
    page.get_by_label("Column of displays").fill("b")
    page.get_by_role("button", name="Read it again").click()

    page.get_by_role("heading", name="The first version of this terminology").wait_for()


def test_an_upload_that_is_refused_says_why_where_it_was_sent(house, zahra, tab):
    """The script that shows how much was sent shows the refusal too."""
    page = tab(house.base, "/en/load", storage_state=house.state_of(zahra))
    fill_in(page, 'a"b', "1", "x.csv", ONE)
    page.get_by_role("button", name="Load and review").click()

    page.get_by_role("alert").wait_for()
    assert "cannot be taken" in page.get_by_role("alert").inner_text()
    expect(page.get_by_role("button", name="Load and review")).to_be_enabled()


def test_a_file_is_chosen_in_the_pages_own_words(house, zahra, tab):
    """Not in the browser's, which are English on a Persian page."""
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    before = page.locator(".picking").inner_text()
    page.get_by_label("فایل", exact=True).set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": ONE})
    page.get_by_text("list.csv").wait_for()
    looked_at(page, "desk-load-chosen-1440")

    assert before.split() == "انتخاب فایل فایلی انتخاب نشده است".split()
    assert serious(page) == []


def test_a_file_that_is_sent_after_the_session_ended_is_told_as_lost(house, zahra, tab):
    """The script that sends it leads to the page to sign in, and nothing of the file is waited for."""
    page = tab(house.base, "/load", storage_state=house.state_of(zahra))
    fill_in(page, "eRX", "9", "list.csv", ONE * 40_000)
    operator = next(each for each in house.desk.operators.list() if each.name == zahra.name)
    house.desk.sessions.end_all(operator)
    page.get_by_role("button", name="بارگذاری و بررسی").click()

    page.get_by_text("آنچه فرستادید ثبت نشد").wait_for()
    expect(page.get_by_label("نام کاربری")).to_be_visible()


def test_secrets_are_shown_once_and_can_be_copied(house, zahra, tab):
    """A new account, by keyboard alone."""
    page = tab(house.base, "/en/accounts", storage_state=house.state_of(zahra))
    page.get_by_label("Name").fill("pharmacy")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Secrets of pharmacy").wait_for()
    looked_at(page, "desk-secrets-1440")

    assert serious(page) == []
    expect(page.get_by_role("button", name="Copy")).to_have_count(5)
    page.get_by_role("link", name="I have noted them").click()
    expect(page.get_by_role("heading", name="pharmacy")).to_be_visible()


@pytest.fixture(scope="module")
def paths(house, zahra) -> dict[str, str]:
    """Every page with something on it."""
    client = house.client(zahra)
    job = client.upload(TWO, terminology_id="Looked", label="1").url.path
    client.when_over(job)
    failed = client.upload(b"a,b\n1,2\n", terminology_id="Looked", label="2").url.path
    client.when_over(failed)
    asked = client.send("/releases", {"job": job.rpartition("/")[2], "notice_number": "110/40"}, on=job).url.path
    client.send("/accounts", {"name": "laboratory", "rate": "5/second", "addresses": "10.20.0.0/16"})
    return {
        "home": "/", "load": "/load", "jobs": "/jobs", "job": job, "failed": failed, "findings": f"{job}/findings",
        "comparison": f"{job}/comparison", "releases": "/releases", "release": asked, "accounts": "/accounts",
        "account": "/accounts/laboratory", "operators": "/operators", "audit": "/audit?verify=1", "profile": "/profile",
    }  # fmt: skip


@pytest.mark.parametrize(("width", "dark", "language"), [(WIDE, False, ""), (NARROW, True, "/en")])
def test_every_page_is_for_everybody(house, zahra, paths, tab, width, dark, language):
    """No serious finding of axe-core, nothing to be moved sideways; light and dark, wide and narrow, in both directions."""
    page = tab(house.base, f"{language}/load", width=width, dark=dark, storage_state=house.state_of(zahra))
    found = {}
    for name, path in paths.items():
        page.goto((language + path).rstrip("/") or "/")
        looked_at(page, f"desk-{name}-{width}{'-dark' if dark else ''}{'-en' if language else ''}")
        found[name] = (serious(page), is_wider_than_its_window(page))

    assert found == dict.fromkeys(paths, ([], False))
