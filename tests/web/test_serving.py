"""The service as an operator runs it: published under way, stopped, killed, damaged, behind TLS."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from tests.web.certificates import certify, needs_openssl
from tests.web.conftest import BASE, maksa, publish_samples, put, running


@pytest.fixture
def home(tmp_path):
    made = Home.of(tmp_path / "home")
    publish_samples(made)
    return made


def value(service, code="1", terminology_id="Country"):
    return service.ask("Terminology", terminologyId=terminology_id, codedString=code).json()["result"].get("data")


def test_a_version_published_under_way_is_answered_and_no_request_fails(home):
    """Within two seconds, on every worker. [issue: Serving]"""
    with running(home, "--workers", "2") as service:
        failed, stop = [], threading.Event()

        def caller() -> None:
            while not stop.is_set():
                answer = service.ask("Terminology", terminologyId="Country", codedString="1")
                if answer.status != 200 or "data" not in answer.json()["result"]:
                    failed.append(answer)

        callers = [threading.Thread(target=caller) for _ in range(4)]
        service.login()
        for thread in callers:
            thread.start()
        put(home, "Country", "2", [Concept("1", "ایران"), Concept("2", "عراق")])
        time.sleep(2)
        seen = {value(service, "2") for _ in range(20)}
        stop.set()
        for thread in callers:
            thread.join()

        assert seen == {'"عراق"'}
        assert failed == []
        whole = service.ask("TerminologiesTermByVersion", terminologyId="Country", version="1").json()
        assert [row["valueField"] for row in whole["result"]["data"]] == ["نخستین Country"]


def test_requests_under_way_finish_when_the_service_stops(home):
    """SIGTERM while a body is still on its way: it is read, answered, and the process ends well."""
    with running(home) as service:
        body = b'{"terminologyId":"Country","codedString":"1"}'
        headers = service.headers() | {"Content-Length": str(len(body))}
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        connection.putrequest("POST", f"{BASE}/Terminology")
        for name, text in headers.items():
            connection.putheader(name, text)
        connection.endheaders()
        connection.send(body[:20])
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        connection.send(body[20:])

        assert connection.getresponse().status == 200
        connection.close()
        assert service.process.wait(10) == 0


def test_a_head_under_way_when_the_service_stops_is_the_last(home):
    """SIGTERM in the midst of a head: whichever way the request goes, it is answered, and the connection ends."""
    with running(home) as service:
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
            line.sendall(b"GET /health/live HTTP/1.1\r\nHo")
            time.sleep(0.3)
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            line.sendall(b"st: x\r\n\r\n")
            answer = b"".join(iter(lambda: line.recv(65536), b""))

        assert answer.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in answer
        assert service.process.wait(5) == 0


def test_a_worker_that_is_killed_is_started_again(home):
    """The others answer meanwhile; afterwards all do."""
    with running(home, "--workers", "2") as service:
        started(service, 2)
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(service.process.pid)], capture_output=True, text=True
        )
        workers = [int(pid) for pid in children.stdout.split()]
        os.kill(workers[-1], signal.SIGKILL)
        started(service, 3)

        assert {value(service) for _ in range(20)} == {'"نخستین Country"'}


def started(service, count):
    """Waits until so many workers have started, those before them too."""
    for _ in range(300):
        if service.log.read_bytes().count(b"startup complete") == count:
            return
        time.sleep(0.1)
    raise AssertionError(service.log.read_text())


def workers_of(service):
    """The processes that answer, those among the service's children that have its socket."""
    listed = subprocess.run(
        ["pgrep", "-P", str(service.process.pid), "-f", "spawn_main"], capture_output=True, text=True
    )
    return [int(pid) for pid in listed.stdout.split()]


def test_a_worker_that_cannot_start_again_ends_nobody(home):
    """One is killed while the manifest is damaged: the others go on, and it is back when the manifest is."""
    manifest = home.shelf / "manifest.json"
    with running(home, "--workers", "2") as service:
        started(service, 2)
        sound = manifest.read_bytes()
        manifest.write_bytes(b"half a manifest")
        killed = workers_of(service)[-1]
        os.kill(killed, signal.SIGKILL)
        for _ in range(200):
            if b"could not start" in service.log.read_bytes():
                break
            time.sleep(0.1)
        time.sleep(3)

        assert service.process.poll() is None
        assert {value(service) for _ in range(5)} == {'"نخستین Country"'}

        manifest.write_bytes(sound)
        started(service, 3)

        assert len(workers_of(service)) == 2
        assert {value(service) for _ in range(20)} == {'"نخستین Country"'}
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(20) == 0


def test_a_service_killed_at_once_leaves_everything(home):
    """kill -9, and the shelf verifies, and the next service answers the same."""
    with running(home) as service:
        assert value(service)
        service.process.kill()
        service.process.wait(5)

    assert maksa(home, "verify").returncode == 0
    with running(home) as service:
        assert value(service) == '"نخستین Country"'


