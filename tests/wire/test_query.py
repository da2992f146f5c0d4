"""The fields of a function as query parameters, and bodies in other charsets. [contract §2]"""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.concept import CodedText
from maksa.model.errors import NotJsonError, RequestError
from maksa.wire.charsets import decoded
from maksa.wire.ditas.bodies import ChangedSince, Lookup, VersionLookup
from maksa.wire.ditas.functions import (
    FUNCTIONS,
    SEARCH_TERMINOLOGY,
    TERMINOLOGY,
    TERMINOLOGY_VALUE_BY_VERSION,
    VALIDATE_CTS,
)

SINCE = dt.datetime(2023, 10, 16, 20, 30, tzinfo=dt.UTC)  # 1402/07/25


@pytest.mark.parametrize(
    "query",
    [
        b"terminologyId=eRX&codedString=60002&version=1000",
        b"TERMINOLOGY_IDFIELD=+eRX&coded_string=60002+&Version=%31000&lang=fa",
        b"&codedString=60002&&terminologyId=x&terminologyId=eRX&version=1000&",
    ],
)
def test_parameters_are_the_bodys_fields(query):
    """Any spelling, form-encoded, unknown ones ignored; the last of a repeated one counts, as in a body."""
    assert TERMINOLOGY_VALUE_BY_VERSION.read_query(query) == VersionLookup("eRX", "60002", "1000")


@pytest.mark.parametrize(
    "query",
    [
        "valueField=تلفن+منزل&terminologyId=ContactType&codedString=1",
        "DoCodedText.valueField=تلفن%20منزل&DoCodedText.terminology_idField=ContactType&docodedtext.Coded_string=1",
        "DoCodedText[Value]=تلفن منزل&DoCodedText[Terminology_id]=ContactType&DoCodedText[coded_stringField]=1",
        'DoCodedText={"valueField":"تلفن منزل","terminology_idField":"ContactType","coded_stringField":"1"}',
        'DoCodedText={"valueField":"تلفن منزل","terminology_idField":"ContactType"}&codedString=1',
    ],
)
def test_a_coded_text_comes_flat_dotted_in_brackets_or_as_json(query):
    """Each HTTP stack has its own way to flatten an object."""
    assert VALIDATE_CTS.read_query(query.encode()) == CodedText("ContactType", "1", "تلفن منزل")


@pytest.mark.parametrize(
    "query",
    [
        "FromDate=1402/07/25",
        "FromDate=%DB%B1%DB%B4%DB%B0%DB%B2/07/25",
        "FromDate=2023-10-16T20:30:00Z",
        'FromDate={"yearField":1402,"monthField":7,"dayField":25}',
        "FromDate.yearField=1402&FromDate[Month]=7&dayField=25&hourField=&iSOStringField=",
        "year=۱۴۰۲&month=07&day=25",
        "ISOString=1402-07-25",
    ],
)
def test_a_date_comes_as_text_as_numbers_or_as_json(query):
    """Digits are numbers where numbers are wanted; an empty number is an absent one."""
    query = f"terminologyId=ContactType&{query}"

    assert SEARCH_TERMINOLOGY.read_query(query.encode()) == ChangedSince("ContactType", SINCE)


@pytest.mark.parametrize(
    ("function", "query", "faults"),
    [
        (TERMINOLOGY, b"", [("terminologyId", "is missing"), ("codedString", "is missing")]),
        (TERMINOLOGY, b"terminologyId&codedString=", [("terminologyId", "is empty"), ("codedString", "is empty")]),
        (TERMINOLOGY, b"terminologyId=%zz", [("terminologyId", "has a % that begins no escape")]),
        (TERMINOLOGY, b"codedString=100%", [("codedString", "has a % that begins no escape")]),
        (TERMINOLOGY, b"codedString=%e3", [("codedString", "is not UTF-8")]),
        (TERMINOLOGY, b"%ff=1", [("a parameter's name", "is not UTF-8")]),
        (SEARCH_TERMINOLOGY, b"terminologyId=x&FromDate=", [
            ("FromDate.yearField", "is missing, and iSOStringField too"),
        ]),
        (SEARCH_TERMINOLOGY, b"terminologyId=x&year=1402&month=7.5&day=" + b"9" * 101, [
            ("FromDate.monthField", 'is "7.5", not a whole number'),
            ("FromDate.dayField", f'is "{"9" * 100}…", not a whole number'),
        ]),
        (SEARCH_TERMINOLOGY, b"terminologyId=x&FromDate={1402}", [
            ("FromDate", "is not JSON: object keys must be strings (byte 1)"),
        ]),
        (VALIDATE_CTS, b"DoCodedText=1", [("DoCodedText", 'is "1", not an object')]),
        (VALIDATE_CTS, b"DoCodedText=1&codedString=1", [("DoCodedText", 'is "1", not an object')]),
    ],
)  # fmt: skip
def test_every_fault_of_a_query_is_named(violations, function, query, faults):
    """As in a body; a broken escape too, which the standard library would let pass."""
    assert violations(function, query=query) == faults


@given(st.sampled_from(list(FUNCTIONS.values())), st.binary() | st.text("&=%+.[]{}abFromDate19").map(str.encode))
def test_any_query_is_read_or_refused(function, query):
    """Nothing else is raised, whatever the bytes."""
    with contextlib.suppress(RequestError):
        function.read_query(query)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (b"application/json", "utf-8"),
        (b"application/json; charset=UTF-8", "utf-8"),
        (b"application/json;charset=Windows-1256", "cp1256"),
        (b'application/json; CHARSET="utf-16"; x=y', "utf-16"),
        (b"application/json; charset=utf-16le", "utf-16-le"),
    ],
)
def test_a_body_is_read_in_the_charset_it_declares(content_type, charset):
    """Old Windows programs send Persian in windows-1256, .NET text in UTF-16."""
    body = '{"terminologyId": "پيجر", "codedString": "1"}'.encode(charset)

    assert TERMINOLOGY.read(decoded(body, content_type)) == Lookup("پيجر", "1")


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"{}", b"application/json; charset=klingon", 'Content-Type: charset "klingon" is not known'),
        (b"{}", b"application/json; charset=zlib", 'Content-Type: charset "zlib" is not known'),
        (b"{}", b"application/json; charset=\xff", 'Content-Type: charset "ÿ" is not known'),
        (b"{", b"application/json; charset=utf-16", "body: is not text in utf-16: truncated data at 0"),
        (b"\x00\xd8", b"application/json; charset=utf-16le", "body: is not text in utf-16le: unexpected end of data"),
    ],
)
def test_an_unknown_charset_or_a_body_not_in_it_is_refused(body, content_type, says):
    """Python's codecs that are no charsets are unknown, too."""
    with pytest.raises(NotJsonError) as caught:
        decoded(body, content_type)

    assert str(caught.value).startswith(says)
