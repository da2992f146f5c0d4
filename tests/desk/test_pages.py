"""The desk over HTTP: what its pages promise to a browser, and what they refuse to anybody else."""

from __future__ import annotations

import base64
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pyotp
import pytest

from maksa.desk.audit import Who
from maksa.desk.views.asking import FORM_S
from maksa.home import Home
from maksa.snapshot.shelf import Shelf
from tests.desk.served import PASSWORD, Client, Person, Served, enrolled, served

LIST = "کد,عنوان\n1,نشانی\n2,تلفن\n,بی‌کد\n".encode()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Served]:
    """One desk for the tests that harm none: two persons release, uploads are small, guesses are many."""
    home = Home.of(tmp_path_factory.mktemp("desk") / "home")
    limits = {
        "two_person_release": True,
        "desk_upload_limit": 200_000,
        "login_free_failures": 900,
        "login_lock_failures": 1000,
    }
    with served(home, **limits) as running:
        yield running


@pytest.fixture(scope="module")
def zahra(house) -> Person:
    return enrolled(house.desk, "zahra")


@pytest.fixture(scope="module")
def omid(house) -> Person:
    return enrolled(house.desk, "omid", "operator", "releaser")


@pytest.fixture(scope="module")
def sara(house) -> Person:
    return enrolled(house.desk, "sara", "operator")


@pytest.fixture(autouse=True)
def closed(house) -> Iterator[None]:
    """No test leaves a connection."""
    yield
    house.close_clients()


def loaded(client: Client, label: str, content: bytes = LIST) -> str:
    """The path of the job that loaded a list, once it is over."""
    path = client.upload(content, label=label).url.path
    client.when_over(path)
    return path


def asked(client: Client, label: str) -> str:
    """The path of a release that was asked for."""
    job = loaded(client, label)
    return client.send("/releases", {"job": job.rpartition("/")[2]}, on=job).url.path


EVERY = (
    "/", "/load", "/jobs", "/releases", "/accounts", "/operators", "/audit", "/audit/csv", "/profile", "/jobs/x",
    "/releases/x", "/accounts/x", "/jobs/x/findings",
)  # fmt: skip


@pytest.mark.parametrize("path", EVERY)
def test_nobody_sees_a_page_who_has_not_signed_in(house, path):
    """Whatever the path, and whether there is such a job or not: to the sign-in."""
    for client in (house.client(), house.client()):
        answer = client.get(path)
        assert answer.url.path == "/sign-in"
        client.http.cookies.set("desk-session", "A" * 43)


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/load", "/static/nothing.css", "/nothing", "/en", "/%ff", "/jobs/x"]
)
def test_every_answer_is_safe_and_kept_by_nobody(house, zahra, path):
    """Policy, frame, sniffing, cache: on pages, on faults, on what is not there."""
    answer = house.client(zahra).http.get(path, follow_redirects=False)
    policy = answer.headers["content-security-policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["requestid"]


def test_cookies_are_no_scripts_business(house, zahra):
    """HttpOnly and SameSite=Strict; over HTTPS also Secure and bound to the host by their names."""
    given = house.client().http.get("/sign-in").headers["set-cookie"]

    assert re.fullmatch(r"desk-visitor=[\w-]{22}; Path=/; HttpOnly; SameSite=Strict", given)


POSTS = (
    "/load", "/jobs/x/stop", "/drafts/drop", "/drafts/review", "/releases", "/releases/x/approve", "/accounts",
    "/accounts/x/rotate", "/operators", "/operators/omid/reset", "/profile/password", "/profile/codes", "/sign-out",
)  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_does_nothing(house, zahra, path):
    """No token, a made-up one, one of another session: 403, and nothing is done."""
    client, other = house.client(zahra), house.client(zahra)
    foreign = re.search(r'name="csrf" value="([^"]+)"', other.get("/profile").text)
    before = len(list(house.desk.audit.entries()))
    tokens = ({}, {"csrf": "x"}, {"csrf": foreign[1]}, {"csrf": "é" * 80})
    file = {"files": {"file": ("a.csv", LIST)}} if path == "/load" else {}
    codes = [client.http.post(path, data=fields, **file).status_code for fields in tokens]

    assert codes == [403, 403, 403, 403]
    assert len(list(house.desk.audit.entries())) == before


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://evil.example"}]
)
def test_a_form_from_another_site_does_nothing(house, zahra, headers):
    """Though it had the right token."""
    answer = house.client(zahra).send("/profile/sign-out-elsewhere", on="/profile", headers=headers)

    assert answer.status_code == 403


