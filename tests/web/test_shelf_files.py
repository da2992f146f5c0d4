"""The shelf's files over HTTP: who may have them, any part of them, and nothing else of the folder."""

from __future__ import annotations

import hashlib
import json

import pytest

from maksa.web.ranges import Span, wanted
from tests.web.conftest import Service, add_account, exchange


@pytest.fixture(scope="module")
def manifest(service: Service) -> bytes:
    """The manifest's bytes on disk."""
    return (service.home.shelf / "manifest.json").read_bytes()


@pytest.fixture(scope="module")
def snapshot(service: Service, manifest: bytes) -> tuple[str, bytes]:
    """The path of a snapshot, and its bytes on disk."""
    name = f"{json.loads(manifest)['versions'][0]['digest']}.maksa"
    return f"/shelf/{name}", (service.home.shelf / name).read_bytes()


def get(service: Service, path: str, method: str = "GET", **headers: str):
    """A file of the shelf, asked for with the account's token."""
    return service.send(method, path, headers=service.headers() | {k.replace("_", "-"): v for k, v in headers.items()})


def test_the_manifest_is_given_to_the_letter_and_once(service, manifest):
    """Its ETag is its SHA-256; whoever has it is told so."""
    answer = get(service, "/shelf/manifest.json")

    assert (answer.status, answer.body) == (200, manifest)
    assert answer.headers["etag"] == f'"{hashlib.sha256(manifest).hexdigest()}"'
    again = get(service, "/shelf/manifest.json", If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_snapshot_is_given_whole_and_may_be_kept_for_ever(service, snapshot):
    """It never changes: its ETag is its name."""
    path, content = snapshot
    answer = get(service, path)

    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["etag"] == f'"{path[7:71]}"'
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "requestid" in answer.headers


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-99", slice(0, 100)),
        ("bytes=1000-", slice(1000, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=100-99999999999", slice(100, None)),
    ],
)
def test_a_range_of_it_is_given(service, snapshot, header, part):
    """206, with where it lies in the whole."""
    path, content = snapshot
    answer = get(service, path, Range=header)

    assert (answer.status, answer.body) == (206, content[part])
    start, stop, _ = part.indices(len(content))
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"


def test_a_range_behind_the_end_is_416_with_the_length(service, snapshot):
    """RFC 9110, section 15.5.17."""
    path, content = snapshot
    answer = get(service, path, Range=f"bytes={len(content)}-")

    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{len(content)}")
    assert (answer.headers["content-length"], answer.body) == ("0", b"")


def test_a_range_of_what_it_was_is_answered_with_what_it_is(service, snapshot):
    """If-Range with another ETag: the whole."""
    path, content = snapshot
    answer = get(service, path, Range="bytes=5-9", If_Range='"another"')

    assert (answer.status, answer.body) == (200, content)


def test_its_head_alone_is_given(service, snapshot):
    """HEAD: the length, no body."""
    path, content = snapshot
    answer = get(service, path, method="HEAD")

    assert (answer.status, answer.headers["content-length"], answer.body) == (200, str(len(content)), b"")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".lock",
        ".fresh",
        "manifest.json.new",
        "../accounts.db",
        "..%2faccounts.db",
        "%2e%2e/accounts.db",
        f"{'0' * 64}.maksa",
        f"manifest-{'0' * 64}.sig",
        "notices.json",
        "manifest.json/",
    ],
)
def test_nothing_else_of_the_folder_is_there(service, name):
    """Only what the manifest lists; these samples have no notices of their own."""
    (service.home.shelf / ".fresh").write_bytes(b"half")

    assert get(service, f"/shelf/{name}").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_method_is_404(service, snapshot, method):
    """ADR 5."""
    assert get(service, snapshot[0], method=method).status == 404


def test_whoever_may_not_have_whole_versions_may_not_have_the_files(service, snapshot):
    """The refusals of the gate, the same for what is there and for what is not."""
    given = add_account(service.home, "looks-up-only", "--function", "Terminology")
    pair = (given["client_id"], given["client_secret"])
    token = service.grant(pair, grant_type="password", username=given["username"], password=given["password"]).json()
    headers = {"Authorization": f"Bearer {token['access_token']}", "pid": given["pids"][0]["pid"]}

    for path in (snapshot[0], "/shelf/manifest.json", "/shelf/none"):
        assert service.send("GET", path, headers=headers).status == 429
        assert service.send("GET", path).status == 401


def test_a_damaged_file_is_503_and_the_others_go_on(tmp_path):
    """What the service has found wrong it does not hand on."""
    from maksa.home import Home
    from maksa.model.concept import Concept
    from tests.web.conftest import put, running

    home = Home.of(tmp_path / "home")
    for name in ("eRX", "IRC"):
        put(home, name, "1", [Concept("1", "دارو")])
    whole, damaged = (json.loads((home.shelf / "manifest.json").read_bytes())["versions"][n]["digest"] for n in (0, 1))
    (home.shelf / f"{damaged}.maksa").write_bytes(b"garbage")
    with running(home) as service:
        assert get(service, f"/shelf/{damaged}.maksa").status == 503
        assert get(service, f"/shelf/{whole}.maksa").status == 200


def test_a_caller_who_reads_slowly_holds_up_nobody(service, snapshot):
    """He takes nothing of what he asked for; look-ups and others' files are answered."""
    import socket

    lines = [f"GET {snapshot[0]} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in service.headers().items())]
    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")

        assert get(service, snapshot[0]).body == snapshot[1]
        assert service.ask("Terminology", terminologyId="thritaEHR.Religion", codedString="1").status == 200


def test_several_files_are_given_on_one_connection(service, snapshot):
    """One after the other, each whole."""
    path, content = snapshot
    head = "\r\n".join(["Host: x", *(f"{k}: {v}" for k, v in service.headers().items())])
    asked = "".join(f"GET {each} HTTP/1.1\r\n{head}\r\n\r\n" for each in (path, "/shelf/manifest.json"))
    received = exchange(service, asked.encode())

    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert content in received


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
        ("bytes=-0", Span(10, 10)),
        ("bytes=10-", Span(10, 10)),
        ("BYTES=2-4", Span(2, 5)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=1-2,4-5", None),
        ("lines=1-2", None),
        ("bytes=١-٢", None),
        ("", None),
    ],
)
def test_a_range_header_is_read_as_the_rfc_has_it(header, span):
    """Of ten bytes; what cannot be read stands for nothing."""
    assert wanted(header, "", '"e"', 10) == span
