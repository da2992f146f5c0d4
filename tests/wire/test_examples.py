"""Every sample of the guide, as bytes that our two sides exchange. [contract, examples.json]"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from maksa.model.terminology import Version
from maksa.wire.ditas import answers, replies
from maksa.wire.ditas.functions import BASES, FUNCTIONS, Function
from maksa.wire.ditas.replies import Reply, read_reply


def function_of(example: dict[str, Any]) -> Function[Any]:
    base, _, name = example["request"]["path"].rpartition("/")
    assert base in BASES
    return FUNCTIONS[name]


def coded_texts(reply: Reply) -> bytes:
    rows = [
        answers.coded_text_writer(row.terminology_id)(row.display, row.code) for row in replies.coded_texts_of(reply)
    ]
    return answers.BODY_HEAD + b",".join(rows) + answers.BODY_TAIL


def versions(reply: Reply) -> bytes:
    return answers.versions_answer(
        [
            Version(
                terminology_id=row.terminology_id,
                label=row.label,
                number=row.number,
                row=row.row,
                published_at=dt.datetime.now(dt.UTC),
            )
            for row in replies.version_rows_of(reply)
        ]
    )


WRITERS = {
    "Terminology": lambda reply: answers.value_answer(replies.value_of(reply)),
    "TerminologyValueByVersion": lambda reply: answers.value_answer(replies.value_of(reply)),
    "ValidateCts": lambda reply: answers.TRUE if replies.truth_of(reply) else answers.FALSE,
    "CtsTerminologies": lambda reply: answers.ids_answer(replies.ids_of(reply)),
    "SearchTerminology": coded_texts,
    "TerminologiesTermByVersion": coded_texts,
    "TerminologyVersions": versions,
}


def test_a_samples_question_is_read_and_asked_again(example):
    """What a client of ours would send instead is read as the same question."""
    function = function_of(example)
    asked = function.read(json.dumps(example["request"]["json"]).encode())

    assert function.method == example["request"]["method"]
    assert function.read(function.write(asked)) == asked


def test_a_samples_question_may_come_as_a_query(example):
    """GET with the same fields as parameters, objects as JSON."""
    function = function_of(example)
    fields = example["request"]["json"]
    query = "&".join(f"{name}={each if isinstance(each, str) else json.dumps(each)}" for name, each in fields.items())

    assert function.read_query(query.encode()) == function.read(json.dumps(fields).encode())


def test_a_samples_answer_is_read_and_written_again(example):
    """To the byte, from nothing but what a client understood of it."""
    function = function_of(example)
    sample = json.dumps(example["response"]["json"], ensure_ascii=False, separators=(",", ":")).encode()
    reply = read_reply(sample)

    if reply.status == 401:
        assert function.unauthorized == sample
    elif reply.data is None:
        assert sample == answers.NOTHING
    else:
        assert WRITERS[function.name](reply) == sample
