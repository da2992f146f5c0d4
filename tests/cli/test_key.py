"""`maksa key`: what is published is signed from then on, by a key that nobody is shown."""

from __future__ import annotations

import stat

import pytest

from maksa.model.errors import SignatureError, SigningKeyError
from maksa.snapshot import manifest, notices, signing
from maksa.snapshot.manifest import Manifest
from tests.cli.conftest import released, run_in

LIST = ("code,value", "60000,ACETAMINOPHEN")


def signature_in(home, name):
    """The key that has signed the document *name* as it is now; "" where it is not signed."""
    content = (home / "shelf" / name).read_bytes()
    path = home / "shelf" / signing.name_of(name, content)
    return signing.check(name, content, path.read_bytes(), [key_of(home)]) if path.exists() else ""


def key_of(home):
    return run_in(home, "key", "show", "--json").json["key"]


def test_a_key_is_made_for_its_owner_alone_and_never_shown(maksa, home):
    """Of the private half nothing is printed but where it is."""
    made = maksa("key", "new", "--json")

    file = home / "signing.key"
    assert made.json == {"key": key_of(home), "key_id": signing.key_id(key_of(home)), "file": str(file)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = "".join(file.read_text().splitlines()[1:-1])
    shown = [maksa("key", "show"), maksa("key", "show", "--json"), maksa("key", "sign"), made]
    assert [run for run in shown if secret in run.out + run.err] == []


def test_a_key_is_never_written_over(maksa, home):
    """Mirrors have pinned it."""
    maksa("key", "new")
    before = (home / "signing.key").read_bytes()

    again = maksa("key", "new")
    assert again.code == 10
    assert "there is a key already" in again.err
    assert (home / "signing.key").read_bytes() == before


def test_there_may_be_no_key(maksa, home):
    """Showing and signing say so; nothing else needs one."""
    home.mkdir()

    assert (maksa("key", "show").code, maksa("key", "sign", "--json").json) == (1, {"signed": []})


def test_what_is_published_with_a_key_is_signed(maksa, home, release, tmp_path):
    """The manifest, and the notices, each by itself; what was published before by `key sign`."""
    release("eRX", "1", *LIST)
    maksa("key", "new")
    assert signature_in(home, manifest.NAME) == ""
    assert maksa("key", "sign", "--json").json["signed"] == [manifest.NAME]
    assert signature_in(home, manifest.NAME) == key_of(home)
    release("eRX", "2", "code,value", "60000,PARACETAMOL", at="1401/01/01")
    (tmp_path / "letter.csv").write_text("عنوان,شماره,تاریخ,توضیحات\neRX دارو,110/40,1400/02/07,\n", encoding="utf-8")
    maksa("notices", "--load", tmp_path / "letter.csv")

    assert signature_in(home, manifest.NAME) == signature_in(home, notices.NAME) == key_of(home)
    assert len(list((home / "shelf").glob("manifest-*.sig"))) == 2  # of this one, and of the one before it


def test_what_is_signed_is_never_followed_by_what_is_not(maksa, home, release, tmp_path):
    """The key is gone: publishing stops, and goes on with another."""
    maksa("key", "new")
    release("eRX", "1", *LIST)
    (home / "signing.key").rename(tmp_path / "elsewhere.key")
    (tmp_path / "list.csv").write_text("code,value\n1,2\n", encoding="utf-8")
    maksa("load", tmp_path / "list.csv", "--terminology", "IRC", "--version", "1")

    refused = maksa("publish", "IRC", "1")
    assert (refused.code, "there is no key here" in refused.err) == (10, True)
    maksa("key", "new")
    assert maksa("publish", "IRC", "1").code == 0
    assert signature_in(home, manifest.NAME) == key_of(home)


def test_a_setting_names_another_place_for_the_key(maksa, home, tmp_path, monkeypatch, release):
    """A mounted disk, a secret of the machine's."""
    monkeypatch.setenv("MAKSA_SIGNING_KEY", str(tmp_path / "keys.pem"))
    maksa("key", "new")
    release("eRX", "1", *LIST)

    assert not (home / "signing.key").exists()
    assert signature_in(home, manifest.NAME) == key_of(home)
    (tmp_path / "keys.pem").unlink()
    assert maksa("publish", "eRX", "9").code == 10  # a setting that names no file is a fault, not the absence of a key


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"garbage", 0o600, "no private key"),
        (None, 0o644, "others than its owner may read it"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0o600, "no private key"),
    ],
)
def test_a_file_that_is_no_key_of_its_owners_is_refused(tmp_path, content, mode, words):
    """In words, without its content."""
    path = tmp_path / "some.key"
    signing.new_key(path)
    if content:
        path.write_bytes(content)
    path.chmod(mode)

    with pytest.raises(SigningKeyError, match=words) as refused:
        signing.read_key(path)
    assert "AAAA" not in str(refused.value)