def test_roles_are_held_at_every_address(house, sara):
    """Who may only load keeps no accounts, approves nothing, reads no audit."""
    client = house.client(sara)
    job = loaded(client, "roles-1")
    release = client.send("/releases", {"job": job.rpartition("/")[2]}, on=job).url.path

    assert [client.get(path).status_code for path in ("/accounts", "/operators", "/audit", "/audit/csv")] == [403] * 4
    assert client.send(f"{release}/approve", on="/load").status_code == 403
    assert client.send("/accounts", {"name": "mine"}, on="/load").status_code == 403
    assert client.send("/operators/zahra/reset", on="/load").status_code == 403
    assert client.send("/operators", {"name": "evil", "roles": "administrator"}, on="/load").status_code == 403
    assert "mine" not in [each.name for each in house.desk.accounts.list()]
    assert "evil" not in [each.name for each in house.desk.operators.list()]


def test_roles_are_changed_by_another_administrator(house, zahra):
    """With what the form shows as he has them; nobody changes his own."""
    client = house.client(zahra)
    enrolled(house.desk, "kaveh", "operator")
    client.send("/operators/kaveh/assign", {"roles": ["operator", "releaser"]}, on="/operators")
    none = client.send("/operators/kaveh/assign", on="/operators")
    own = client.send("/operators/zahra/assign", {"roles": ["operator"]}, on="/operators")

    roles = {each.name: each.roles for each in house.desk.operators.list()}
    assert (roles["kaveh"], len(roles["zahra"])) == (("operator", "releaser"), 3)
    assert (none.status_code, own.status_code) == (400, 400)
    assert "دست‌کم یک نقش" in none.text


def test_two_persons_release(house, zahra, omid):
    """Whoever asked is told that another must, and another does; the shelf has it."""
    mine, his = house.client(zahra), house.client(omid)
    release = asked(mine, "two-1")
    own = mine.send(f"{release}/approve", on="/load")
    publishing = his.send(f"{release}/approve", on=release).url.path
    page = his.when_over(publishing)

    assert own.status_code == 409
    assert "another releaser must" in own.text
    assert "SHA-256" in page.text
    version = Shelf.open(house.desk.home.shelf).view.terminology("ContactType").by_label["two-1"].version
    assert version.digest in page.text


def test_a_notice_that_cannot_be_read_is_mended_where_it_was_written(house, zahra):
    """The page again with what is wrong in words, and everything that was typed."""
    client = house.client(zahra)
    job = loaded(client, "dates")
    typed = {
        "job": job.rpartition("/")[2],
        "notice_number": "110/77",
        "notice_title": "فهرست",
        "notice_date": "1403/13/40",
    }
    page = client.send("/releases", typed, on=job)

    assert page.status_code == 409
    assert "تاریخ ابلاغیه پذیرفتنی نیست" in page.text
    assert all(f'value="{typed[name]}"' in page.text for name in typed)
    assert house.desk.releases.of(house.desk.jobs.get(typed["job"])) is None


def test_a_review_whose_draft_was_loaded_anew_says_so(house, zahra, omid):
    """On its own page, where it can be asked for no more, and on the release that was asked for before."""
    client = house.client(zahra)
    first = loaded(client, "anew")
    release = client.send("/releases", {"job": first.rpartition("/")[2]}, on=first).url.path
    assert "دوباره بارگذاری شده" not in house.client(omid).get(release).text
    time.sleep(1.1)  # drafts are dated in whole seconds
    second = loaded(client, "anew", LIST + "3,سومی\n".encode())

    assert "دوباره بارگذاری شده" in house.client(omid).get(release).text
    client.send(f"{release}/withdraw", on=release)
    assert 'name="notice_number"' not in client.get(first).text
    assert "از بررسی تازه‌اش" in client.get(first).text
    assert 'name="notice_number"' in client.get(second).text


