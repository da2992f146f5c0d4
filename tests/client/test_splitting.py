"""A list cut into its concepts: whatever is in it, however it is written, and wherever the pieces of the line end."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maksa.client.splitting import Splitter
from maksa.model.concept import CodedText
from maksa.model.errors import UnreadableAnswerError
from maksa.wire.ditas.answers import BODY_HEAD, BODY_TAIL, NOTHING, coded_text_writer

TRAPS = ['},{"', '},{"valueField":"', '}]},"status"', '\\"},{\\"', "},\n{", '"data":[', "\\", '"', "😀", "\x00", "ی"]

texts = st.lists(st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)).map("".join)
rows = st.lists(st.tuples(texts, texts), max_size=12)


def objects(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"valueField": display, "terminology_idField": "x", "coded_stringField": code} for code, display in pairs]


def answer(data: object, *, is_text: bool = False, is_last: bool = False, indent: int | None = None) -> bytes:
    """An answer with *data*, its `status` before it where it *is_last*."""
    shape = {"indent": indent, "ensure_ascii": False, "separators": None if indent else (",", ":")}
    result = {"data": json.dumps(data, **shape) if is_text else data, "status": {"statusCode": 200}}
    members = {"result": result, "status": {"statusCode": 200, "message": 'OK "data"'}}
    return json.dumps(dict(reversed(members.items())) if is_last else members, **shape).encode()


def cut(body: bytes, size: int) -> tuple[list[CodedText], list[int]]:
    """The concepts of *body*, given in pieces of *size* bytes; and how many came with each."""
    splitter = Splitter()
    batches = [splitter.feed(body[at : at + size]) for at in range(0, len(body), size)]
    batches.append(splitter.finish()[1])
    return [each for batch in batches for each in batch], [len(batch) for batch in batches]


@given(rows, st.integers(1, 60), st.booleans(), st.booleans(), st.sampled_from([None, 1]))
@example([(trap, trap) for trap in TRAPS], 1, False, False, None)
@example([(trap, trap) for trap in TRAPS], 7, True, True, 1)
def test_any_list_comes_out_as_it_went_in(pairs, size, is_text, is_last, indent):
    """Displays that look like the seam between two objects, quotes and backslashes, pieces of one byte."""
    body = answer(objects(pairs), is_text=is_text, is_last=is_last, indent=indent)

    assert cut(body, size)[0] == [CodedText("x", *pair) for pair in pairs]


@pytest.mark.parametrize("is_text", [False, True])
@pytest.mark.parametrize("indent", [None, 1])
def test_concepts_come_out_while_the_list_goes_in(is_text, indent):
    """No more is held than one piece, or what a list with blanks is looked through in."""
    pairs = [(str(number), "نمایش") for number in range(20_000)]
    _, batches = cut(answer(objects(pairs), is_text=is_text, indent=indent), 64 * 1024)

    assert sum(batches) == 20_000
    assert max(batches) < 6_000


def test_our_own_body_is_cut_too():
    """What the server prepares, byte for byte."""
    write = coded_text_writer("eRX")
    body = BODY_HEAD + b",".join(write("a},{", str(code)) for code in range(100)) + BODY_TAIL

    assert cut(body, 50)[0] == [CodedText("eRX", str(code), "a},{") for code in range(100)]


def test_nothing_is_an_envelope_without_concepts():
    """The reply says so."""
    splitter = Splitter()
    splitter.feed(NOTHING)
    reply, concepts = splitter.finish()

    assert (reply.service_status, concepts) == (404, [])


def test_objects_in_objects_are_read_in_the_end():
    """Members that we do not know, with seams of their own."""
    listed = [{**each, "more": [{"a": 1}, {"b": 2}]} for each in objects([("1", "یک"), ("2", "دو")])]

    assert cut(answer(listed), 10)[0] == [CodedText("x", "1", "یک"), CodedText("x", "2", "دو")]


def test_a_list_after_the_list_does_no_harm():
    """Violations beside the data: a second list with seams."""
    body = (
        answer(objects([("1", "یک"), ("2", "دو")]))[:-1] + b',"violations":[{"field":"a"},{"field":"b"},{"field":"c"}]}'
    )

    assert cut(body, 4096)[0] == [CodedText("x", "1", "یک"), CodedText("x", "2", "دو")]


@pytest.mark.parametrize("end", range(0, 300, 7))
def test_a_part_of_an_answer_is_never_a_whole_one(end):
    """Wherever it is cut, the end tells."""
    body = answer(objects([(str(code), "نمایش") for code in range(4)]))
    with pytest.raises(UnreadableAnswerError):
        cut(body[: min(end, len(body) - 1)], 40)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_what_is_no_answer_is_unreadable_and_nothing_else(body, size):
    """A proxy's page, an image, half a character."""
    with pytest.raises(UnreadableAnswerError):
        cut(body, size)
