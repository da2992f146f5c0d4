"""What is answered, to the byte, and what a client makes of it. [contract §2 and §3]"""

from __future__ import annotations

import contextlib
import datetime as dt
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.concept import CodedText
from maksa.model.errors import UnreadableAnswerError
from maksa.model.terminology import Version
from maksa.wire.ditas.answers import (
    BODY_HEAD,
    BODY_TAIL,
    FALSE,
    NOTHING,
    TRUE,
    coded_text_writer,
    ids_answer,
    value_answer,
    versions_answer,
)
from maksa.wire.ditas.envelope import Envelope, FlatRefusal, Refusal, VersionRow
from maksa.wire.ditas.functions import FUNCTIONS, TERMINOLOGY, TERMINOLOGY_VALUE_BY_VERSION
from maksa.wire.ditas.replies import (
    Reply,
    coded_texts_of,
    ids_of,
    read_reply,
    truth_of,
    value_of,
    version_rows_of,
)
from maksa.wire.ditas.statuses import FLAT_401, MESSAGES, refusal

OK = '"status":{"statusCode":200}},"status":{"statusCode":200,"message":"OK"}}'
NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]))


def version(label: str, number: int, row: int) -> Version:
    return Version(terminology_id="eRX", label=label, number=number, row=row, published_at=NOON)


def test_a_value_is_json_text_inside_a_string():
    """Compact, Persian unescaped, quotes escaped twice."""
    assert value_answer("اسلام").decode() == r'{"result":{"data":"\"اسلام\"",' + OK
    assert value_answer('15 "mL"').decode() == r'{"result":{"data":"\"15 \\\"mL\\\"\"",' + OK


def test_a_truth_is_a_boolean_inside_a_string():
    """ValidateCts."""
    assert TRUE.decode() == '{"result":{"data":"true",' + OK
    assert FALSE.decode() == '{"result":{"data":"false",' + OK


def test_nothing_is_404_inside_200():
    """The gateway worked, the provider has nothing, and `data` is absent; an empty list is nothing, too."""
    assert NOTHING.decode() == '{"result":{"status":{"statusCode":404}},"status":{"statusCode":200,"message":"OK"}}'
    assert ids_answer([]) == versions_answer([]) == NOTHING


def test_ids_keep_their_order():
    """The order of definition, which is not the alphabet's."""
    assert ids_answer(["LNC", "ICD10-FA"]).decode() == '{"result":{"data":["LNC","ICD10-FA"],' + OK


def test_the_last_version_given_is_the_last():
    """`id` is the row, `VersionId` the number; only one has IsLast."""
    answer = versions_answer([version("1000", 3, 4), version("10000", 86, 147)])

    assert answer.decode() == (
        '{"result":{"data":['
        '{"id":4,"TerminologyId":"eRX","Version":"1000","VersionId":3,"IsLast":false},'
        '{"id":147,"TerminologyId":"eRX","Version":"10000","VersionId":86,"IsLast":true}],' + OK
    )


def test_coded_texts_are_written_one_by_one():
    """The writer knows the id as it was defined; head and tail stand around as many as there are."""
    write = coded_text_writer('a"b')

    assert (BODY_HEAD + write("تلفن منزل", "1") + BODY_TAIL).decode() == (
        r'{"result":{"data":[{"valueField":"تلفن منزل","terminology_idField":"a\"b","coded_stringField":"1"}],' + OK
    )


@pytest.mark.parametrize("status", MESSAGES)
def test_a_refusal_has_no_result(status):
    """Its words are those of the guide's appendix 2."""
    assert json.loads(refusal(status)) == {"status": {"statusCode": status, "message": MESSAGES[status]}}


def test_a_bad_request_lists_its_violations():
    """One entry for each fault, after the status."""
    assert refusal(400, [("codedString", "is missing"), ("version", 'is "۱", not a text')]).decode() == (
        '{"status":{"statusCode":400,"message":"Bad request."},"violations":['
        '{"field":"codedString","message":"is missing"},'
        r'{"field":"version","message":"is \"۱\", not a text"}]}'
    )


