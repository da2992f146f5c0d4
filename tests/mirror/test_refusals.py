"""What a mirror refuses: another key, an upstream gone back, what was published and is otherwise now. Nothing is taken then."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import msgspec
import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.errors import (
    AccessRefusedError,
    BadGrantError,
    DiskBudgetError,
    DiskFullError,
    IntegrityError,
    NothingOfferedError,
    RefusedError,
    RollbackError,
    ServiceFaultError,
    SignatureError,
    SigningKeyError,
)
from maksa.model.terminology import Notice
from maksa.publish.announcing import announce
from maksa.snapshot import manifest, signing
from maksa.snapshot.signing import Signer, new_key
from tests.cli.conftest import Run, run_in
from tests.mirror.conftest import Mirror, account_of
from tests.publish.test_faults import fill, needs_root, small_disk
from tests.web.conftest import Service, add_account, put, running

LETTER = Notice(number="110/40", title="دارو")


@pytest.fixture(scope="module")
def signing_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A maksa that signs what it publishes, with a second account that may not have whole versions."""
    home = Home.of(tmp_path_factory.mktemp("signing") / "home")
    signer = new_key(home.made().signing_key)
    put(home, "thritaEHR.Religion", "1", [Concept("1", "اسلام")], at="1400/01/01")
    put(home, "ContactType", "10", [Concept(str(n), f"نشانی {n}") for n in range(500)], at="1400/02/01")
    announce(home.shelf, [LETTER], signer=signer)
    assert run_in(home.path, "key", "sign").code == 0
    (home.path / "other.json").write_text(json.dumps(add_account(home, "other", "--function", "Terminology")))
    with running(home) as service:
        yield service


@pytest.fixture
def upstream(signing_service: Service, tmp_path) -> Iterator[Service]:
    """The same, its shelf put back after the test has done what it likes to it."""
    shelf = signing_service.home.shelf
    shutil.copytree(shelf, tmp_path / "kept")
    yield signing_service
    for path in shelf.glob("*.*"):
        path.unlink()
    shutil.copytree(tmp_path / "kept", shelf, dirs_exist_ok=True)
    _wait_until_as_before(signing_service)


def _wait_until_as_before(service: Service) -> None:
    """The service looks at its manifest twice a second, and may have taken up what a test made of it."""
    for _ in range(100):
        facts = service.send("GET", "/health/ready").json()
        if (facts["manifest"], facts["versions"], facts["faults"]) == (2, 2, []):
            return
        time.sleep(0.05)
    raise AssertionError(facts)


@pytest.fixture
def key(signing_service: Service) -> str:
    """The public key to pin."""
    return str(run_in(signing_service.home.path, "key", "show", "--json").json["key"])


def offer(service: Service, content: bytes, *, signer: Signer | None = None) -> None:
    """Puts *content* in the place of the upstream's manifest, signed or not."""
    path = service.home.shelf / manifest.NAME
    path.write_bytes(content)
    if signer:
        (path.parent / signing.name_of(path.name, content)).write_bytes(signer.sign(content))


def manifest_of(service: Service) -> dict:
    return dict(json.loads((service.home.shelf / manifest.NAME).read_bytes()))


def test_what_the_pinned_key_signed_is_taken_with_its_signature(upstream: Service, key, mirror_of):
    """The manifest and the letters, to the letter: a mirror of this mirror can hold them against the same key."""
    mirror: Mirror = mirror_of(upstream, keys=(key,))

    assert mirror.sync().notices == 1
    for name in ("manifest.json", "notices.json"):
        content = (mirror.home.shelf / name).read_bytes()
        signature = (mirror.home.shelf / signing.name_of(name, content)).read_bytes()
        assert signing.check(name, content, signature, [key]) == key
    assert mirror.sync().requests == 2


def test_a_choice_is_signed_by_the_mirrors_own_key(upstream: Service, key, mirror_of, tmp_path):
    """What it lists is no longer what the upstream has signed; a mirror of this mirror pins this one."""
    own = new_key(tmp_path / "own.key")
    mirror: Mirror = mirror_of(upstream, keys=(key,), terminologies=("ContactType",))
    mirror.sync(signer=own)

    content = (mirror.home.shelf / "manifest.json").read_bytes()
    signature = (mirror.home.shelf / signing.name_of("manifest.json", content)).read_bytes()
    assert signing.check("", content, signature, [own.key]) == own.key
    assert mirror.sync(signer=own).outcome == "unchanged"


