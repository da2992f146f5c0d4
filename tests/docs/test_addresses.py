"""No file carries an address that is true on one machine only: a package registry's, or a path of somebody's disk."""

from __future__ import annotations

import re

# Written so that this file does not match itself.
REGISTRY = r"(py[p]i|pythonh[o]sted|npm[j]s|d[e]bian|crat[e]s|mav[e]n|prox[y])[a-z0-9-]*\.(org|com|io)/"
MACHINE = r"/(w[o]rk|f[a]rm|r[o]ot|h[o]me/\w+|Us[e]rs)/|/opt/wh[e]els"
FORBIDDEN = re.compile(f"{REGISTRY}|{MACHINE}")


def test_no_file_names_a_registry_or_a_path_of_a_machine(tracked, root):
    """What is committed is true for whoever clones it."""
    found = []
    for path in tracked:
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {line.strip()[:120]}")

    assert found == []


def test_such_an_address_would_be_found():
    """The pattern sees what it is for, and lets the standards' own addresses be."""
    assert FORBIDDEN.search("https://files.pythonh" + "osted.org/packages/x.whl")
    assert FORBIDDEN.search("cd /wor" + "k/main")
    assert not FORBIDDEN.search("see ../shared/data, http://hl7.org/fhir and src/workers/")


def test_no_lock_that_records_addresses_is_tracked(tracked):
    """requirements.lock has hashes and no addresses; uv's and pip's own locks have them."""
    assert [path.name for path in tracked if path.name in {"uv.lock", "pylock.toml", "package-lock.json"}] == []