def test_one_function_has_a_flat_401():
    """TerminologyValueByVersion, as the guide shows it; the envelope elsewhere."""
    assert TERMINOLOGY_VALUE_BY_VERSION.unauthorized == FLAT_401
    assert FLAT_401 == b'{"status":0,"code":401,"msg":"","violations":[]}'
    assert TERMINOLOGY.unauthorized == b'{"status":{"statusCode":401,"message":"Credential is not valid!"}}'
    assert [function.name for function in FUNCTIONS.values() if function.flat_401] == ["TerminologyValueByVersion"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (value_answer("اسلام"), Envelope[TERMINOLOGY.data]),
        (FALSE, Envelope[FUNCTIONS["ValidateCts"].data]),
        (NOTHING, Envelope[str]),
        (versions_answer([version("1000", 3, 4)]), Envelope[FUNCTIONS["TerminologyVersions"].data]),
        (BODY_HEAD + coded_text_writer("x")("y", "z") + BODY_TAIL, Envelope[FUNCTIONS["SearchTerminology"].data]),
        (refusal(400, [("a", "b")]), Refusal),
        (FLAT_401, FlatRefusal),
    ],
)
def test_the_bytes_are_the_documented_types(answer, kind):
    """What OpenAPI is made from, decoded strictly and encoded again, is the prepared answer to the byte."""
    assert msgspec.json.encode(msgspec.json.decode(answer, type=kind)) == answer


@given(texts)
def test_any_value_comes_back(display):
    """Quotes, backslashes, line ends, NUL, every script; and it is JSON for others as well."""
    answer = value_answer(display)

    assert value_of(read_reply(answer)) == display
    assert json.loads(json.loads(answer)["result"]["data"]) == display


@given(st.lists(st.tuples(texts, texts)), texts)
def test_any_coded_texts_come_back(rows, terminology_id):
    """In their order, under the id as it was defined."""
    write = coded_text_writer(terminology_id)
    answer = BODY_HEAD + b",".join(write(display, code) for display, code in rows) + BODY_TAIL

    assert coded_texts_of(read_reply(answer)) == [CodedText(terminology_id, code, display) for display, code in rows]


def test_other_answers_come_back():
    """A truth, ids, versions, nothing."""
    nothing = read_reply(NOTHING)

    assert [truth_of(read_reply(TRUE)), truth_of(read_reply(FALSE)), truth_of(nothing)] == [True, False, None]
    assert ids_of(read_reply(ids_answer(["LNC", "ICD10"]))) == ["LNC", "ICD10"]
    assert version_rows_of(read_reply(versions_answer([version("1000", 3, 4)]))) == [
        VersionRow(4, "eRX", "1000", 3, is_last=True)
    ]
    assert (nothing.status, nothing.service_status) == (200, 404)
    assert (value_of(nothing), ids_of(nothing), coded_texts_of(nothing), version_rows_of(nothing)) == (None, [], [], [])


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (refusal(401), Reply(401, "Credential is not valid!")),
        (FLAT_401, Reply(401)),
        (refusal(400, [("version", "is missing")]), Reply(400, "Bad request.", violations=(("version", "is missing"),))),
        (b'{"status":{"statusCode":"429"},"result":null,"violations":["slow down"]}', Reply(429, violations=(("", "slow down"),))),
        (b'{"result":{"data":null,"status":{"statusCode":404}},"status":{"statusCode":200}}', Reply(200, service_status=404)),
    ],
)  # fmt: skip
def test_a_client_reads_every_shape_of_a_refusal(body, reply):
    """Both 401s, violations, statuses as text, null for absent."""
    assert read_reply(body) == reply


def test_a_client_reads_strings_encoded_once_or_twice():
    """Gateways differ in how often they encode what the provider said."""

    def data(text: str) -> Reply:
        return Reply(200, "OK", 200, text.encode())

    assert value_of(data('"اسلام"')) == "اسلام"
    assert value_of(data(r'"\"اسلام"')) == '"اسلام'
    assert truth_of(data("true")) is True
    assert ids_of(data(r'"[\"ICD10\"]"')) == ["ICD10"]
    assert coded_texts_of(
        data(r'"[{\"valueField\":\"x\",\"terminology_idField\":\"y\",\"coded_stringField\":\"\"}]"')
    ) == [CodedText("y", "", "x")]


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"{}", b"[]", b'{"status":"x"}', b"[" * 9999])
def test_what_is_no_answer_is_an_error_of_the_other_end(body):
    """A proxy's page, half a body, an object of something else."""
    with pytest.raises(UnreadableAnswerError):
        read_reply(body)


def test_data_of_another_kind_is_an_error_of_the_other_end():
    """The message says where it was found wrong."""
    with pytest.raises(UnreadableAnswerError, match=r"result.data: Expected `str`, got `int`"):
        ids_of(Reply(200, "OK", 200, b"[1]"))


@given(
    st.binary()
    | st.dictionaries(st.sampled_from(["status", "result", "code"]), st.integers() | st.text()).map(msgspec.json.encode)
)
def test_any_answer_is_read_or_refused(body):
    """Nothing else is raised, whatever a gateway sends."""
    with contextlib.suppress(UnreadableAnswerError):
        reply = read_reply(body)
        for reader in (value_of, truth_of, ids_of, coded_texts_of, version_rows_of):
            reader(reply)
