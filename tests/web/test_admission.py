"""Who is let in: tokens, addresses, rates, proxies, accounts that change; over a real socket."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time

import pytest

from maksa.home import Home
from tests.web.conftest import BASE, add_account, maksa, publish_samples, running

QUESTION = json.dumps({"terminologyId": "thritaEHR.Religion", "codedString": "1"}).encode()


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A service that trusts the proxy on this machine, and blocks one network."""
    home = Home.of(tmp_path_factory.mktemp("proxied") / "home")
    publish_samples(home)
    home.settings_file.write_text('trusted_proxies = ["127.0.0.1"]\nblocked_addresses = ["203.0.113.0/24"]\n')
    with running(home) as service:
        yield service


def ask(service, headers=None, **more):
    return service.send("GET", f"{BASE}/Terminology", QUESTION, service.headers(**more) | (headers or {}))


def as_account(service, credentials):
    """The headers of a call by another account of the service."""
    granted = service.grant(
        (credentials["client_id"], credentials["client_secret"]),
        grant_type="password", username=credentials["username"], password=credentials["password"],
    )  # fmt: skip
    assert granted.status == 200, granted.body
    return {"token": granted.json()["access_token"], "pid": credentials["pids"][0]["pid"]}


def test_a_token_is_as_the_guide_shows_it(service):
    """Its members, their order and kinds. [contract §1]"""
    answer = service.grant(
        grant_type="password", username=service.credentials["username"], password=service.credentials["password"]
    )

    assert list(answer.json()) == ["access_token", "token_type", "refresh_token", "expires_in", "scope"]
    assert (answer.json()["token_type"], answer.json()["scope"]) == ("bearer", "trust read write")
    assert isinstance(answer.json()["expires_in"], int)
    assert 0 < answer.json()["expires_in"] <= 900


def test_a_live_token_is_handed_out_again(service):
    """Known clients log in before every call. [contract §1]"""
    first, second = service.login(), service.login()

    assert first["access_token"] == second["access_token"]
    assert first["refresh_token"] == second["refresh_token"]
    assert second["expires_in"] <= first["expires_in"]


def test_a_refresh_ends_the_old_token_and_keeps_the_refresh_token(service):
    """The guide's sample does. [contract §1]"""
    before = service.login()
    after = service.grant(grant_type="refresh_token", refresh_token=before["refresh_token"]).json()

    assert after["refresh_token"] == before["refresh_token"]
    assert after["access_token"] != before["access_token"]
    assert after["expires_in"] in (899, 900)
    assert ask(service, token=before["access_token"]).status == 401
    assert ask(service, token=after["access_token"]).status == 200
    service.token = after["access_token"]


def test_the_form_may_come_in_the_query(service):
    """Known clients put the parameters in the query of a POST with no body. [contract §1]"""
    import base64
    from urllib.parse import urlencode

    given = service.credentials
    query = urlencode({"grant_type": "password", "username": given["username"], "password": given["password"]})
    basic = base64.b64encode(f"{given['client_id']}:{given['client_secret']}".encode()).decode()

    assert service.send("POST", f"/oauth/token?{query}", b"", {"Authorization": f"basic {basic}"}).status == 200