def test_an_unsigned_manifest_is_refused_where_a_key_is_pinned(upstream: Service, key, mirror_of):
    """A signature that was left out is no smaller fault than a wrong one."""
    for path in upstream.home.shelf.glob("manifest-*.sig"):
        path.unlink()

    _refused(mirror_of(upstream, keys=(key,)), SignatureError, "not signed")


def test_another_key_is_refused(upstream: Service, mirror_of, tmp_path):
    """Whoever signs with a key of his own is not the publisher, however well he signs."""
    pinned = new_key(tmp_path / "pinned.key").key

    _refused(mirror_of(upstream, keys=(pinned,)), SignatureError, signing.key_id(pinned))


def test_a_manifest_that_is_signed_anew_by_another_key_is_taken_by_that(upstream: Service, key, mirror_of, tmp_path):
    """The publisher has replaced his key, and published nothing since: the mirror pins the new one."""
    mirror: Mirror = mirror_of(upstream, keys=(key,))
    mirror.sync()
    fresh = new_key(tmp_path / "fresh.key")
    for name in ("manifest.json", "notices.json"):
        content = (upstream.home.shelf / name).read_bytes()
        (upstream.home.shelf / signing.name_of(name, content)).write_bytes(fresh.sign(content))
    mirror.changed(keys=(fresh.key,))

    assert mirror.sync().outcome == "unchanged"
    assert mirror.sync().requests == 2  # the new signature is known now


def test_one_of_two_pinned_keys_is_enough(upstream: Service, key, mirror_of, tmp_path):
    """While a publisher changes his key, mirrors pin both."""
    fresh = new_key(tmp_path / "fresh.key").key

    assert mirror_of(upstream, keys=(fresh, key)).sync().outcome == "updated"


def test_a_manifest_that_was_changed_under_its_signature_is_refused(upstream: Service, key, mirror_of):
    """One label is another, and the old signature is offered for it."""
    path = upstream.home.shelf / manifest.NAME
    before = path.read_bytes()
    after = before.replace(b'"10"', b'"11"')
    (path.parent / signing.name_of(path.name, after)).write_bytes(
        (path.parent / signing.name_of(path.name, before)).read_bytes()
    )
    path.write_bytes(after)

    _refused(mirror_of(upstream, keys=(key,)), SignatureError, "is not what the key")


def test_letters_that_nobody_signed_are_refused(upstream: Service, key, mirror_of):
    """They are no part of the manifest, and are shown to people as the ministry's."""
    announce(upstream.home.shelf, [Notice(number="1", title="جعلی")], signer=new_key(upstream.home.path / "forger.key"))

    _refused(mirror_of(upstream, keys=(key,)), SignatureError, "notices.json")


def test_an_older_manifest_is_refused_though_it_was_truly_signed(upstream: Service, key, mirror_of):
    """A restored backup, or somebody who kept it: a mirror goes forward only."""
    shelf = upstream.home.shelf
    old = {path.name: path.read_bytes() for path in shelf.glob("manifest*")}
    signer = signing.read_key(upstream.home.signing_key)
    newer = manifest_of(upstream) | {"sequence": 9}
    offer(upstream, json.dumps(newer).encode(), signer=signer)
    mirror: Mirror = mirror_of(upstream, keys=(key,))
    mirror.sync()
    for name, content in old.items():
        (shelf / name).write_bytes(content)

    _refused(mirror, RollbackError, "offers manifest 2 and had offered 9")


def test_a_service_without_a_shelf_is_not_in_step(upstream: Service, mirror_of):
    """The address is another, the service speaks only the guide, or nothing is published yet: the message says so."""
    (upstream.home.shelf / manifest.NAME).unlink()
    mirror: Mirror = mirror_of(upstream)

    _refused(mirror, NothingOfferedError, "added with --guide")
    assert mirror.upstreams.standing("up").synced_at is None


