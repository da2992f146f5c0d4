"""`maksa mirror`: upstreams added, synced, shown, proved, removed; and no secret anywhere."""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from maksa.home import Home
from maksa.mirror.upstream import TEHRAN
from maksa.model.concept import Concept
from tests.cli.conftest import environment, run_in, run_outside
from tests.web.conftest import Service, put, running

RELIGIONS = [Concept("1", "اسلام"), Concept("2", "مسیحیت")]


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = Home.of(tmp_path_factory.mktemp("upstream") / "home")
    put(home, "thritaEHR.Religion", "1", RELIGIONS, at="1400/01/01")
    put(home, "ContactType", "10", [Concept("1", "تلفن")], at="1400/02/01")
    with running(home) as service:
        yield service


@pytest.fixture
def account(upstream: Service) -> Path:
    """The file that its operator was given."""
    return upstream.home.path / "test-account.json"


@pytest.fixture
def url(upstream: Service) -> str:
    return f"http://127.0.0.1:{upstream.port}"


def test_an_upstream_is_added_synced_and_proved(maksa, home, url, account):
    """The whole way, as a person sees it."""
    assert maksa("mirror", "add", "ministry", url, "--account", account).code == 0
    [row] = maksa("mirror", "status").rows
    assert (row[0], row[-2:]) == ("ministry", ["never", "not synced yet"])

    synced = maksa("mirror", "sync", "ministry")
    assert (synced.code, synced.rows[0][:3]) == (0, ["ministry", "updated", "2"])
    assert maksa("lookup", "thritaEHR.Religion", "1", "--json").json["display"] == "اسلام"
    assert maksa("mirror", "status").rows[0][-1] == "in step"
    assert [row[-1] for row in maksa("mirror", "verify").rows] == ["whole", "whole"]
    assert maksa("mirror", "sync", "--json").json[0]["outcome"] == "unchanged"
    assert maksa("verify").code == 0


def test_an_upstream_that_is_removed_leaves_its_versions(maksa, home, url, account):
    """They were published, and answer as before; its account is forgotten."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")

    assert maksa("mirror", "remove", "ministry").code == 0
    assert maksa("validate", "thritaEHR.Religion", "1", "اسلام").code == 0
    assert list((home / "mirror").iterdir()) == []
    assert maksa("mirror", "sync", "ministry").code == 1


def test_no_secret_is_shown_or_readable_by_others(maksa, home, url, account):
    """Not when it is added, not in the status, not in an error."""
    secrets = [json.loads(account.read_text())[name] for name in ("client_secret", "password")]
    runs = [
        maksa("mirror", "add", "ministry", url, "--account", account, "--json"),
        maksa("mirror", "status", "--json"),
        maksa("mirror", "add", "ministry", url, "--account", account),
        maksa("mirror", "sync", "--json"),
    ]

    assert [run for run in runs for secret in secrets if secret in run.out + run.err] == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "mirror").iterdir()} == {0o600}


def test_the_account_is_read_from_the_environment(home, url, account):
    """For containers; a part that is missing is named with its variable, and nobody is asked in a pipe."""
    given = json.loads(account.read_text())
    named = {
        f"MAKSA_MIRROR_{name.upper()}": given[name] for name in ("client_id", "client_secret", "username", "password")
    }
    named["MAKSA_MIRROR_PID"] = given["pids"][0]["pid"]

    added = run_outside("mirror", "add", "up", url, env=environment(home, **named), stdin=-3)
    assert (added.code, added.err) == (0, "")
    assert run_in(home, "mirror", "sync", "up").code == 0
    del named["MAKSA_MIRROR_PASSWORD"]
    refused = run_outside("mirror", "add", "again", url, env=environment(home, **named), stdin=-3)
    assert (refused.code, "MAKSA_MIRROR_PASSWORD" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--hours", "at night"), "hours such as 22:00-06:00 are wanted"),
        (("--budget", "much"), "budget 'much': a size such as 20GB is wanted"),
        (("--key", "rsa:1"), "key 'rsa:1'"),
        (("--rate", "-1"), "rate"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_added(maksa, url, account, options, words):
    """The field, the value, and what would do."""
    refused = maksa("mirror", "add", "ministry", url, "--account", account, *options)

    assert refused.code == 2
    assert words in refused.err
    assert maksa("mirror", "status").rows == []


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("a/b", "https://x.example"),
        ("", "https://x.example"),
        ("up", "ftp://x.example"),
        ("up", "https://me:secret@x.example"),
    ],
)
def test_a_name_or_address_that_cannot_be_is_refused(maksa, account, name, address):
    """A name becomes the name of a file; a secret in an address would be shown everywhere."""
    refused = maksa("mirror", "add", name, address, "--account", account)

    assert refused.code == 2
    assert "secret" not in refused.err


def test_a_file_that_is_no_account_is_refused_without_its_content(maksa, url, tmp_path):
    """It may be the right file with a slip in it."""
    (tmp_path / "account.json").write_text('{"client_id": "x", "client_secret": "a-secret-of-mine"')

    refused = maksa("mirror", "add", "ministry", url, "--account", tmp_path / "account.json")
    assert (refused.code, "a-secret" in refused.err) == (3, False)


def test_a_pinned_key_that_has_not_signed_is_told(maksa, url, account, tmp_path):
    """Exit code 6: what came is not what it should be."""
    key = run_in(tmp_path / "other", "key", "new", "--json").json["key"]
    maksa("mirror", "add", "ministry", url, "--account", account, "--key", key)

    refused = maksa("mirror", "sync", "ministry")
    assert (refused.code, "not signed, and a key is pinned" in refused.err) == (6, True)
    state = maksa("mirror", "status").rows[0][-1]
    assert state.startswith("not synced yet; last try: ")
    assert "not signed" in state


def test_after_a_try_that_failed_nobody_says_that_it_is_in_step(maksa, home, url, account):
    """An upstream that cannot be asked may have published since."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    kept = Home(home).mirrors / "ministry.json"
    kept.write_text(kept.read_text().replace(url, "http://127.0.0.1:9"))

    assert maksa("mirror", "sync", "ministry").code == 9
    assert maksa("mirror", "status").rows[0][-1].startswith("last try: 127.0.0.1:9: ")