@pytest.mark.parametrize(
    ("client", "parameters", "status", "error"),
    [
        (None, {"grant_type": "password", "username": "x", "password": "y"}, 400, "invalid_grant"),
        (None, {"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        (("nobody", "nothing"), {"grant_type": "password", "username": "x", "password": "y"}, 401, "invalid_client"),
        (None, {"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        (None, {"grant_type": "password", "username": "x"}, 400, "invalid_request"),
        (None, {}, 400, "invalid_request"),
    ],
)
def test_a_grant_that_is_refused(service, client, parameters, status, error):
    """RFC 6749 §5.2; a wrong user is «Bad credentials». [contract §1]"""
    answer = service.grant(client, **parameters)

    assert (answer.status, answer.json()["error"]) == (status, error)
    if error == "invalid_grant":
        assert answer.json()["error_description"] == "Bad credentials"
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_strangers_learn_nothing_about_names(service):
    """A user that exists, with a wrong password, is answered as one that does not: body, status, headers."""
    answers = [
        service.grant(grant_type="password", username=name, password="wrong")
        for name in (service.credentials["username"], "nobody at all")
    ]
    for answer in answers:
        for name in ("requestid", "date"):
            answer.headers.pop(name)

    assert (answers[0].status, answers[0].body, answers[0].headers) == (
        answers[1].status,
        answers[1].body,
        answers[1].headers,
    )


def test_another_clients_user_is_nobody(service):
    """A client logs its own user in, no other."""
    other = add_account(service.home, "other")
    answer = service.grant(
        (other["client_id"], other["client_secret"]),
        grant_type="password", username=service.credentials["username"], password=service.credentials["password"],
    )  # fmt: skip

    assert (answer.status, answer.json()["error"]) == (400, "invalid_grant")


def test_a_rate_is_kept(service):
    """Three a second: the fourth is told when to come again, and then is let through. [contract §3]"""
    headers = as_account(service, add_account(service.home, "slow", "--rate", "3/second"))
    statuses = [ask(service, **headers).status for _ in range(5)]
    refused = ask(service, **headers)

    assert statuses == [200, 200, 200, 429, 429]
    assert int(refused.headers["retry-after"]) >= 1
    time.sleep(1.1)
    assert ask(service, **headers).status == 200


def test_an_account_calls_from_its_addresses_only(proxied):
    """403 after 401, before 429. [contract §3]"""
    bound = add_account(proxied.home, "bound", "--address", "192.0.2.0/24")
    here = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    elsewhere = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    import base64
    from urllib.parse import urlencode

    basic = base64.b64encode(f"{bound['client_id']}:{bound['client_secret']}".encode()).decode()
    form = urlencode({"grant_type": "password", "username": bound["username"], "password": bound["password"]}).encode()
    login = {"Authorization": f"Basic {basic}"}

    assert proxied.send("POST", "/oauth/token", form, login | elsewhere).status == 403
    token = proxied.send("POST", "/oauth/token", form, login | here).json()["access_token"]
    assert ask(proxied, here, token=token, pid=bound["pids"][0]["pid"]).status == 200
    assert ask(proxied, elsewhere, token=token, pid="").status == 403
    assert ask(proxied, elsewhere, token="x", pid="").status == 401


def test_plain_http_through_a_proxy_is_410(proxied):
    """Before everything else, the 404 too. [contract §3]"""
    plain = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http"}

    for path in (f"{BASE}/Terminology", "/nowhere", "/oauth/token"):
        answer = proxied.send("POST", path, b"{}", plain)
        assert answer.status == 410
        assert answer.json()["status"]["message"].startswith("All resources are moved permanently")


def test_a_blocked_address_is_403_before_401(proxied):
    """[contract §3]"""
    answer = proxied.send(
        "POST", f"{BASE}/Terminology", b"{}", {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    )

    assert (answer.status, answer.json()["status"]["message"]) == (403, "Your origin IP is permanently blocked!")
    unknown = proxied.send(
        "POST", f"{BASE}/Nothing", b"{}", {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    )
    assert unknown.status == 404


def test_forwarded_headers_of_a_stranger_do_not_count(service):
    """Without trusted proxies they are as if not there."""
    assert ask(service, {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}).status == 200


def test_figures_are_not_shown_through_a_proxy_that_is_not_named(service, proxied):
    """A proxy on the same machine would make the world this machine; the log says what is missing."""
    assert service.send("GET", "/metrics").status == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert service.send("GET", "/metrics", headers={header: "198.51.100.7"}).status == 404
    said = [line["event"] for line in service.lines() if "trusted_proxies" in line["event"]]
    assert said == ["127.0.0.1 forwards for others and is not in trusted_proxies: all its callers count as one"]

    through = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    assert proxied.send("GET", "/metrics", headers=through).status == 404
    assert proxied.send("GET", "/metrics", headers=through | {"X-Forwarded-For": "127.0.0.1"}).status == 200


def test_a_disabled_account_is_out_within_five_seconds_on_every_worker(tmp_path):
    """Its tokens end; enabled again, it logs in as before. [issue: Accounts]"""
    home = Home.of(tmp_path / "home")
    publish_samples(home)
    with running(home, "--workers", "2") as service:
        assert {ask(service).status for _ in range(20)} == {200}
        assert maksa(home, "account", "disable", "test").returncode == 0
        time.sleep(3)

        assert {ask(service, token=service.token).status for _ in range(20)} == {401}
        refused = service.grant(
            grant_type="password", username=service.credentials["username"], password=service.credentials["password"]
        )
        assert refused.status == 401
        assert maksa(home, "account", "enable", "test").returncode == 0
        service.login()
        assert {ask(service).status for _ in range(20)} == {200}


def test_failed_logins_slow_down_and_are_refused_for_a_while(tmp_path):
    """429 with Retry-After, for names that exist and names that do not. [issue: Accounts]"""
    home = Home.of(tmp_path / "home").made()
    home.settings_file.write_text("login_free_failures = 2\nlogin_lock_failures = 3\nlogin_lock_s = 2\n")
    with running(home) as service:
        for name in (service.credentials["username"], "nobody"):
            statuses, began = [], time.monotonic()
            for _ in range(4):
                answer = service.grant(grant_type="password", username=name, password="wrong")
                statuses.append(answer.status)
            assert statuses == [400, 400, 400, 429]
            assert time.monotonic() - began >= 1  # the third was kept back
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["status"]["message"] == "Too many requests or Access denied!"
        time.sleep(2.2)
        service.login()


def test_strangers_who_guess_do_not_hold_up_who_is_known(patient_service):
    """Whoever logs in before every call is answered while a crowd of guesses still waits. [issue: Faults]"""
    service = patient_service
    service.login()
    form = b"grant_type=password&username=u%d&password=x"
    head = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic bm9ib2R5Ong=\r\nContent-Length: %d\r\n\r\n"
    with contextlib.ExitStack() as crowd:
        lines = []
        for number in range(150):
            lines.append(crowd.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=20)))
            guess = form % number
            lines[-1].sendall(head % len(guess) + guess)
        select.select(lines, [], [])  # the first is answered, the others wait

        assert service.login()["access_token"] == service.token
        answered, _, _ = select.select(lines, [], [], 0)
        assert len(answered) < len(lines) / 2


def test_no_secret_is_in_the_log(service):
    """Not a token, not a password, not a header, whatever was sent."""
    service.login()
    service.grant(grant_type="password", username=service.credentials["username"], password="hunter2-hunter2")
    service.send(
        "GET",
        f"{BASE}/Terminology?token=s3cr3t-in-query",
        None,
        {"Authorization": "Bearer s3cr3t-bearer", "pid": service.pid},
    )
    service.lines()
    log = service.log.read_text()
    secrets = [
        service.credentials["client_secret"],
        service.credentials["password"],
        service.token,
        "hunter2",
        "s3cr3t",
        service.pid,
    ]

    assert [secret for secret in secrets if secret in log] == []