def test_what_is_over_is_neither_stopped_nor_asked_for_again(house, zahra, omid):
    """A stale page's button: the audit tells of no stop that was none, and no release of what is published waits for ever."""
    client = house.client(zahra)
    job = loaded(client, "over")
    release = client.send("/releases", {"job": job.rpartition("/")[2]}, on=job).url.path
    other = house.client(omid)
    other.when_over(other.send(f"{release}/approve", on=release).url.path)
    client.send(f"{job}/stop", on=job)
    again = client.send("/releases", {"job": job.rpartition("/")[2]}, on=job)

    assert again.status_code == 409
    assert "دیگر همان نیست" in again.text
    assert [e for e in house.desk.audit.entries() if (e.action, e.subject) == ("job-stopped", "ContactType over")] == []


@pytest.mark.parametrize("date", ["1499/01/01", "0003/02/05", "1403/13/40", "soon"])
def test_a_letter_has_a_date_that_letters_have(house, zahra, date):
    """What is published stays, a slip of the pen in it too: not what is to come, nor a year of two digits."""
    client = house.client(zahra)
    job = loaded(client, "letters")
    page = client.send("/releases", {"job": job.rpartition("/")[2], "notice_date": date}, on=job)

    assert "تاریخ ابلاغیه پذیرفتنی نیست" in page.text


def test_a_script_whose_session_is_over_loads_the_page_anew(house):
    """And puts no form to sign in where the progress was."""
    answer = house.client().get("/jobs/x/progress", headers={"HX-Request": "true"}, follow_redirects=False)

    assert (answer.status_code, answer.headers["hx-refresh"], answer.text) == (200, "true", "")


def test_of_two_who_decide_at_once_one_is_told(house, zahra, omid):
    """Two windows, two buttons."""
    release = asked(house.client(zahra), "race-1")
    clients = [house.client(omid) for _ in range(3)]
    start = threading.Barrier(3)

    def decide(client):
        start.wait(10)
        return client.send(f"{release}/refuse", {"reason": "نه"}, on="/").status_code

    with ThreadPoolExecutor(3) as threads:
        codes = sorted(threads.map(decide, clients))
    assert codes == [200, 409, 409]


def test_what_is_not_there_is_404_to_whoever_may_ask(house, zahra):
    """Ids of others' things are not guessed, nor are paths."""
    client = house.client(zahra)

    for path in (
        "/jobs/x",
        "/jobs/../../etc/passwd",
        "/jobs/x/findings",
        "/releases/x",
        "/accounts/x",
        "/jobs/x/progress",
        "/audit/xml",
        "/%2e%2e/desk.db",
    ):
        assert client.get(path).status_code == 404, path
    assert client.http.delete("/jobs").status_code == 404
    assert "چنین صفحه یا کاری در میز نیست." in client.get("/jobs/x").text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../evil.csv", "evil.csv"),
        ("<script>alert(1)</script>.csv", "script"),
        ("a\\b.csv", "b.csv"),
        ("؟؟ فهرست.csv", "فهرست.csv"),
    ],
)
def test_a_hostile_file_name_is_a_name(house, zahra, name, kept):
    """It is kept under a name of one folder, and shown as text."""
    client = house.client(zahra)
    path = client.upload(LIST, name, label="names").url.path
    page = client.when_over(path)
    folder = house.desk.jobs.get(path.rpartition("/")[2]).folder

    assert len(list((folder / "file").iterdir())) == 1
    assert kept in page.text
    assert "<script>alert" not in page.text


def test_hostile_cells_are_shown_as_text(house, zahra):
    """Markup in codes, displays and findings; a formula in what is taken home."""
    evil = "کد,عنوان\n<b>1</b>,<img src=x onerror=alert(1)>\n1,=cmd|' /C calc'!A0\n1,دوباره\n".encode()
    client = house.client(zahra)
    job = loaded(client, "cells", evil)

    for page in ("", "/findings", "/comparison"):
        assert "<img src=x" not in client.get(job + page).text
    assert '"=cmd' not in client.get(f"{job}/comparison/csv").text
    assert "'=cmd" in client.get(f"{job}/comparison/csv").text


def test_a_file_that_is_too_large_is_refused_while_it_comes(house, zahra):
    """And leaves nothing behind."""
    folders = len(list(house.desk.home.desk.glob("*")))
    answer = house.client(zahra).upload(b"x" * 300_000, label="large")

    assert answer.status_code == 400
    assert "is over 200,000 bytes" in answer.text
    assert len(list(house.desk.home.desk.glob("*"))) == folders