def test_one_upstream_that_fails_stops_no_other(maksa, url, account, tmp_path):
    """Each is tried; the exit code is that of the failure."""
    stranger = tmp_path / "stranger.json"
    stranger.write_text(json.dumps(json.loads(account.read_text()) | {"client_id": "a stranger"}))
    maksa("mirror", "add", "a-stranger", url, "--account", stranger)
    maksa("mirror", "add", "ministry", url, "--account", account)

    synced = maksa("mirror", "sync")
    assert (synced.code, [row[0] for row in synced.rows]) == (8, ["ministry"])
    assert "maksa: a-stranger: the client is unknown" in synced.err


def test_outside_its_hours_an_upstream_is_left_alone(maksa, url, account):
    """The command says so, and how to ask all the same; that is no failure."""
    now = dt.datetime.now(TEHRAN)
    hours = f"{(now + dt.timedelta(hours=2)):%H:%M}-{(now + dt.timedelta(hours=3)):%H:%M}"
    maksa("mirror", "add", "ministry", url, "--account", account, "--hours", hours)

    left = maksa("mirror", "sync")
    assert (left.code, left.rows[0][1]) == (0, "partial")
    assert f"ministry is asked in its hours only, {hours}" in left.err
    assert maksa("mirror", "sync", "--at-any-hour").rows[0][1] == "updated"


def test_a_damaged_file_is_named_and_comes_again(maksa, home, url, account):
    """Verify says which; it is removed, and the next sync brings it."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    path = next((home / "shelf").glob("*.maksa"))
    with path.open("r+b") as file:
        file.seek(6_000)
        file.write(b"damage")

    found = maksa("mirror", "verify", "--json")
    assert (found.code, [fault["error"] for fault in found.json["faults"]]) == (6, ["integrity"])
    assert "remove a damaged file, and the next sync brings it again" in found.err
    path.unlink()
    maksa("mirror", "sync")
    assert maksa("mirror", "verify").code == 0


def test_one_upstream_of_which_nothing_has_come_keeps_no_other_from_being_proved(maksa, url, account):
    """It is told, and the exit code is its own."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    maksa("mirror", "add", "another", url, "--account", account)

    found = maksa("mirror", "verify")
    assert (found.code, [row[-1] for row in found.rows]) == (6, ["whole", "whole"])
    assert "maksa: another: " in found.err
    assert "nothing has come from another yet" in found.err


def test_a_list_that_is_missing_here_is_found_by_verify(maksa, home, url, account):
    """Somebody has put an older manifest in its place."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    path = home / "shelf" / "manifest.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(facts | {"versions": facts["versions"][:1]}))

    found = maksa("mirror", "verify")
    assert (found.code, "not listed" in found.out) == (6, True)


def test_a_backup_of_a_mirror_goes_on_where_it_was(maksa, home, url, account, tmp_path):
    """Who is followed, with which account, and what each has said: an older manifest is refused there too."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    assert maksa("backup", tmp_path / "home.tar").code == 0
    assert run_in(tmp_path / "new", "restore", tmp_path / "home.tar").code == 0

    assert run_in(tmp_path / "new", "mirror", "verify").code == 0
    report = run_in(tmp_path / "new", "mirror", "sync", "--json").json[0]
    assert (report["outcome"], report["requests"]) == ("unchanged", 2)


