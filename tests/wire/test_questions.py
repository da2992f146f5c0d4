"""What a body asks: the guide's spelling, every other one, and each fault named. [contract §2]"""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.concept import CodedText
from maksa.model.errors import RequestError
from maksa.wire.ditas.bodies import ChangedSince, DefinedSince, Lookup, VersionList, VersionLookup, WholeVersion
from maksa.wire.ditas.functions import (
    CTS_TERMINOLOGIES,
    FUNCTIONS,
    SEARCH_TERMINOLOGY,
    TERMINOLOGIES_TERM_BY_VERSION,
    TERMINOLOGY,
    TERMINOLOGY_VALUE_BY_VERSION,
    TERMINOLOGY_VERSIONS,
    VALIDATE_CTS,
)
from maksa.wire.ditas.patience import read_patiently
from maksa.wire.ditas.statuses import refusal

SINCE = dt.datetime(2011, 12, 31, 6, 40, 10, tzinfo=dt.UTC)  # 1390/10/10 10:10:10
SINCE_FIELDS = (
    b'"FromDate":{"iSOStringField":"2011-12-31T06:40:10Z","yearField":1390,"monthField":10,"dayField":10,'
    b'"hourField":10,"minuteField":10,"secondField":10}}'
)

GOLDEN = [
    (
        TERMINOLOGY,
        b'{"terminologyId":"thritaEHR.Religion","codedString":"1"}',
        Lookup("thritaEHR.Religion", "1"),  # اسلام
    ),
    (SEARCH_TERMINOLOGY, b'{"TerminologyId":"ContactType",' + SINCE_FIELDS, ChangedSince("ContactType", SINCE)),
    (
        VALIDATE_CTS,
        '{"DoCodedText":{"valueField":"تلفن منزل","terminology_idField":"ContactType","coded_stringField":"1"}}'.encode(),
        CodedText("ContactType", "1", "تلفن منزل"),
    ),
    (CTS_TERMINOLOGIES, b"{" + SINCE_FIELDS, DefinedSince(SINCE)),
    (
        TERMINOLOGY_VALUE_BY_VERSION,
        b'{"terminologyId":"ERX","codedString":"60002","version":"1000"}',
        VersionLookup("ERX", "60002", "1000"),
    ),
    (TERMINOLOGIES_TERM_BY_VERSION, b'{"terminologyId":"erX","version":"10000"}', WholeVersion("erX", "10000")),
    (TERMINOLOGY_VERSIONS, b'{"terminologyId":"ErX"}', VersionList("ErX")),
]
golden = pytest.mark.parametrize(("function", "body", "asked"), GOLDEN, ids=[row[0].name for row in GOLDEN])


@golden
def test_a_body_of_the_guide_is_read_and_written(function, body, asked):
    """Both ways, to the byte."""
    assert function.read(body) == asked
    assert function.write(asked) == body


@golden
def test_patience_reads_what_haste_reads(function, body, asked):
    """The two ways of reading a body agree where both can."""
    assert read_patiently(function.body, body).asked() == asked


def test_the_seven_stand_in_the_guides_order():
    """All of them take POST by the guide but the first."""
    assert [(function.name, function.method) for function in FUNCTIONS.values()] == [
        ("Terminology", "GET"),
        ("SearchTerminology", "POST"),
        ("ValidateCts", "POST"),
        ("CtsTerminologies", "POST"),
        ("TerminologyValueByVersion", "POST"),
        ("TerminologiesTermByVersion", "POST"),
        ("TerminologyVersions", "POST"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        '{"TERMINOLOGYID": "eRX", "CodedString": "60002", "VERSION": "1000"}',
        '{"terminology_idField": "eRX", "coded_stringField": "60002", "version": "1000"}',
        '{"Terminology_id": "eRX", "Coded_string": "60002", "Version": "1000"}',
        '{"terminologyId": " eRX ", "codedString": "\\t60002\\n", "version": " 1000"}',
        '{"terminologyId": null, "Terminology_id": "eRX", "codedString": "60002", "version": "1000"}',
        '{"Terminology_id": "other", "terminologyId": "eRX", "Coded_string": "60002", "version": "1000"}',
        '{"terminologyId": "other", "terminologyId": "eRX", "codedString": "60002", "version": "1000"}',
        '{"lang": "fa", "x": [1, {}], "terminologyId": "eRX", "codedString": "60002", "version": "1000"}',
        '\ufeff{"terminologyId": "eRX", "codedString": "60002", "version": "1000"}',
    ],
)
def test_each_spelling_asks_the_same(body):
    """Any case, private and public names, blanks around, a null beside a value, unknown fields, a byte order mark."""
    assert TERMINOLOGY_VALUE_BY_VERSION.read(body.encode()) == VersionLookup("eRX", "60002", "1000")


