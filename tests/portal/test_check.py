"""Check: what is wrong with a file and why, the corrected file, the report; and nothing of it is kept, logged or believed."""

from __future__ import annotations

import io
import json
import re
import secrets
import threading
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from maksa.web.portal.checks import Checks
from tests.browser import NARROW, WIDE, expect, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import BROWSER, HOSTILE, as_json, shown

HERE = {**BROWSER, "Sec-Fetch-Site": "same-origin"}
BAD = """terminology,code,value,note
thritaEHR.Religion,1,اسلام,کودک ۷ ساله
Tree,A,ريشه دوم,patient-17
thritaEHR.Religion,99,چیزی,
Tree,A,ریشه نخست,
"""


def sent(service, headers=HERE, to="/check", **fields):
    """The answer to the form: a field is a text, or (name of a file, its bytes)."""
    boundary = secrets.token_hex(8)
    parts = []
    for name, given in fields.items():
        file, content = given if isinstance(given, tuple) else ("", given.encode())
        disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        parts.append(f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return service.send("POST", to, body, {**headers, "Content-Type": f"multipart/form-data; boundary={boundary}"})


def checked(service, **fields):
    """The result as a program reads it."""
    answer = sent(service, **fields)
    assert answer.status == 303, answer.body
    return as_json(service, answer.headers["location"]).json()["result"]


def test_a_bad_file_is_told_row_by_row_and_comes_back_corrected(portal):
    """What is certain is corrected, everything else stays byte for byte; the report has every finding."""
    way = sent(portal, file=("داروها.csv", BAD.encode())).headers["location"]
    result = as_json(portal, way).json()["result"]
    corrected, report = shown(portal, f"{way}/corrected"), shown(portal, f"{way}/report")

    summary = result["summary"]
    assert (summary["checked"], summary["valid"]) == (4, 1)
    assert [each["place"]["row"] for each in result["judged"]] == [3, 4, 5]
    assert corrected.body.decode() == BAD.replace("ريشه دوم", "ریشه دوم").replace("ریشه نخست", "ریشه دوم")
    assert "corrected.csv" in corrected.headers["content-disposition"]
    assert zipfile.ZipFile(io.BytesIO(report.body)).testzip() is None
    for answer in (corrected, report, shown(portal, way)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("language", "place", "is_turned"), [("", "ردیف ۳", True), ("/en", "row 3", False)])
def test_the_report_is_in_the_language_of_the_page(portal, language, place, is_turned):
    """A Persian sheet begins at the right and tells places in Persian; what was wrong is called as on the page."""
    way = sent(portal, file=("f.csv", BAD.encode()), to=f"{language}/check").headers["location"]
    with zipfile.ZipFile(io.BytesIO(shown(portal, f"{way}/report").body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert (f">{place}<" in sheet, 'rightToLeft="1"' in sheet) == (True, is_turned)
    assert ">refusal · نادرست<" in sheet


def test_the_page_marks_what_was_mended(portal):
    """The changed word, in both languages."""
    way = sent(portal, file=("f.csv", BAD.encode())).headers["location"]

    assert "ریشه <del>نخست</del>&zwnj;<ins>دوم</ins>" in shown(portal, way).body.decode()
    assert b"Right:" in shown(portal, f"/en{way}").body


@pytest.mark.parametrize(
    ("text", "terminology", "slugs"),
    [
        ("code\tvalue\n1\tاسلام\n", "thritaEHR.Religion", set()),
        ("1\tاسلام\n77\tاسلام\n", "thritaEHR.Religion", {"code-of-display"}),
        ("thritaEHR.Religion,1,اسلام\nTree,B,تازه", "", set()),
        ("1\n2\n", "Tree", {"unknown-code"}),
    ],
)  # fmt: skip
def test_a_pasted_table_needs_no_header(portal, text, terminology, slugs):
    """Code and value under a chosen terminology, or all three; from a spreadsheet or typed."""
    result = checked(portal, text=text, terminology=terminology)

    assert result["fault"] == ""
    assert {finding["slug"] for each in result["judged"] for finding in each["verdict"]["findings"]} <= slugs | {
        "near-code"
    }
    assert bool(result["judged"]) == bool(slugs)


@pytest.mark.parametrize(
    ("text", "valid", "refused"),
    [
        ("Tree\tA\tریشه دوم\nTree\tZZ\tچیزی\nTree\tB\tتازه\n", 2, 1),
        ("Tree,ZZ,چیزی", 0, 1),
    ],
)
def test_the_first_row_of_a_pasted_table_is_checked_too(portal, text, valid, refused):
    """Though its first cell could be a header that names a terminology."""
    summary = checked(portal, text=text)["summary"]

    assert (summary["valid"], summary["refused"]) == (valid, refused)


def workbook(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("برگه")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def test_a_workbook_and_a_message_are_checked_too(portal):
    """By their content, whatever they are called."""
    rows = [["terminology", "code", "value"], ["Tree", "A", "ریشه نخست"]]
    message = json.dumps({"Religion": {"Value": "x", "Terminology_id": "thritaEHR.Religion", "Coded_string": "1"}})

    assert checked(portal, file=("a.bin", workbook(rows)))["summary"]["corrected"] == 1
    assert checked(portal, file=("a.csv", message.encode()))["summary"]["checked"] == 1


def far_cell() -> bytes:
    """A workbook whose one cell is the last of a sheet: laid out, 500 GB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["code"]]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', b'r="XFD1048576"').replace(b'<row r="1"', b'<row r="1048576"')
            new.writestr(name, content)
    return out.getvalue()


def unpacking() -> bytes:
    """A workbook that unpacks to three gigabytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["code"]]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * (1 << 20))
    return out.getvalue()


LAUGHS = b'<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><m><code>&b;</code></m>'
OUTSIDE = b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><m><c><terminology>Tree</terminology><code>&x;</code></c></m>'
HOSTILES = {
    "nothing": b"", "zeros": b"\0" * 5000, "noise": bytes(range(256)) * 50, "half a zip": b"PK\x03\x04" + b"x" * 100,
    "far cell": far_cell(), "laughs": LAUGHS, "outside": OUTSIDE, "depth": b"[" * 200_000, "long line": b"a," * 200_000,
    "quotes": b'"' * 100_001, "lone surrogate": b"code\n\xed\xa0\x80", "utf-16": "code,value\n1,x".encode("utf-16"),
    "formula": b"terminology,code,value\nTree,=cmd|' /C calc'!A0,@SUM(1)\n", "one column": b"x\ny\nz\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILES)
def test_a_hostile_file_is_a_result_or_a_fault_that_is_told(portal, kind):
    """The service goes on; nothing of the machine is in the answer."""
    answer = sent(portal, file=("x.csv", HOSTILES[kind]))
    page = shown(portal, answer.headers["location"]).body.decode() if answer.status == 303 else answer.body.decode()

    assert answer.status in (303, 400)
    assert "root:" not in page
    assert str(portal.home.path) not in page
    assert "Traceback" not in page
    assert portal.send("GET", "/health/ready").status == 200


def test_a_file_that_unpacks_without_end_is_given_up(portal):
    """Its process ends by its bounds, the service does not."""
    result = checked(portal, file=("bomb.xlsx", unpacking()))

    assert result["fault"] or result["summary"]["checked"] == 0
    assert portal.send("GET", "/health/ready").status == 200


def test_names_and_texts_of_files_are_text(portal):
    """A file's name is shown and sent back, and does nothing; a formula stays a text in the report."""
    name = '../../../<img src=x>\\evil";.csv'.replace('"', "%22")
    way = sent(
        portal,
        file=(
            name,
            f'terminology,code,value\nTree,A,ریشه نخست\nTree,A,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n'.encode(),
        ),
    ).headers["location"]
    page, corrected = shown(portal, way), shown(portal, f"{way}/corrected")

    assert b"<img" not in page.body
    assert b"<script>alert" not in page.body
    assert (
        "/"
        not in corrected.headers["content-disposition"]
        .replace("UTF-8''", "")
        .partition("filename*")[0]
        .partition("=")[2]
    )


def test_nothing_sent_is_said_and_so_is_too_much(portal):
    """With the form to try again; past the limit the file is not even kept."""
    assert (sent(portal, text="  ").status, sent(portal, text="code\n1", terminology="Nothing").status) == (400, 400)
    assert sent(portal, file=("big.csv", b"x" * (11 << 20))).status == 413
    assert portal.send("POST", "/check", b"garbage", {**HERE, "Content-Type": "multipart/form-data"}).status == 400


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example", "Sec-Fetch-Site": ""}]
)
def test_another_site_cannot_send_the_form(portal, headers):
    """403, and nothing is checked."""
    given = {name: text for name, text in {**HERE, **headers}.items() if text}

    assert sent(portal, headers=given, text="code\n1").status == 403


def test_nothing_of_a_file_is_kept_or_logged(portal):
    """The upload is gone when the result is there; the result goes when its reader says so."""
    way = sent(portal, file=("patient-17.csv", BAD.encode())).headers["location"]
    folder = portal.home.run / "checks" / way.rpartition("/")[2]
    names = {each.name for each in folder.iterdir()}
    forgotten = portal.send("POST", f"{way}/forget", b"", HERE)
    log = str(portal.lines()) + portal.log.read_text(encoding="utf-8")

    assert "upload" not in names
    assert forgotten.status == 303
    assert not folder.exists()
    assert shown(portal, way).status == shown(portal, f"{way}/corrected").status == 404
    for secret in ("patient-17", "کودک", way.rpartition("/")[2]):
        assert secret not in log


@pytest.mark.parametrize("identity", ["x", "..", "%2e%2e", "A" * 24, "../../accounts.db", "A" * 23 + "/"])
def test_an_id_that_nobody_was_given_has_no_result(portal, identity):
    """Nor does it lead out of the folder: somebody else's result and the rest of the home stand."""
    kept = sent(portal, text="code\n1").headers["location"]

    assert shown(portal, f"/check/{identity}").status == 404
    assert shown(portal, f"/check/{identity}/corrected").status == 404
    assert portal.send("POST", f"/check/{identity}/forget", b"", HERE).status in (303, 404)
    assert shown(portal, kept).status == 200
    assert (portal.home.path / "accounts.db").is_file()


def test_many_at_once_are_told_to_wait(portal):
    """Few wait, the rest are told when to come again; the functions answer meanwhile."""
    rows = "terminology,code,value\n" + "".join(f"Tree,zz{number},چیز {number}\n" for number in range(300))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(sent(portal, text=rows))) for _ in range(7)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert portal.ask("Terminology", terminologyId="Tree", codedString="B").status == 200
    for thread in threads:
        thread.join()
    refused = [answer for answer in answers if answer.status == 503]

    assert {answer.status for answer in answers} == {303, 503}
    assert all(answer.headers["retry-after"] == "30" for answer in refused)


def test_results_go_when_their_time_has_come_and_the_oldest_make_way(tmp_path):
    """Whether somebody looks or not."""
    short, few = Checks(tmp_path / "a", kept_s=0), Checks(tmp_path / "b", most=2)
    identity, folder = short.fresh()
    first = few.fresh()[0]
    time.sleep(0.02)
    others = [few.fresh()[0] for _ in range(2)]

    assert folder.stat().st_mode & 0o077 == 0
    assert short.of(identity) is None
    short.sweep()
    assert list((tmp_path / "a").iterdir()) == []
    assert few.of(first) is None
    assert [few.of(each) is not None for each in others] == [True, True]


@pytest.mark.parametrize(("script", "width", "dark"), [(True, 1440, False), (False, NARROW, True)])
def test_a_reader_checks_a_bad_file(tab, base, tmp_path, script, width, dark):
    """The journey: a file given, the findings read, the corrected file taken, the result deleted."""
    bad = tmp_path / "bad.csv"
    bad.write_text(BAD, encoding="utf-8")
    page = tab(base, "/check", script=script, width=width, dark=dark)
    if script:
        assert serious(page) == []
    looked_at(page, f"check-{width}")
    page.set_input_files("input[type=file]", bad)
    page.get_by_role("button", name="بررسی", exact=True).click()
    page.wait_for_url("**/check/*")

    expect(page.locator("ol.findings > li")).to_have_count(3)
    looked_at(page, f"checked-{width}")
    assert not is_wider_than_its_window(page)
    if script:
        assert serious(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="دریافت فایل اصلاح‌شده").click()
    assert "ریشه دوم" in Path(download.value.path()).read_text("utf-8")
    page.get_by_role("button", name="پاک کردن همین حالا").click()
    page.wait_for_url(re.compile(r".*/check$"))


UNREAD = {
    "quote": (BAD.replace("99,چیزی", '99,"چیزی').encode(), "گیومه‌ای که در خط ۴ باز شده، هیچ‌جا بسته نمی‌شود", ""),
    "workbook": (b"PK\x03\x04" + b"x" * 100, "کارپوشه آسیب دیده است", "file format"),
    "deep": (b"[" * 2000, "بیش از ۵۱۲ کروشه یا آکولاد درون یکدیگر است", ""),
    "xml": (b"<a>\n<b></a>", "خط ۲: XML درستی نیست", "mismatched tag"),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_why_a_file_cannot_be_read_is_said_in_the_pages_language(portal, tab, base, kind):
    """A library's own English stands apart and says that it is; the English page has the whole sentence."""
    content, why, detail = UNREAD[kind]
    way = sent(portal, file=("فهرست.csv", content)).headers["location"]
    page, english = tab(base, way, width=NARROW), shown(portal, f"/en{way}").body.decode()
    expect(page.locator("main")).to_contain_text(why)
    foreign = page.locator('main bdi[lang="en"]').all_inner_texts()
    looked_at(page, f"check-unread-{kind}-360")
    narrow = (serious(page), is_wider_than_its_window(page))
    page.set_viewport_size({"width": WIDE, "height": 900})
    looked_at(page, f"check-unread-{kind}-1440")

    assert narrow == ([], False)
    assert [detail.casefold() in each.casefold() for each in foreign] == ([True] if detail else [])
    assert why not in english
    assert "The reader says:" in english


def test_the_columns_of_a_file_are_named_where_others_are_needed(portal, tab, base):
    """They are the file's own words, each by itself."""
    way = sent(portal, file=("x.csv", "نام,شماره\nالف,1\n".encode())).headers["location"]
    page = tab(base, way)

    expect(page.locator("main")).to_contain_text("ستون‌هایی که دارد: نام، شماره")
    looked_at(page, "check-unread-columns-1440")