def test_a_form_that_is_no_form_is_refused(house, zahra):
    """Cut off, without a boundary, of another kind, with too much in a field, with two files, without a file."""
    client = house.client(zahra)
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/load").text)[1]
    fields = {"csrf": token, "terminology_id": "X", "label": "1"}
    part = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    end = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'
    cut = part + b'--b\r\nContent-Disposition: form-data; name="label"\r\n\r\n1\r\n' + end
    answers = [
        client.http.post("/load", content=cut, headers=kind),
        client.http.post("/load", content=b"x" * 5000, headers=kind),
        client.http.post("/load", content=b"x", headers={"content-type": "multipart/form-data"}),
        client.http.post("/load", data=fields),
        client.http.post("/load", data=fields | {"title": "x" * 5000}, files={"file": ("a.csv", LIST)}),
        client.http.post("/load", data=fields, files=[("file", ("a.csv", LIST)), ("file", ("b.csv", LIST))]),
        client.http.post("/load", data=fields, files={"file": ("", b"")}),
        client.http.post("/load", data=fields | {"terminology_id": 'a/"b'}, files={"file": ("a.csv", LIST)}),
        client.http.post("/load", content=part * 50 + cut.removeprefix(part) + b"\r\n--b--\r\n", headers=kind),
        client.http.post(
            "/profile/password", content=b"a" * 70_000, headers={"content-type": "application/x-www-form-urlencoded"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [400] * 9 + [413]
    assert (
        house.client()
        .http.post("/load", data=fields, files={"file": ("a.csv", LIST)}, follow_redirects=False)
        .status_code
        == 303
    )


def test_an_upload_that_breaks_off_leaves_nothing(house, zahra):
    """Neither a file nor a folder, nor a fault of ours in the log."""
    client = house.client(zahra)
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/load").text)[1]
    fields = {"csrf": token, "terminology_id": "Broken", "label": "1"}
    head = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    body = f'{head}--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1,2\r\n'
    before = set(house.desk.home.desk.glob("*"))
    line = begun(house, "/load", body, client.http.cookies["desk-session"], kind="multipart/form-data; boundary=b")
    until(lambda: set(house.desk.home.desk.glob("*")) != before)
    line.close()

    until(lambda: set(house.desk.home.desk.glob("*")) == before)
    assert "ClientDisconnect" not in (house.desk.home.path / "desk.log").read_text()


def begun(house: Served, path: str, body: str, cookie: str, *, kind: str) -> socket.socket:
    """The line on which a form has been begun of which no more comes."""
    line = socket.create_connection(("127.0.0.1", int(house.base.rpartition(":")[2])))
    head = f"POST {path} HTTP/1.1\r\nHost: desk\r\nCookie: desk-session={cookie}\r\nContent-Type: {kind}\r\n"
    line.sendall(f"{head}Content-Length: 100000\r\n\r\n{body}".encode())
    return line


def until(holds: Callable[[], bool]) -> None:
    """Returns once it does."""
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never did")


def test_whoever_stands_still_is_not_waited_for(house):
    """Else a few hundred who begin a form and go on no further would keep everybody out."""
    line = begun(house, "/sign-in", "name=", "", kind="application/x-www-form-urlencoded")
    line.settimeout(FORM_S + 60)

    assert line.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert line.recv(1000) == b""
    line.close()


def test_the_secrets_of_an_account_are_shown_once(house, zahra):
    """In the answer to the form; no page has them again, and neither has the audit."""
    client = house.client(zahra)
    page = client.send("/accounts", {"name": "hospital", "rate": "5/second", "addresses": "10.0.0.0/8"})
    secret = re.findall(r'translate="no">([^<]{43})<', page.text)[0]
    again = client.send("/accounts/hospital/rotate", on="/accounts/hospital")

    assert secret not in again.text
    for path in ("/accounts", "/accounts/hospital", "/audit"):
        assert secret not in client.get(path).text
    assert all(secret not in entry.facts for entry in house.desk.audit.entries())


def test_an_account_is_limited_granted_and_shut_out(house, zahra):
    """Each act in the store, and in the audit with whose it was."""
    client = house.client(zahra)
    client.send("/accounts", {"name": "lab"})
    client.send(
        "/accounts/lab/limit", {"rate": "۷ در دقیقه", "addresses": "۱۹۲.۰.۲.۰/۲۴، 10.20.0.0/16"}, on="/accounts/lab"
    )
    client.send("/accounts/lab/grant", {"functions": "SearchTerminology"}, on="/accounts/lab")
    client.send("/accounts/lab/disable", on="/accounts/lab")
    account = next(each for each in house.desk.accounts.list() if each.name == "lab")
    wrong = client.send("/accounts/lab/limit", {"rate": "often"}, on="/accounts/lab")

    assert (account.rate, account.addresses, account.enabled, len(account.pids)) == (
        "7/minute",
        ("192.0.2.0/24", "10.20.0.0/16"),
        False,
        2,
    )
    assert (wrong.status_code, "often" in wrong.text) == (400, True)
    acts = [entry.action for entry in house.desk.audit.entries() if entry.subject == "lab" and entry.actor == "zahra"]
    done = ["account-add", "account-limit", "account-grant", "account-disable"]
    assert acts == [*done, "account-limit", "account-limit-refused"]


def test_nobody_shuts_himself_out(house, zahra):
    """He might be the last who could let somebody in."""
    assert house.client(zahra).send("/operators/zahra/disable", on="/operators").status_code == 400


def test_a_password_is_changed_by_whoever_knows_it(house):
    """A session left open is no password; the other sessions end."""
    person = enrolled(house.desk, "navid", "operator")
    client, other = house.client(person), house.client(person)
    fields = {"password": "یک گذرواژهٔ دیگر و بلند", "again": "یک گذرواژهٔ دیگر و بلند"}
    wrong = client.send("/profile/password", {"current": "wrong", **fields}, on="/profile")
    right = client.send("/profile/password", {"current": PASSWORD, **fields}, on="/profile")

    assert (wrong.status_code, right.status_code) == (400, 200)
    assert other.get("/").url.path == "/sign-in"
    assert client.get("/").url.path == "/"


def test_the_way_in_over_http(house):
    """Password, code, a fresh cookie at each step; the old ones are worth nothing; a code is good once."""
    person = enrolled(house.desk, "kian", "operator")
    client = house.client()
    first = client.send("/sign-in", {"name": "kian", "password": PASSWORD})
    half = client.http.cookies["desk-session"]
    code = person.code()
    home = client.send("/code", {"code": code}, on="/code")

    assert (first.url.path, home.url.path) == ("/code", "/")
    assert client.http.cookies["desk-session"] != half
    planted = house.client()
    planted.http.cookies.set("desk-session", half)
    assert planted.get("/").url.path == "/sign-in"
    other = house.client()
    other.send("/sign-in", {"name": "kian", "password": PASSWORD})
    assert other.send("/code", {"code": code}, on="/code").status_code == 401
    assert client.send("/sign-out", on="/").url.path == "/sign-in"
    assert client.get("/").url.path == "/sign-in"


def test_whoever_signs_in_comes_to_the_page_that_he_asked_for(house):
    """With its query, once; not to a file, nor to another site, whatever the cookie says."""
    person = enrolled(house.desk, "sina", "administrator")

    spare = iter(person.codes)

    def led(*, asked="", cookie=""):
        client = house.client()
        if asked:
            assert client.get(asked).url.path in ("/sign-in", "/en/sign-in")
        if cookie:
            client.http.cookies.set("desk-wanted", base64.urlsafe_b64encode(cookie.encode()).decode(), "127.0.0.1")
        client.send("/sign-in", {"name": "sina", "password": PASSWORD})
        first = client.send("/code", {"code": next(spare)}, on="/code").url
        client.send("/sign-out", on="/profile")
        assert "desk-wanted" not in client.http.cookies
        return str(first).removeprefix(house.base)

    assert led(asked="/audit?page=1&q=%D8%A7") == "/audit?page=1&q=%D8%A7"
    assert led(asked="/en/operators") == "/en/operators"
    assert led(asked="/audit/csv") == "/"
    assert led(cookie="//evil.example/") == "/"
    assert led(cookie="/\\evil.example") == "/"
    assert led(cookie="https://evil.example") == "/"
    assert led(cookie="/x\r\nSet-Cookie: a=b") == "/"


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/accounts/lab/limit", "/accounts/lab"),
        ("/releases/x/approve", "/releases/x"),
        ("/en/profile/password", "/en/profile"),
        ("/drafts/drop", "/"),
        ("/load", "/load"),
    ],
)
def test_a_form_sent_after_the_session_ended_is_not_lost_without_a_word(house, form, page):
    """The page to sign in says so, in the form's language, and leads back to the page that the form is on."""
    person = enrolled(house.desk, f"late{form.replace('/', '-')}", "administrator")
    client = house.client()
    client.http.headers["Cookie"] = f"desk-session={'A' * 43}"
    told = client.http.post(form, data={"terminology_id": "x"}, files={"file": ("list.csv", b"1," * 500_000)})
    del client.http.headers["Cookie"]
    client.send("/sign-in", {"name": person.name, "password": PASSWORD})
    led = client.send("/code", {"code": person.codes[0]}, on="/code").url.path

    prefix, words = ("/en", "Your session had ended") if "/en/" in form else ("", "نشست شما پایان یافته بود")
    assert (told.url.path, words in told.text, led) == (f"{prefix}/sign-in", True, page)


@pytest.mark.parametrize(("cookie", "method"), [("", "POST"), ("A" * 43, "GET")])
def test_nobody_is_told_of_a_form_that_he_did_not_send(house, cookie, method):
    """A stranger's form, and a page that is merely read, lead to the page to sign in as they did."""
    client = house.client()
    if cookie:
        client.http.cookies.set("desk-session", cookie)
    page = client.http.request(method, "/load")

    assert (page.url.path, page.url.query, "نشست شما" in page.text) == ("/sign-in", b"", False)


def test_the_first_sign_in_leads_on_to_the_page_that_was_wanted(house):
    """The page of recovery codes has the way there, and to the desk's own where none was."""
    ways = []
    for name, asked in (("nasrin", "/jobs?page=1"), ("yalda", "")):
        first = house.desk.operators.add(name, ("operator",), Who("terminal"))
        client = house.client()
        if asked:
            client.get(asked)
        page = client.send("/sign-in", {"name": name, "password": first})
        half = house.desk.sessions.get(client.http.cookies["desk-session"])
        code = pyotp.TOTP(house.desk.second_factor.offered(half.hash, half.operator)).now()
        codes = client.send("/enrol", {"password": PASSWORD, "again": PASSWORD, "code": code}, on="/enrol")
        assert (page.url.path, codes.status_code) == ("/enrol", 200)
        ways.append(re.search(r'<a class="btn btn-primary" href="([^"]*)"', codes.text)[1])

    assert ways == ["/jobs?page=1", "/"]


def test_a_wrong_password_and_a_strangers_name_look_alike(house):
    """The same page, the same status, the name that was typed aside."""
    enrolled(house.desk, "mina", "operator")
    pages = []
    for name in ("mina", "nobody"):
        answer = house.client().send("/sign-in", {"name": name, "password": "wrong wrong"})
        text = re.sub(r'value="[^"]*"|<code.*?</code>', "", answer.text)
        pages.append((answer.status_code, text))

    assert pages[0] == pages[1]
    assert pages[0][0] == 401


def test_guesses_are_refused_with_429(tmp_path):
    """Over HTTP too, and whoever guesses learns nothing of the right one."""
    home = Home.of(tmp_path / "home")
    with served(home, login_free_failures=3, login_lock_failures=3) as desk:
        enrolled(desk.desk, "zahra")
        client = desk.client()
        codes = [client.send("/sign-in", {"name": "zahra", "password": "guess"}).status_code for _ in range(3)]
        right = client.send("/sign-in", {"name": "zahra", "password": PASSWORD})

    assert codes == [401, 401, 401]
    assert right.status_code == 429


def test_behind_a_proxy_that_ends_tls_cookies_are_bound_to_the_host(tmp_path):
    """And plain HTTP from elsewhere is told 410, whatever allow_http says."""
    home = Home.of(tmp_path / "home").made()
    with served(home, trusted_proxies=["127.0.0.1"], allow_http=True) as desk:
        near = httpx.get(f"{desk.base}/sign-in", headers={"x-forwarded-for": "192.0.2.9", "x-forwarded-proto": "https"})
        plain = httpx.get(f"{desk.base}/sign-in", headers={"x-forwarded-for": "192.0.2.9", "x-forwarded-proto": "http"})

    assert re.fullmatch(
        r"__Host-desk-visitor=[\w-]+; Path=/; HttpOnly; SameSite=Strict; Secure", near.headers["set-cookie"]
    )
    assert near.headers["strict-transport-security"]
    assert plain.status_code == 410


def test_the_audit_is_exported_and_proved(house, zahra):
    """Whole, as CSV and JSON, with the sums; and the page says that the chain is."""
    client = house.client(zahra)
    exported = client.get("/audit/csv")
    rows = exported.text.splitlines()
    lines = client.get("/audit/json").text.splitlines()

    assert exported.content.startswith("\ufeff".encode())  # or Excel reads Persian as Latin
    assert rows[0].lstrip("\ufeff") == "number,at,actor,address,action,subject,facts,hash,time"
    assert len(lines) >= len(rows) - 1
    assert "note-good" in client.get("/audit?verify=1").text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are looked for in /proc")
def test_a_job_ends_with_its_desk(tmp_path):
    """Killed, with no time to say so: nobody goes on writing for a desk that is no more, and the next one says what became of it."""
    home = Home.of(tmp_path / "home")
    long = b"code,display\n" + b"".join(b"%d,x%d\n" % (n, n) for n in range(600_000))
    with served(home) as desk:
        client = desk.client(enrolled(desk.desk, "zahra"))
        path = client.upload(long).url.path
        while not (children := children_of(desk.process.pid)):
            time.sleep(0.02)
        desk.process.kill()
        desk.process.wait(10)
        until_gone(children)
    with served(home) as desk:
        page = desk.client(enrolled(desk.desk, "omid")).when_over(path)

    assert "میز انتشار در میانهٔ این کار بسته شد" in page.text


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until_gone(pids: list[int]) -> None:
    """Returns when no process of *pids* runs; one that is dead and not waited for does not."""
    for _ in range(500):
        if not any(_runs(pid) for pid in pids):
            return
        time.sleep(0.02)
    raise AssertionError(f"{pids} go on")


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_pages_are_in_english_on_request(house, zahra):
    """The same page, left to right, with its own words."""
    page = house.client(zahra).get("/en/load").text

    assert '<html lang="en" dir="ltr">' in page
    assert "Load and review" in page


@pytest.mark.parametrize(
    ("content", "text", "why", "word"),
    [
        (b"PK\x03\x04 no zip at all", "این فایل خوانده نشد.", "کارپوشه آسیب دیده است", "File is not a zip file"),
        (b'code,value\n1,"a\n', "این فایل خوانده نشد.", "ردیف ۲: گیومه‌ای باز شده که هیچ‌جا بسته نمی‌شود", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "این فایل خوانده نشد.", "کارپوشهٔ قدیمی XLS است، یا گذرواژه دارد", ""),
        (
            b'{"resourceType": "CodeSystem", "concept": [',
            "این فایل خوانده نشد.",
            "JSON پیش از پایانش بریده شده است",
            "Input data was truncated",
        ),
        (b"a,b\n1,2\n", "ستون کد یا مقدار شناخته نشد؛", "ستونی برای «<bdi>کد</bdi>» نیست", ""),
    ],
)
def test_why_a_file_could_not_be_loaded_is_said_in_persian(house, zahra, content, text, why, word):
    """The library's own English word stands apart; all of it in English is under the details, and alone on the English page."""
    client = house.client(zahra)
    job = client.upload(content, label="why").url.path
    page = client.when_over(job).text
    fault = page[page.index('role="alert"') : page.index("<details")]

    assert text in fault
    assert why in fault
    assert (f'<bdi lang="en" dir="ltr">{word}</bdi>' in fault) is bool(word)
    assert not re.search("[A-Za-z]{3,} [a-z]{2,}", re.sub(r'<bdi lang="en".*?</bdi>|<[^>]*>', "", fault))
    assert why not in client.get(f"/en{job}").text


def test_a_hierarchy_that_cannot_be_read_is_said_in_persian(house, zahra):
    """It is an option of the load, and no file's fault."""
    client = house.client(zahra)
    page = client.when_over(client.upload(LIST, label="tree", hierarchy="suffix").url.path).text

    assert "«<bdi>suffix</bdi>» سلسله‌مراتب نیست" in page