@pytest.mark.parametrize(
    "date",
    [
        '{"Year": 1390, "Month": 10, "Day": 10, "Hour": 10, "Minute": 10, "Second": 10}',
        '{"yearField": 1390, "Month": 10, "dayField": 10, "hour": 10, "minuteField": 10, "secondField": 10}',
        '{"ISOString": "1402/07/25", "YEARFIELD": 1390, "month": 10, "day": 10, "hour": 10, "minute": 10, "second": 10}',
        '{"ISOString": "1390/10/10 10:10:10"}',
        '{"iSOStringField": "2011-12-31T06:40:10Z", "yearField": null, "monthField": null}',
        '{"iSOStringField": null, "ISOString": "1390-10-10T10:10:10"}',
    ],
)
def test_each_spelling_of_a_date_means_the_same(date):
    """One public name among private ones counts: no member of a date is overlooked."""
    assert CTS_TERMINOLOGIES.read(f'{{"FromDate": {date}}}'.encode()) == DefinedSince(SINCE)


def test_missing_month_day_and_time_begin_the_year():
    """1400 alone is its first moment in Tehran."""
    asked = CTS_TERMINOLOGIES.read(b'{"FromDate": {"yearField": 1400}}')

    assert asked == DefinedSince(dt.datetime(2021, 3, 20, 20, 30, tzinfo=dt.UTC))


def test_a_display_may_be_empty_and_keeps_its_blanks():
    """It is judged as it is: empty is a false display, missing is a bad request."""
    body = b'{"DoCodedText": {"Value": "%b", "Terminology_id": "ContactType", "Coded_string": "1"}}'

    assert VALIDATE_CTS.read(body % b"") == CodedText("ContactType", "1", "")
    assert VALIDATE_CTS.read(body % b" x ") == CodedText("ContactType", "1", " x ")


@pytest.mark.parametrize(
    ("function", "body", "faults"),
    [
        (TERMINOLOGY, "{}", [("terminologyId", "is missing"), ("codedString", "is missing")]),
        (TERMINOLOGY, '{"terminologyId": "x", "codedString": 1}', [("codedString", "is 1, not a text")]),
        (TERMINOLOGY, '{"terminologyId": "x", "codedString": true}', [("codedString", "is true, not a text")]),
        (TERMINOLOGY, '{"terminologyId": [], "codedString": {}}', [
            ("terminologyId", "is an array, not a text"), ("codedString", "is an object, not a text"),
        ]),
        (TERMINOLOGY, '{"terminologyId": "", "codedString": " \\u00a0"}', [
            ("terminologyId", "is empty"), ("codedString", "is empty"),
        ]),
        (TERMINOLOGY, '{"terminologyId": " ", "codedString": "1"}', [("terminologyId", "is empty")]),
        (SEARCH_TERMINOLOGY, '{"FromDate": "1402/07/25"}', [
            ("TerminologyId", "is missing"), ("FromDate", 'is "1402/07/25", not an object'),
        ]),
        (SEARCH_TERMINOLOGY, '{"terminologyId": "x", "FromDate": {"Year": "1402", "Month": 1.5, "dayField": true}}', [
            ("FromDate.yearField", 'is "1402", not a whole number'),
            ("FromDate.monthField", "is 1.5, not a whole number"),
            ("FromDate.dayField", "is true, not a whole number"),
        ]),
        (SEARCH_TERMINOLOGY, '{"FromDate": {"yearField": 1403, "monthField": 7, "dayField": 31, "hourField": 24}}', [
            ("TerminologyId", "is missing"),
            ("FromDate.hourField", "24 is not within 0 to 23"),
            ("FromDate.dayField", "31 is not a day of 1403-07, which has 30"),
        ]),
        (CTS_TERMINOLOGIES, '{"FromDate": {"iSOStringField": "soon"}}', [
            ("FromDate.iSOStringField", '"soon" is not a date such as 1400/05/06 or 2021-07-28T10:30:00+03:30'),
        ]),
        (CTS_TERMINOLOGIES, '{"FromDate": {}}', [("FromDate.yearField", "is missing, and iSOStringField too")]),
        (VALIDATE_CTS, '{"DoCodedText": {"valueField": null}}', [
            ("DoCodedText.valueField", "is missing"),
            ("DoCodedText.terminology_idField", "is missing"),
            ("DoCodedText.coded_stringField", "is missing"),
        ]),
        (TERMINOLOGY_VERSIONS, '{"terminologyId": 99999999999999999999999999999999}', [
            ("terminologyId", "is 99999999999999999999999999999999, not a text"),
        ]),
    ],
)  # fmt: skip
def test_every_fault_is_named_as_the_guide_spells_its_field(violations, function, body, faults):
    """One violation for each, with the value, so that the caller can mend it. [contract §3]"""
    assert violations(function, body.encode()) == faults


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"terminologyId=eRX&codedString=60002", "is not JSON: invalid character (byte 4)"),
        (b'{"terminologyId":', "is not JSON: Input data was truncated"),
        (b'[{"terminologyId":"eRX"}]', "is an array, not a JSON object"),
        (b'"eRX"', 'is "eRX", not a JSON object'),
        (b'{"terminologyId":NaN,"codedString":"1"}', "is not JSON: "),
        (b'{"terminologyId":"\xff","codedString":"1"}', "is not JSON: 'utf-8' codec can't decode byte 0xff"),
        (b'{"terminologyId":"\\ud800","codedString":"1"}', "is not JSON: "),
        (b'{"terminologyId":"\xed\xa0\x80","codedString":"1"}', "is not JSON: 'utf-8' codec can't decode byte 0xed"),
        (b"[" * 10_000 + b"]" * 10_000, "is nested too deeply"),
        (b'{"terminologyId":"x","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "is nested too deeply"),
        (b'{"terminologyId":' + b"9" * 10_000 + b"}", "is not JSON: Integer value out of range"),
    ],
)
def test_what_is_no_json_object_is_refused(violations, body, says):
    """Forms, halves, wrong bytes, lone surrogates, depth: a clean 400, never a fault of ours."""
    (violation,) = violations(TERMINOLOGY, body)

    assert violation[0] == "body"
    assert violation[1].startswith(says)