def test_a_manifest_that_is_not_there_any_more_is_a_step_back(upstream: Service, mirror_of):
    """Its shelf is lost, or a proxy gives it no more: who said «in step» would say so for ever."""
    mirror: Mirror = mirror_of(upstream)
    mirror.sync()
    (upstream.home.shelf / manifest.NAME).unlink()

    _refused(mirror, RollbackError, "offers no manifest and had offered number 2")


def test_another_manifest_of_the_same_number_is_refused(upstream: Service, mirror_of):
    """Two nodes of a publisher that do not agree."""
    mirror: Mirror = mirror_of(upstream)
    mirror.sync()
    now = manifest_of(upstream)
    offer(upstream, json.dumps(now | {"versions": [*now["versions"], now["versions"][0] | {"label": "3"}]}).encode())

    _refused(mirror, RollbackError, "of the same number")


def test_a_file_of_other_bytes_is_refused(upstream: Service, mirror_of):
    """It is fetched, summed, and thrown away; an upstream that has seen the damage itself by then gives nothing."""
    with next(upstream.home.shelf.glob("*.maksa")).open("r+b") as file:
        file.seek(5_000)
        file.write(b"forged")
    mirror: Mirror = mirror_of(upstream)

    _refused(mirror, (IntegrityError, ServiceFaultError), "SHA-256|503 Service provider error!")
    assert mirror.upstreams.standing("up").is_behind


def test_a_file_that_says_otherwise_than_the_manifest_is_refused(upstream: Service, mirror_of):
    """The digest is right and the label is not: the file's own facts count. It has come already: an upstream gives no such file."""
    now, mirror = manifest_of(upstream), mirror_of(upstream)
    first = now["versions"][0]
    mirror.staging.mkdir(parents=True)
    file = upstream.home.shelf / f"{first['digest']}.maksa"
    (mirror.staging / f"{first['digest']}.part").write_bytes(file.read_bytes())
    offer(upstream, json.dumps(now | {"versions": [first | {"label": "9"}]}).encode())

    _refused(mirror, IntegrityError, "version")


def test_what_would_not_fit_the_budget_is_refused_before_it_is_fetched(upstream: Service, mirror_of):
    """The message says how much, and what would do."""
    mirror: Mirror = mirror_of(upstream, disk_budget=60_000)

    _refused(mirror, DiskBudgetError, "its budget is 60,000")
    assert list(mirror.staging.glob("*.part")) == []
    mirror.changed(terminologies=("thritaehr.religion",))
    assert mirror.sync().outcome == "updated"


@needs_root
def test_a_full_disk_is_told_and_spoils_nothing(upstream: Service, mirror_of, tmp_path):
    """Before anything is fetched where it is seen to be full; and once there is room the sync goes on."""
    mirror: Mirror = mirror_of(upstream)
    with small_disk(tmp_path / "disk", "2m") as disk:
        mirror.home = Home.of(disk / "home").made()
        mirror.changed()
        fill(disk, leaving=100_000)
        with pytest.raises(DiskFullError, match=r"bytes are to come, [\d,]+ are free\): no space left"):
            mirror.sync()

        assert not (mirror.home.shelf / "manifest.json").exists()
        (disk / "filler").unlink()
        assert mirror.sync().outcome == "updated"


@needs_root
def test_a_disk_that_fills_meanwhile_keeps_what_has_come(upstream: Service, mirror_of, tmp_path):
    """Another program takes the room while a file comes."""
    mirror: Mirror = mirror_of(upstream, bytes_per_s=1)
    with small_disk(tmp_path / "disk", "2m") as disk:
        mirror.home = Home.of(disk / "home").made()
        mirror.changed()
        fills = iter([lambda: fill(disk, leaving=0)])
        with pytest.raises(DiskFullError, match=r"\.mirror-up"):  # not of the note that cannot be made of it
            mirror.sync(pause=lambda _seconds: next(fills, lambda: None)())

        assert not (mirror.home.shelf / "manifest.json").exists()
        (disk / "filler").unlink()
        mirror.changed(bytes_per_s=0)
        assert mirror.sync().outcome == "updated"


