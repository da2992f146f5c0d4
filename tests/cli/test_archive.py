"""`maksa backup` and `maksa restore`: a home in one file, made while everything runs, and files that are no backup."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.snapshot import document
from maksa.snapshot import manifest as manifests
from maksa.snapshot.following import staging_of
from maksa.snapshot.manifest import file_of
from tests.cli.conftest import environment, released, run_in, run_outside


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with a home that has all a home can have, and its backup, which nobody changes."""
    folder = tmp_path_factory.mktemp("kept")
    home = folder / "home"
    released(folder, "eRX", "1", "code,value", "60000,ACETAMINOPHEN", at="1400/01/01")
    released(folder, "eRX", "2", "code,value", "60000,PARACETAMOL", at="1401/01/01")
    run_in(home, "load", folder / "list.csv", "--terminology", "IRC", "--version", "1")
    run_in(home, "account", "add", "pharmacy")
    (home / "maksa.toml").write_text("workers = 2\n")
    (folder / "letter.csv").write_text("عنوان,شماره,تاریخ,توضیحات\neRX دارو,110/40,1400/02/07,\n", encoding="utf-8")
    assert run_in(home, "notices", "--load", folder / "letter.csv").code == 0
    assert run_in(home, "backup", folder / "home.tar").code == 0
    return folder


ASKED = (
    ("terminologies", "--json"), ("versions", "eRX", "--json"), ("lookup", "eRX", "60000", "--json"), ("notices", "--json"),
    ("lookup", "eRX", "60000", "--version", "1", "--json"), ("account", "list", "--json"), ("verify", "--json"),
)  # fmt: skip


def test_a_restored_home_answers_as_the_one_that_was_kept(kept, tmp_path):
    """Versions, notices, accounts, drafts, settings; the next publication goes on from there."""
    done = run_in(tmp_path / "new", "restore", kept / "home.tar", "--json")

    assert (done.code, done.json) == (0, {"home": str(tmp_path / "new"), "versions": 2})
    for question in ASKED:
        assert run_in(tmp_path / "new", *question).out == run_in(kept / "home", *question).out
    assert (tmp_path / "new" / "maksa.toml").read_text() == "workers = 2\n"
    assert run_in(tmp_path / "new", "publish", "IRC", "1", "--json").json["id"] == 3


