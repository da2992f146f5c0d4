"""Prepared bodies: the same JSON in each coding, whole and from each date on."""

import gzip
import io
import json
import zlib
from contextlib import closing

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.concept import Concept
from maksa.web.prepared import bodies
from maksa.web.prepared.checksums import combined
from maksa.web.prepared.negotiation import coding_for, has_it

CHANGED = {"2": 100, "10": 300, "1": 300, "11": 200, "12": 200}


def bytes_of(parts):
    """What is sent of *parts*."""
    return b"".join(part if isinstance(part, bytes) else part.read() for part in parts)


def plain(coding, parts):
    """What a caller reads after decoding."""
    sent = bytes_of(parts)
    if coding == bodies.GZIP:
        return gzip.decompress(sent)
    if coding == bodies.ZSTD:
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(sent), read_across_frames=True).read()
    return sent


@pytest.fixture
def body(make, tmp_path):
    snapshot = make([Concept(code, f'مقدار «{code}»\n"') for code in CHANGED], changed=CHANGED)
    with closing(bodies.opened(snapshot, tmp_path / "cache")) as opened:
        yield opened


@pytest.mark.parametrize("coding", [bodies.IDENTITY, bodies.GZIP, bodies.ZSTD])
@pytest.mark.parametrize(
    ("since", "codes"),
    [
        (0, ["2", "11", "12", "1", "10"]),
        (100, ["2", "11", "12", "1", "10"]),
        (150, ["11", "12", "1", "10"]),
        (300, ["1", "10"]),
    ],
)
def test_a_tail_is_whole_json_in_each_coding(body, coding, since, codes):
    """Head, the segments from the date on, and the end, as the contract writes them. [contract §2]"""
    answer = json.loads(plain(coding, body.parts(coding, body.segment_since(since))))

    assert [text["coded_stringField"] for text in answer["result"]["data"]] == codes
    assert answer["result"]["data"][-1] == {
        "valueField": f"مقدار «{codes[-1]}»\n\"", "terminology_idField": "ContactType", "coded_stringField": codes[-1],
    }  # fmt: skip
    assert answer["status"] == {"statusCode": 200, "message": "OK"}


def test_nothing_since_is_no_segment(body):
    """A date after the last change names no tail."""
    assert body.segment_since(301) is None


def test_a_body_is_made_once(make, tmp_path):
    """The second asker maps the files of the first."""
    snapshot = make([Concept("1", "تلفن منزل")])
    bodies.opened(snapshot, tmp_path / "cache").close()
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").iterdir() if path.suffix != ".lock"}

    bodies.opened(snapshot, tmp_path / "cache").close()
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


@pytest.mark.parametrize("harm", ["index", "body.gz", "body"])
def test_a_harmed_body_is_made_again(make, tmp_path, harm):
    """It is a cache: what is missing or cut short costs a moment, not an answer."""
    snapshot = make([Concept("1", "تلفن منزل")])
    with closing(bodies.opened(snapshot, tmp_path / "cache")) as body:
        whole = bytes_of(body.parts(bodies.GZIP, 0))
    path = tmp_path / "cache" / f"{snapshot.version.digest}.{harm}"
    path.write_bytes(path.read_bytes()[:5])

    with closing(bodies.opened(snapshot, tmp_path / "cache")) as again:
        assert bytes_of(again.parts(bodies.GZIP, 0)) == whole


def test_tags_differ_by_coding_and_date(body):
    """A strong tag names bytes."""
    tags = {
        body.etag(coding, segment) for coding in (bodies.IDENTITY, bodies.GZIP, bodies.ZSTD) for segment in (0, 1, 2)
    }

    assert len(tags) == 9


@given(st.binary(), st.binary())
def test_checksums_combine(one, other):
    """As if the two had been read in one go. [RFC 1952 §8]"""
    assert combined(zlib.crc32(one), zlib.crc32(other), len(other)) == zlib.crc32(one + other)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"), ("gzip", "gzip"), ("gzip, deflate, br", "gzip"), ("gzip, zstd", "zstd"), ("*", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"), ("gzip;q=0", "identity"), ("gzip;q=x", "identity"), ("GZIP", "gzip"),
        ("identity, gzip;q=0.5", "identity"), (",;=", "identity"),
    ],
)  # fmt: skip
def test_the_coding_is_the_one_that_the_caller_prefers(accepted, coding):
    """[RFC 9110 §12.5.3]"""
    assert coding_for(accepted) == coding


def test_if_none_match_compares_weakly():
    """Proxies make tags weak. [RFC 9110 §13.1.2]"""
    assert has_it('"a", W/"b"', '"b"')
    assert has_it("*", '"b"')
    assert not has_it('"a"', '"b"')