@pytest.mark.parametrize("has_key", [False, True])
def test_what_the_upstream_brings_is_not_published_here(upstream: Service, key, mirror_of, has_key):
    """With a key or without: the reason is whose list it is, and the next sync finds the shelf as it left it."""
    mirror: Mirror = mirror_of(upstream, keys=(key,))
    mirror.sync()
    if has_key:
        new_key(mirror.home.signing_key)
    refused = _published(mirror, "ContactType")

    assert (refused.code, refused.err.count("comes from the mirror 'up'")) == (5, 1)
    assert mirror.sync().outcome == "unchanged"


def test_a_shelf_that_its_upstream_signed_is_not_published_to(upstream: Service, key, mirror_of):
    """Nobody here has ever had the key: the message asks for none. Once nobody is followed, this home may make its own."""
    mirror: Mirror = mirror_of(upstream, keys=(key,))
    mirror.sync()
    refused = _published(mirror, "Gender")

    assert refused.code == 10
    assert "this shelf is signed by its upstream 'up' and is not published to here" in refused.err
    assert "put it back" not in refused.err
    mirror.upstreams.remove("up")
    assert "put it back, or make a new one (maksa key new)" in run_in(mirror.home.path, "publish", "Gender", "7").err


def test_letters_are_not_added_to_those_that_the_upstream_signed(upstream: Service, key, mirror_of):
    """As with versions."""
    mirror: Mirror = mirror_of(upstream, keys=(key,))
    mirror.sync()

    with pytest.raises(SigningKeyError, match="signed by its upstream 'up'"):
        announce(mirror.home.shelf, [Notice(number="1", title="نامه")], mirrors=mirror.home.mirrors)


def _published(mirror: Mirror, terminology_id: str) -> Run:
    """What publishing a list of one's own under this id says."""
    file = mirror.home.path / "list.csv"
    file.write_text("code,display\n1,تلفن\n", encoding="utf-8")
    assert run_in(mirror.home.path, "load", file, "--terminology", terminology_id, "--version", "7").code == 0
    return run_in(mirror.home.path, "publish", terminology_id, "7")


def test_an_account_that_may_not_have_whole_versions_may_not_have_the_files(upstream: Service, mirror_of):
    """The gate judges as for TerminologiesTermByVersion."""
    given = json.loads((upstream.home.path / "other.json").read_text())
    mirror: Mirror = mirror_of(upstream)
    mirror.account = msgspec.structs.replace(
        account_of(upstream),
        **{name: given[name] for name in ("client_id", "client_secret", "username", "password")},
        pid=given["pids"][0]["pid"],
    )
    mirror.changed()

    _refused(mirror, AccessRefusedError, "429")


def test_wrong_credentials_are_told_and_not_shown(upstream: Service, mirror_of):
    """The message has no secret in it; neither has the standing that is kept."""
    mirror: Mirror = mirror_of(upstream)
    mirror.account = msgspec.structs.replace(account_of(upstream), password="a-secret-of-mine")
    mirror.changed()

    _refused(mirror, BadGrantError, "Bad credentials")
    assert "a-secret" not in (mirror.home.mirrors / "up.state.json").read_text()


def test_a_token_is_sent_to_no_other_host(upstream: Service, mirror_of):
    """A redirection is a refusal: whoever it leads to learns nothing."""
    with redirecting(f"http://127.0.0.1:{upstream.port}/shelf/manifest.json") as port:
        mirror: Mirror = mirror_of(upstream, url=f"http://127.0.0.1:{port}")
        _refused(mirror, RefusedError, "302")


class redirecting:  # noqa: N801 # reads as a word in a with statement
    """A service that gives any token, and sends every question elsewhere."""

    def __init__(self, elsewhere: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = b'{"access_token":"t","refresh_token":"r","expires_in":900}'
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", elsewhere)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> int:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self._server.server_port

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _refused(mirror: Mirror, error: type[Exception] | tuple[type[Exception], ...], words: str) -> None:
    """One sync, refused; no document and no snapshot of the shelf is another than before, and the standing says why."""
    before = _files(mirror)
    with pytest.raises(error, match=words) as raised:
        mirror.sync()

    assert _files(mirror) == before
    assert mirror.upstreams.standing("up").fault == raised.value.slug


def _files(mirror: Mirror) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in mirror.home.shelf.glob("*.*") if not path.name.startswith(".")}