def test_only_its_owner_may_read_a_backup_and_a_restored_home(kept, tmp_path):
    """Accounts are in both."""
    run_in(tmp_path / "new", "restore", kept / "home.tar")

    for path in (kept / "home.tar", tmp_path / "new", tmp_path / "new" / "accounts.db"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_an_empty_home_that_is_there_is_taken(kept, tmp_path):
    """It may be the mount of a disk: it is not renamed."""
    (tmp_path / "new").mkdir()
    inode = (tmp_path / "new").stat().st_ino

    assert run_in(tmp_path / "new", "restore", kept / "home.tar").code == 0
    assert (tmp_path / "new").stat().st_ino == inode


def test_neither_writes_over_what_is_there(kept, tmp_path):
    """Exit code 7, and everything as it was."""
    (tmp_path / "there.tar").write_text("mine")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine").touch()
    backup = run_in(kept / "home", "backup", tmp_path / "there.tar")
    restore = run_in(tmp_path / "used", "restore", kept / "home.tar")

    assert (backup.code, restore.code) == (7, 7)
    assert "is there already" in backup.err
    assert "is not empty; a backup is restored into a home of its own: --home DIR names one" in restore.err
    assert (tmp_path / "there.tar").read_text() == "mine"
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine"]


@pytest.mark.parametrize("place", ["none/home.tar", "list.csv/home.tar"])
def test_a_place_that_cannot_be_written_is_named(kept, place):
    """Exit code 7."""
    done = run_in(kept / "home", "backup", kept / place)

    assert done.code == 7
    assert place in done.err


def test_a_home_that_is_not_there_is_no_backup(tmp_path):
    """A misspelt --home must not end in a good conscience."""
    done = run_in(tmp_path / "hoem", "backup", tmp_path / "home.tar")

    assert (done.code, done.err) == (
        1,
        f"maksa: there is no home at {tmp_path / 'hoem'} (maksa load makes one; --home or MAKSA_HOME names it)\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_version_is_no_backup(tmp_path):
    """Whoever keeps it should learn of it today: exit code 6, and no file."""
    released(tmp_path, "eRX", "1", "code,value", "1,ASPIRIN")
    (version,) = manifests.read(Home(tmp_path / "home").shelf).versions
    path = file_of(Home(tmp_path / "home").shelf, version)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    done = run_in(tmp_path / "home", "backup", tmp_path / "home.tar")

    assert done.code == 6
    assert version.digest in done.err
    assert {each.name for each in tmp_path.iterdir()} == {"home", "list.csv"}


def test_a_database_that_is_none_is_named(tmp_path):
    """Exit code 7, and no file."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "catalog.db").write_text("garbage, more than a hundred bytes of it" * 10)
    done = run_in(tmp_path / "home", "backup", tmp_path / "home.tar")

    assert (done.code, done.err) == (7, f"maksa: {tmp_path / 'home' / 'catalog.db'}: file is not a database\n")
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


def test_a_backup_while_drafts_are_written_and_versions_published(tmp_path):
    """Each is whole: every version that it lists, and a draft that is published already or can be."""
    released(tmp_path, "eRX", "0", "code,value", *(f"{n},ASPIRIN {n}" for n in range(300)))
    home, versions = tmp_path / "home", []
    publisher = threading.Thread(target=publish_outside, args=(tmp_path, home, ("1", "2")))
    publisher.start()
    while publisher.is_alive():
        done = run_in(home, "backup", tmp_path / f"{len(versions)}.tar", "--json")
        versions.append(done.json["versions"])
        publisher.join(0.1)

    assert versions == sorted(versions)
    for number, count in enumerate(versions):
        copy = tmp_path / f"copy-{number}"
        assert run_in(copy, "restore", tmp_path / f"{number}.tar", "--json").json["versions"] == count
        published = {each["label"] for each in run_in(copy, "versions", "eRX", "--json").json}
        with Catalog.open(Home(copy).catalog_url) as catalog:
            drafts = [(draft.label, draft.concepts) for draft in catalog.drafts()]
        assert {concepts for _, concepts in drafts} <= {300}
        for label, _ in drafts:
            assert run_in(copy, "publish", "eRX", label).code == (4 if label in published else 0)


def publish_outside(folder, home, labels):
    """Loads and publishes the list again and again, in processes of their own."""
    for label in labels:
        for arguments in (
            ("load", folder / "list.csv", "--terminology", "eRX", "--version", label),
            ("publish", "eRX", label),
        ):
            assert run_outside(*arguments, env=environment(home)).code == 0


def archive(*entries):
    """The bytes of a tar with the (name or TarInfo, content) that are given."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in entries:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def entry(name, kind=tarfile.REGTYPE, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def header(name, size):
    """Only the head of a tar's entry."""
    info = entry(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


DIGEST = "0" * 64
OUTSIDE = Path(tempfile.gettempdir()) / "maksa-was-here"
HOSTILE = {
    "a parent folder": archive(("../evil", b"x")),
    "a parent folder inside": archive(("shelf/../../evil", b"x")),
    "an absolute path": archive((f"{OUTSIDE}", b"x")),
    "a foreign name": archive(("maksa.toml", b""), ("crontab", b"x")),
    "a foreign snapshot name": archive((f"shelf/{DIGEST}.maksa.new", b"x")),
    "a name with a line break": archive(("maksa.toml\n", b"x")),
    "a symbolic link": archive((entry("shelf/manifest.json", tarfile.SYMTYPE, "/etc/passwd"), b"")),
    "a hard link": archive((entry("maksa.toml", tarfile.LNKTYPE, "/etc/passwd"), b"")),
    "a device": archive((entry("catalog.db", tarfile.CHRTYPE), b"")),
    "a pipe": archive((entry("catalog.db", tarfile.FIFOTYPE), b"")),
    "a folder": archive((entry("shelf", tarfile.DIRTYPE), b"")),
    "a file with holes": archive((entry("catalog.db", tarfile.GNUTYPE_SPARSE), b"")),
    "an entry twice": archive(("maksa.toml", b"a"), ("maksa.toml", b"b")),
    "no manifest": archive(("maksa.toml", b"")),
    "another compression": b"\x1f\x8b\x08\x00" + bytes(600),
    "no tar": b"code,value\n1,x\n" * 100,
    "nothing": b"",
    "an entry longer than the file": header("catalog.db", 10**9) + b"x" * 600,
    "an entry of eight terabytes": header("catalog.db", 1 << 43) + b"x" * 600,
    "an entry that goes back": header("catalog.db", -1024) * 3,
    "long names one in another": entry("x" * 300).tobuf(tarfile.GNU_FORMAT)[:1024] * 3000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_no_backup_is_refused_whole(tmp_path, what):
    """Exit code 3, the file and the reason in a line; no home is left, and nothing outside of it."""
    file = tmp_path / "given.tar"
    file.write_bytes(HOSTILE[what])
    done = run_in(tmp_path / "new", "restore", file)

    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"maksa: {file}: ")
    assert done.err.count("\n") == 1
    assert not OUTSIDE.exists()
    assert list(tmp_path.iterdir()) == [file]


def naming(digest):
    """A manifest with one version of that digest."""
    version = {
        "terminology_id": "a",
        "label": "1",
        "number": 1,
        "row": 1,
        "published_at": "2021-01-01T00:00:00Z",
        "digest": digest,
    }
    return json.dumps({"format": 1, "sequence": 0, "versions": [version]}).encode()


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (b"{", "not readable"),
        (b'{"format":9,"sequence":0,"versions":[]}', "format version 9"),
        (naming("../../etc/passwd"), "is not a digest"),
        (naming(DIGEST), "it is not there"),
    ],
)
def test_a_manifest_that_cannot_be_true_is_refused(tmp_path, manifest, said):
    """Exit code 6, named by the file that it came from; no home is left."""
    file = tmp_path / "given.tar"
    file.write_bytes(archive(("shelf/manifest.json", manifest)))
    done = run_in(tmp_path / "new", "restore", file)

    assert done.code == 6
    assert done.err.startswith(f"maksa: {file}/shelf/")
    assert said in done.err
    assert list(tmp_path.iterdir()) == [file]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_backup_cut_or_harmed_anywhere_is_whole_or_refused(kept, tmp_path, data):
    """Never a traceback, and never a home of which a version is damaged."""
    whole = (kept / "home.tar").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1) | st.integers(0, 160).map(lambda n: 512 * n))
    harmed = bytearray(whole[:at] if data.draw(st.booleans()) else whole)
    if len(harmed) > at:
        harmed[at : at + 8] = data.draw(st.binary(min_size=1, max_size=8))
    file, home = tmp_path / "given.tar", tmp_path / "new"
    file.write_bytes(harmed)
    done = run_in(home, "restore", file)

    assert done.code in (0, 3, 6), done.err
    assert home.exists() == (done.code == 0)
    if done.code == 0:
        assert run_in(home, "verify").code == 0
        shutil.rmtree(home)