def test_workers_end_with_their_supervisor(home):
    """A supervisor that is killed leaves no orphans on the port."""
    with running(home, "--workers", "2") as service:
        service.process.kill()
        service.process.wait(5)
        time.sleep(3)

        with pytest.raises(OSError):
            service.send("GET", "/health/live")


def test_a_damaged_file_is_503_for_its_own_version_only(home):
    """The gateway says whose fault it is; the rest goes on; health tells. [issue: Faults]"""
    manifest = manifests.read(home.shelf)
    bad = next(version for version in manifest.versions if version.terminology_id == "Country")
    file_of(home.shelf, bad).write_bytes(b"garbage")
    with running(home) as service:
        answer = service.ask("Terminology", terminologyId="Country", codedString="1")

        assert (answer.status, answer.json()["status"]["message"]) == (503, "Service provider error!")
        assert str(home.shelf) not in answer.body.decode()
        assert value(service, "1", "thritaEHR.Religion") == '"اسلام"'
        assert service.send("GET", "/health/ready").json()["faults"] == ["not-a-snapshot"]


def until_answered(service):
    """Asks until the damaged terminology answers again; its last status."""
    for _ in range(200):
        status = service.ask("Terminology", terminologyId="Country", codedString="1").status
        if status == 200:
            break
        time.sleep(0.1)
    return status


def test_a_file_that_is_put_back_answers_again(home):
    """By itself: the operator copies the right file, and starts nothing anew. [docs/operations.md, Keeping it]"""
    manifest = manifests.read(home.shelf)
    path = file_of(home.shelf, next(each for each in manifest.versions if each.terminology_id == "Country"))
    sound = path.read_bytes()
    path.write_bytes(b"garbage")
    with running(home) as service:
        assert service.ask("Terminology", terminologyId="Country", codedString="1").status == 503
        path.write_bytes(sound)

        assert until_answered(service) == 200
        assert service.send("GET", "/health/ready").json()["faults"] == []


def test_a_flipped_bit_is_found_while_serving(home):
    """Opening does not sum bytes; the worker does, beside its work, and stops answering from the file."""
    manifest = manifests.read(home.shelf)
    bad = next(version for version in manifest.versions if version.terminology_id == "Country")
    path = file_of(home.shelf, bad)
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    with running(home) as service:
        deadline = time.monotonic() + 10
        while (
            time.monotonic() < deadline
            and service.ask("Terminology", terminologyId="Country", codedString="1").status != 503
        ):
            time.sleep(0.2)

        assert service.send("GET", "/health/ready").json()["faults"] == ["integrity"]


def test_a_missing_file_named_by_the_manifest_is_503(home):
    """A clear error each; the rest goes on serving. [issue: Faults]"""
    manifest = manifests.read(home.shelf)
    file_of(home.shelf, manifest.versions[0]).unlink()
    with running(home) as service:
        assert (
            service.ask("Terminology", terminologyId=manifest.versions[0].terminology_id, codedString="1").status == 503
        )
        assert value(service) == '"نخستین Country"'


def test_a_manifest_that_is_damaged_under_way_leaves_the_old_one(home):
    """The service says so in its log and goes on."""
    with running(home) as service:
        (home.shelf / "manifest.json").write_text("{")
        time.sleep(1.5)

        assert value(service) == '"نخستین Country"'
        assert any("manifest" in str(line.get("event")) for line in service.lines())


def test_a_shelf_that_goes_away_is_not_an_empty_one(home):
    """A mount is lost, and its folder stands empty: what was published is still answered, and health tells. [contract §4]"""
    away = home.shelf.with_name("away")
    with running(home) as service:
        home.shelf.rename(away)
        home.shelf.mkdir()
        time.sleep(1.5)

        assert value(service) == '"نخستین Country"'
        assert service.send("GET", "/health/ready").json()["faults"] == ["manifest"]
        assert b"maksa_shelf_faults 1.0" in service.send("GET", "/metrics").body

        home.shelf.rmdir()
        away.rename(home.shelf)
        put(home, "Country", "2", [Concept("1", "ایران")])
        time.sleep(2)
        assert value(service) == '"ایران"'
        assert service.send("GET", "/health/ready").json()["faults"] == []


def test_a_home_without_a_shelf_is_served_empty(tmp_path):
    """A service may start before anything is published."""
    home = Home.of(tmp_path / "empty").made()
    with running(home) as service:
        assert service.ask("Terminology", terminologyId="eRX", codedString="1").json()["result"]["status"] == {
            "statusCode": 404
        }
        put(home, "eRX", "1", [Concept("1", "یک")])
        time.sleep(1.5)
        assert value(service, "1", "eRX") == '"یک"'


def test_a_taken_port_is_told(home):
    """In one line, with the place; exit code 7."""
    with running(home) as service:
        done = maksa(home, "serve", "--port", str(service.port))

        assert done.returncode == 7
        assert f"127.0.0.1:{service.port}" in done.stderr
        assert "Traceback" not in done.stderr


