"""Releases of many files: read where they lie, and refused whole where they must not be trusted."""

from __future__ import annotations

import io
import re
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.release import Release
from maksa.model.errors import FileUnreadableError, MaksaError

Fill = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[Fill], Path]:
    """A zip with what the given function puts into it."""

    def made(fill: Fill) -> Path:
        path = tmp_path / "release.zip"
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # zipfile warns of a name that comes twice
            fill(archive)
        return path

    return made


def lines_of(path: Path) -> dict[str, list[str]]:
    with Release(path) as release:
        return {name: list(release.lines(name)) for name in release.names}


def test_a_zip_a_folder_and_a_file_are_read_alike(tmp_path, zipped):
    """Names are paths in the release, in order, without what desktop programs add."""
    folder = tmp_path / "unpacked"
    (folder / "a").mkdir(parents=True)
    for name, text in {"a/b.txt": "1\r\n2\r\n", "c.txt": "\ufeff3", ".DS_Store": "x"}.items():
        (folder / name).write_bytes(text.encode())
    archive = zipped(lambda made: [made.write(each, each.relative_to(folder)) for each in folder.rglob("*")])

    assert lines_of(folder) == lines_of(archive) == {"a/b.txt": ["1", "2"], "c.txt": ["3"]}
    assert lines_of(folder / "c.txt") == {"c.txt": ["3"]}


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../out.txt", "leads out of the release"),
        ("a/../../out.txt", "leads out of the release"),
        ("/etc/passwd", "leads out of the release"),
        ("C:/out.txt", "leads out of the release"),
        ("a\\..\\out.txt", "leads out of the release"),
        ("/".join(["deep"] * 20), "folders deep"),
    ],
)
def test_a_name_that_climbs_out_or_lies_too_deep_is_refused(zipped, name, reason):
    """Before any member is read; nothing is ever unpacked to disk anyway."""
    path = zipped(lambda made: made.writestr(name, "x"))

    with pytest.raises(FileUnreadableError, match=reason):
        lines_of(path)


def test_links_are_refused_in_zips_and_in_folders(tmp_path, zipped):
    """They could lead anywhere."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "out").symlink_to("/etc")

    for path in (zipped(lambda made: made.writestr(link("out"), "/etc/passwd")), tmp_path / "folder"):
        with pytest.raises(FileUnreadableError, match="out: it is a link"):
            lines_of(path)


def test_two_members_of_one_name_are_refused_in_any_case_of_letters(zipped):
    """Programs differ in which of the two they read."""
    path = zipped(lambda made: [made.writestr(name, name) for name in ("a.txt", "A.TXT")])

    with pytest.raises(FileUnreadableError, match=r"A\.TXT: the zip has two members of this name"):
        lines_of(path)


def test_a_bomb_is_refused_by_what_it_declares(zipped):
    """100 MB of blanks in 100 KB; not one byte of it is unpacked."""
    path = zipped(lambda made: made.writestr("a.txt", b" " * (100 << 20)))

    with pytest.raises(FileUnreadableError, match="it would unpack from"):
        lines_of(path)


def test_a_member_locked_with_a_password_is_refused(zipped):
    """Its flag says so; zipfile alone cannot make one."""
    path = zipped(lambda made: made.writestr("a.txt", "x"))
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)

    with pytest.raises(FileUnreadableError, match=r"a\.txt: it is locked with a password"):
        lines_of(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_zip_is_damaged(zipped, share):
    """Wherever the download broke off."""
    path = zipped(lambda made: [made.writestr(f"{n}.txt", "line\n" * 1000) for n in range(9)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    with pytest.raises(FileUnreadableError, match="damaged zip"):
        lines_of(path)


def test_a_member_whose_bytes_rotted_is_damaged_by_name(zipped):
    """Its sum does not agree."""
    path = zipped(lambda made: made.writestr("a.txt", bytes(range(256)) * 100, zipfile.ZIP_STORED))
    raw = bytearray(path.read_bytes())
    raw[2000] ^= 1
    path.write_bytes(raw)

    with (
        pytest.raises(FileUnreadableError, match=r"a\.txt: "),
        Release(path) as release,
        release.open("a.txt") as stream,
    ):
        stream.read()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"one\ntwo\xff\nthree", "line 2: bytes that are not UTF-8: ff"),
        (b"one\ntwo\nth\0ree", "line 3: a NUL character"),
        ("یک\nدو".encode("utf-16"), "line 1: bytes that are not UTF-8"),
        (b"a\n" + b"x" * (6 << 20), "line 2: longer than 1 MB"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path, raw, reason):
    """File and line, so that it can be found."""
    (tmp_path / "a.txt").write_bytes(raw)

    with pytest.raises(FileUnreadableError, match=rf"a\.txt: {re.escape(reason)}"):
        lines_of(tmp_path)


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\0\ufeff", exclude_categories=("Cs",))), min_size=1, max_size=30),
       st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_lines_are_the_same_wherever_pieces_are_cut(tmp_path_factory, lines, size, end):
    """A piece may end in a line, in a letter, or between CR and LF."""
    path = tmp_path_factory.mktemp("pieces") / "a.txt"
    path.write_bytes(end.join(lines).encode())

    assert [line for batch in pieces(path, size) for line in batch] == (lines if lines[-1] else lines[:-1])


def pieces(path: Path, size: int) -> list[list[str]]:
    """The batches of a file read *size* bytes at a time."""

    class Small(Release):
        def _stream(self, name: str) -> io.BufferedReader:
            return _Slow(path.read_bytes(), size)  # type: ignore[return-value]

    with Small(path) as release:
        return list(release.batches("a.txt"))


class _Slow(io.BytesIO):
    """A stream that gives little at a time, as a zip's may."""

    def __init__(self, raw: bytes, size: int) -> None:
        super().__init__(raw)
        self._size = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self._size)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40), st.integers(0, 400), st.booleans())
def test_a_zip_with_any_bytes_in_it_is_read_or_refused(tmp_path_factory, noise, at, replaces):
    """Noise in its directory, its headers or its data."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.txt", "b/c.txt"):
            archive.writestr(name, "line\n" * 20)
    raw = packed.getvalue()
    path = tmp_path_factory.mktemp("zips") / "release.zip"
    path.write_bytes(b"PK\x03\x04" + raw[4:at] + noise + raw[at + len(noise) * replaces :])

    assert is_read_or_refused(path)


def is_read_or_refused(path: Path) -> bool:
    """Whether reading ends without an error, or in one that names the file."""
    try:
        lines_of(path)
    except MaksaError as error:
        return str(path) in str(error)
    return True