def test_a_home_that_is_not_there_is_not_backed_up(tmp_path, maksa):
    """A mistyped MAKSA_HOME must not pass for a backup, nor for a home that is whole."""
    backup = maksa("--home", str(tmp_path / "nowhere"), "backup", str(tmp_path / "b.tar"))
    verify = maksa("--home", str(tmp_path / "nowhere"), "verify")

    assert (backup.code, (tmp_path / "b.tar").exists()) == (1, False)
    assert "there is no home" in backup.err
    assert (verify.code, "no home" in verify.err) == (1, True)


def test_what_an_upstream_has_said_is_of_one_moment(tmp_path):
    """A sync replaces one file after the other meanwhile: no file was cut, and none was of another moment than the rest."""
    home = Home.of(tmp_path / "home").made()
    staging = staging_of(home.shelf, "up")
    staging.mkdir(parents=True)
    is_over = threading.Event()

    def go_on() -> None:
        turn = 0
        while not is_over.wait(0.01):
            turn += 1
            for name in ("held.json", "given.json", "manifest.json", "offered.json"):
                document.replace(staging / name, json.dumps([turn] * (turn % 7 * 9000 + 1)).encode())

    sync = threading.Thread(target=go_on)
    sync.start()
    try:
        kept = [said_in(home, tmp_path / f"{number}.tar") for number in range(200)]
    finally:
        is_over.set()
        sync.join()
    assert [said for said in kept if len(set(said)) > 1 and said != sorted(said, reverse=True)] == []
    assert all(not said or said[0] - said[-1] <= 1 for said in kept)


def said_in(home: Home, file: Path) -> list[int]:
    """The turns of which the files of the upstream are in a backup, in the order in which they were replaced."""
    assert run_in(home.path, "backup", file).code == 0
    with tarfile.open(file) as tar:
        names = [f"shelf/.mirror-up/{name}.json" for name in ("held", "given", "manifest", "offered")]
        there = set(tar.getnames())
        return [json.loads(tar.extractfile(name).read())[0] for name in names if name in there]