def shown_certificate(port):
    return ssl.get_server_certificate(("127.0.0.1", port), timeout=10)


@needs_openssl
def test_tls_by_certificate_files(home, tmp_path):
    """HTTPS answers; the renewed certificate is shown without a restart; half of a renewed pair spoils nothing."""
    certify(tmp_path, "cert.pem", "key.pem")
    certify(tmp_path, "cert2.pem", "key2.pem")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    first = cert.read_text()
    process = subprocess.Popen(
        [sys.executable, *f"-m maksa --home {home.path} serve --port 0 --tls-cert {cert} --tls-key {key}".split()],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        line = process.stderr.readline().decode()
        port = int(line.split("https://127.0.0.1:")[1].split()[0])
        context = ssl.create_default_context(cafile=str(cert))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        connection.request("GET", "/health/live")
        assert connection.getresponse().status == 200
        connection.close()

        (tmp_path / "cert2.pem").replace(cert)
        time.sleep(7)
        assert shown_certificate(port) == first
        (tmp_path / "key2.pem").replace(key)
        for _ in range(200):
            if shown_certificate(port) == cert.read_text():
                break
            time.sleep(0.1)
        assert shown_certificate(port) == cert.read_text() != first
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


@needs_openssl
def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(home, tmp_path):
    """Files that are none, and a key with a passphrase, which nobody is asked for: a service has no terminal."""
    certify(tmp_path, "cert.pem", "key.pem")
    certify(tmp_path, "locked-cert.pem", "locked.pem", "-passout", "pass:secret")
    swapped = maksa(home, *f"serve --port 0 --tls-cert {tmp_path}/key.pem --tls-key {tmp_path}/cert.pem".split())
    locked = maksa(
        home, *f"serve --port 0 --tls-cert {tmp_path}/locked-cert.pem --tls-key {tmp_path}/locked.pem".split()
    )

    assert swapped.returncode == locked.returncode == 10
    assert "tls_cert" in swapped.stderr
    assert "passphrase" in locked.stderr


def test_figures_count_every_worker(home):
    """Requests, statuses and latencies by function and account, summed over workers. [issue: Serving]"""
    with running(home, "--workers", "2") as service:
        for _ in range(30):
            value(service)
        service.send("POST", f"{BASE}/Terminology", b"{")
        time.sleep(2.5)
        text = service.send("GET", "/metrics").body.decode()

        assert 'maksa_requests_total{account="test",function="Terminology",status="200"} 30.0' in text
        assert 'maksa_requests_total{account="",function="Terminology",status="401"} 1.0' in text
        assert 'maksa_request_seconds_count{account="test",function="Terminology"} 30.0' in text


def test_a_line_for_each_request(home):
    """One structured line, whoever asked and whatever came of it."""
    with running(home) as service:
        answer = service.ask("Terminology", terminologyId="Country", codedString="1")
        (line,) = [line for line in service.lines() if line.get("requestId") == answer.headers["requestid"]]

        assert line["event"] == "request"
        assert (line["function"], line["account"], line["status"], line["result"]) == ("Terminology", "test", 200, 200)
        assert (line["address"], line["bytes"]) == ("127.0.0.1", len(answer.body))


def test_a_prepared_body_that_was_cut_short_is_made_again(home):
    """It is a cache: one answer breaks off, and the next is whole."""
    with running(home) as service:
        fields = {"terminologyId": "eRX", "version": "10000"}
        whole = service.ask("TerminologiesTermByVersion", **fields).body
        for body in home.cache.glob("*.body"):
            os.truncate(body, 50)
        with pytest.raises(http.client.IncompleteRead):
            service.ask("TerminologiesTermByVersion", **fields)

        assert service.ask("TerminologiesTermByVersion", **fields).body == whole


def test_what_changed_between_two_versions_is_the_tail(home):
    """SearchTerminology since the second version's day gives its new and changed codes only. [contract §2]"""
    put(home, "Country", "2", [Concept("1", "ایران"), Concept("2", "عراق"), Concept("10", "چین")], at="1401/01/01")
    with running(home) as service:
        fields = {"TerminologyId": "Country", "FromDate": {"yearField": 1401, "monthField": 1, "dayField": 1}}
        rows = service.ask("SearchTerminology", **fields).json()["result"]["data"]

        assert [(row["coded_stringField"], row["valueField"]) for row in rows] == [
            ("1", "ایران"),
            ("10", "چین"),
            ("2", "عراق"),
        ]
        versions = service.ask("TerminologyVersions", terminologyId="country").json()["result"]["data"]
        assert [(row["Version"], row["IsLast"]) for row in versions] == [("1", False), ("2", True)]
        assert json.dumps(versions)


def test_health_is_asked_by_its_head_too(service):
    """Load balancers save the body."""
    answer = service.send("HEAD", "/health/ready")

    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