def test_a_nul_in_a_code_is_harmless():
    """No concept has such a code; it is looked up like any other."""
    assert TERMINOLOGY.read(b'{"terminologyId":"eRX","codedString":"\\u0000"}') == Lookup("eRX", "\x00")


names = st.sampled_from(
    [
        "terminologyId", "Terminology_id", "codedString", "coded_stringField", "version", "FromDate", "DoCodedText",
        "valueField", "Year", "yearField", "monthField", "iSOStringField",
    ]
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1402/07/25", "x"])
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names | st.text(), inner), max_leaves=20)
functions = st.sampled_from(list(FUNCTIONS.values()))


@given(functions, st.dictionaries(names, values) | values)
def test_any_json_is_read_or_refused_with_words_that_travel(function, value):
    """NaN, lone surrogates and all: the refusal itself must still be JSON."""
    violations = ()
    try:
        function.read(json.dumps(value).encode())
    except RequestError as error:
        violations = error.violations
    assert len(json.loads(refusal(400, violations)).get("violations", [])) == len(violations)


@given(functions, st.binary())
def test_any_bytes_are_refused(function, body):
    """Noise makes no question, and raises nothing else."""
    with pytest.raises(RequestError):
        function.read(body)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)


@given(texts, texts, texts)
def test_any_text_is_asked_as_it_was_meant(terminology_id, code, display):
    """What a client writes the server reads: quotes, line ends, half-spaces, every script."""
    for function, asked in [
        (TERMINOLOGY, Lookup(terminology_id, code)),
        (TERMINOLOGY_VALUE_BY_VERSION, VersionLookup(terminology_id, code, display)),
        (VALIDATE_CTS, CodedText(terminology_id, code, display)),
    ]:
        assert function.read(function.write(asked)) == asked


@given(st.data())
def test_a_name_in_any_case_is_the_same_name(data):
    """Letter by letter, in objects within the body too."""
    function, body, asked = data.draw(st.sampled_from(GOLDEN))

    def recased(value):
        if not isinstance(value, dict):
            return value
        return {
            "".join(data.draw(st.sampled_from([each.lower(), each.upper()])) for each in name): recased(inner)
            for name, inner in value.items()
        }

    assert function.read(json.dumps(recased(json.loads(body))).encode()) == asked