def test_a_key_of_another_kind_is_refused(tmp_path):
    """Ed25519 signs, and nothing else."""
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "some.key"
    path.write_bytes(private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()))
    path.chmod(0o600)

    with pytest.raises(SigningKeyError, match="an Ed25519 key is wanted"):
        signing.read_key(path)


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", "rsa:" + "A" * 43 + "=", "A" * 43 + "=", "ed25519:ü"])
def test_what_is_no_public_key_is_told(text):
    """Before it is pinned."""
    with pytest.raises(SignatureError, match="is no public key"):
        signing.checked_key(text)


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"sha256": "", "key": "ed25519:AAAA", "signature": ""}',
        b"[" * 5000,
    ],
)
def test_a_signature_that_cannot_be_read_proves_nothing(tmp_path, spoilt):
    """Each is refused as a signature, never as a fault of ours."""
    key = signing.new_key(tmp_path / "some.key").key

    with pytest.raises(SignatureError):
        signing.check("manifest.json", b"{}", spoilt, [key])


def test_a_signature_is_there_before_what_it_signs(tmp_path, monkeypatch):
    """Killed between the two writes: the manifest of before with its signature, never one without."""
    signer = signing.new_key(tmp_path / "some.key")
    manifest.replace(tmp_path, Manifest(sequence=1), signer=signer)
    (tmp_path / "manifest.json.new").mkdir()  # the second write fails
    with pytest.raises(Exception, match="directory"):
        manifest.replace(tmp_path, Manifest(sequence=2), signer=signer)

    content = (tmp_path / "manifest.json").read_bytes()
    assert manifest.read(tmp_path).sequence == 1
    assert signing.check("", content, (tmp_path / signing.name_of("manifest.json", content)).read_bytes(), [signer.key])


def test_openssl_proves_a_signature_of_ours(tmp_path):
    """RFC 8032 over the document's bytes, nothing of our own around them: any tool can check it."""
    import base64
    import json
    import shutil
    import subprocess

    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    signer = signing.new_key(tmp_path / "some.key")
    (tmp_path / "document").write_bytes(b"some bytes")
    signature = json.loads(signer.sign(b"some bytes"))["signature"]
    (tmp_path / "signature").write_bytes(base64.b64decode(signature))
    subprocess.run(
        ["openssl", "pkey", "-in", tmp_path / "some.key", "-pubout", "-out", tmp_path / "public"], check=True
    )

    arguments = [
        "-pubin",
        "-inkey",
        tmp_path / "public",
        "-sigfile",
        tmp_path / "signature",
        "-in",
        tmp_path / "document",
    ]
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_backup_holds_the_key_and_the_signatures(home, tmp_path):
    """A restored home publishes as the one that was kept, and what it has is proved by the same key."""
    run_in(home, "key", "new")
    released(tmp_path, "eRX", "1", *LIST)
    run_in(home, "backup", tmp_path / "home.tar")

    assert run_in(tmp_path / "restored", "restore", tmp_path / "home.tar").code == 0
    assert key_of(tmp_path / "restored") == key_of(home)
    assert signature_in(tmp_path / "restored", manifest.NAME) == key_of(home)