def test_what_a_mirror_brings_is_not_published_here(maksa, home, url, account, tmp_path):
    """It could not be taken back, and no sync would end well again; the load has said so."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    file = _list(tmp_path)
    loaded = maksa("load", file, "--terminology", "contacttype", "--version", "7")
    refused = maksa("publish", "contacttype", "7")
    started = maksa("draft", "start", "contacttype", "8")

    warning = "warning: ContactType comes from the mirror 'ministry' and is not published here"
    assert (loaded.code, warning in loaded.err) == (0, True)
    assert (started.code, warning in started.err) == (0, True)
    assert refused.code == 5
    assert "comes from the mirror 'ministry' and is not published here: publish it where ministry" in refused.err
    assert maksa("mirror", "sync", "--json").json[0]["outcome"] == "unchanged"
    assert [row[:2] for row in maksa("draft", "list").rows] == [["ContactType", "7"], ["ContactType", "8"]]


def test_what_a_mirror_has_chosen_is_its_own_before_the_first_sync(maksa, home, url, account, tmp_path):
    """The rest of what the upstream has is free, and so is all of it once nobody is followed."""
    maksa("mirror", "add", "ministry", url, "--account", account, "--terminology", "ContactType")
    for terminology_id in ("ContactType", "thritaEHR.Religion"):
        maksa("load", _list(tmp_path), "--terminology", terminology_id, "--version", "7")

    assert maksa("publish", "ContactType", "7").code == 5
    assert maksa("publish", "thritaEHR.Religion", "7").code == 0
    maksa("mirror", "remove", "ministry")
    assert maksa("publish", "ContactType", "7").code == 0


def _list(folder: Path) -> Path:
    file = folder / "list.csv"
    file.write_text("code,display\n1,تلفن\n", encoding="utf-8")
    return file


def test_terms_are_changed_one_by_one(maksa, home, url, account):
    """What is not given stays, the account too; what leaves the choice leaves the shelf, and comes back from the upstream."""
    maksa(
        "mirror", "add", "ministry", url, "--account", account, "--hours", "0-24:00", "--budget", "20GB", "--last-only"
    )
    before = maksa("mirror", "add", "other", url, "--account", account, "--json").json
    changed = maksa("mirror", "change", "other", "--except", "ContactType", "--rate", "2", "--json").json
    assert changed == before | {"excluded": ["ContactType"], "requests_per_s": 2.0}

    maksa("mirror", "change", "other", "--except", "UCUM", "--budget", "1GB", "--last-only")
    changed = maksa("mirror", "change", "other", "--hours", "any", "--keep-old", "--json").json
    assert (changed["excluded"], changed["disk_budget"], changed["keep_old"]) == (["ContactType", "UCUM"], 10**9, True)
    assert maksa("mirror", "status").rows[0][3] == "all but ContactType, UCUM"
    assert [row[2] for row in maksa("mirror", "sync", "other").rows] == ["1"]
    assert maksa("mirror", "change", "other", "--all", "--json").json["excluded"] == []
    assert [row[2] for row in maksa("mirror", "sync", "other").rows] == ["1"]
    assert maksa("mirror", "change", "nobody", "--all").code == 1


def test_an_account_is_changed_and_its_token_forgotten(maksa, home, url, account, tmp_path):
    """It was rotated at the upstream, or the address is another."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")
    stranger = tmp_path / "stranger.json"
    stranger.write_text(json.dumps(json.loads(account.read_text()) | {"password": "another"}))

    assert maksa("mirror", "change", "ministry", "--account", stranger).code == 0
    assert maksa("mirror", "sync", "ministry").code == 8
    assert maksa("mirror", "change", "ministry", "--account", account, "--url", "ftp://x.example").code == 2
    assert maksa("mirror", "change", "ministry", "--account", account, "--url", f"{url}/").code == 0
    assert maksa("mirror", "sync", "ministry").code == 0


def test_what_is_held_back_is_told_at_each_sync_and_in_the_status(maksa, home, url, account, tmp_path):
    """By its name, with what may be done, and an exit code that is not 0; the way out that is told is the way out."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("load", _list(tmp_path), "--terminology", "ContactType", "--version", "7")
    maksa("publish", "ContactType", "7")

    for new in ("1", "0"):
        synced = maksa("mirror", "sync")
        assert (synced.code, synced.rows[0][2]) == (2, new)
        assert (
            "ministry: ContactType: held back, and here as before: ContactType '10' of the upstream cannot"
            in synced.err
        )
        assert "maksa mirror change ministry --except ContactType" in synced.err
        assert maksa("mirror", "status").rows[0][-1].startswith("in step, ContactType held back: ")
    held = maksa("mirror", "sync", "--json").json[0]["held"]
    assert [(each["terminology_id"], each["fault"]) for each in held] == [("ContactType", "upstream-conflict")]

    maksa("mirror", "change", "ministry", "--except", "ContactType")
    assert maksa("mirror", "sync").code == 0
    assert maksa("mirror", "status").rows[0][-1] == "in step"
    assert maksa("mirror", "verify").code == 0
    assert sorted(row[0] for row in maksa("terminologies").rows) == ["ContactType", "thritaEHR.Religion"]


def test_a_list_is_accepted_of_one_upstream(maksa, url, account):
    """Which one is said, and one that has not changed is a slip."""
    maksa("mirror", "add", "ministry", url, "--account", account)
    maksa("mirror", "sync")

    assert maksa("mirror", "sync", "--accept", "ContactType").code == 2
    refused = maksa("mirror", "sync", "ministry", "--accept", "ContactType")
    assert (refused.code, "ministry shows ContactType as it was" in refused.err) == (1, True)
