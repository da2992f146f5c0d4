"""Many coded texts judged in one call: how they are asked and how the verdicts are written. Maksa's own, not the guide's.

A coded text is spelled as the functions spell it, in either of their ways (`coded_stringField`, `Coded_string`). What is missing in
one is a finding about it and no fault of the request; what is no text is.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType

from maksa.model.concept import CodedText
from maksa.model.errors import MalformedParameterError, ManyRequestErrors, NotJsonError, RequestError
from maksa.wire.ditas.envelope import CodedTextRow
from maksa.wire.ditas.statuses import MESSAGES
from maksa.wire.members import folded_name, shown

TEXTS_LIMIT = 1_000  # of one call
_FAULTS_TOLD = 20

_PARTS = {
    "terminologyid": 0, "terminology": 0, "codedstring": 1, "code": 1, "value": 2, "display": 2,
}  # fmt: skip
_FIELDS = ("terminology_idField", "coded_stringField", "valueField")


class FindingRow(Struct, frozen=True, gc=False, omit_defaults=True, rename="camel"):
    """One thing that is wrong with a coded text. `correction` where it is certain what was meant, else `suggestions`."""

    slug: str
    severity: str
    message: str
    message_fa: str
    part: str = ""
    version: str = ""
    correction: CodedTextRow | UnsetType = UNSET
    suggestions: tuple[CodedTextRow, ...] = ()


class VerdictRow(Struct, frozen=True, gc=False, omit_defaults=True, rename="camel"):
    """The verdict on one coded text: `valid` as ValidateCts would say, the version that was asked, what is wrong.

    `correction` is the whole text as it should be, where all of it is certain.
    """

    valid: bool
    version: str = ""
    findings: tuple[FindingRow, ...] = ()
    correction: CodedTextRow | UnsetType = UNSET


def row_of(text: CodedText) -> CodedTextRow:
    """*text* as it is written."""
    return CodedTextRow(text.display, text.terminology_id, text.code)


def verdicts_answer(rows: list[VerdictRow]) -> bytes:
    """The envelope with the verdicts in the order of the texts."""
    status = {"statusCode": 200, "message": MESSAGES[200]}
    return msgspec.json.encode({"result": {"data": rows, "status": {"statusCode": 200}}, "status": status})


def read_texts(body: bytes) -> list[CodedText]:
    """The coded texts that *body*, an array, asks about; what a text lacks is "".

    Raises: NotJsonError, MalformedParameterError, ManyRequestErrors with one for each of the first faults.
    """
    try:
        texts = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        why = str(error).removeprefix("JSON is malformed: ")
        raise NotJsonError(field="body", message=f"is not JSON: {why}" if body else "is empty") from error
    if not isinstance(texts, list):
        raise NotJsonError(field="body", message=f"is {shown(texts)}, not an array of coded texts")
    if len(texts) > TEXTS_LIMIT:
        message = f"has {len(texts)} coded texts; {TEXTS_LIMIT} are the most"
        raise MalformedParameterError(field="body", message=message)
    faults: list[RequestError] = []
    read = [_read(place, text, faults) for place, text in enumerate(texts)]
    if faults:
        raise faults[0] if len(faults) == 1 else ManyRequestErrors(errors=faults[:_FAULTS_TOLD])
    return read


def _read(place: int, given: object, faults: list[RequestError]) -> CodedText:
    parts = ["", "", ""]
    if not isinstance(given, dict):
        faults.append(MalformedParameterError(field=f"[{place}]", message=f"is {shown(given)}, not an object"))
        given = {}
    for name, value in given.items():
        part = _PARTS.get(folded_name(name))
        if part is None or value is None:  # a null member is an absent one
            continue
        if not isinstance(value, str):
            field = f"[{place}].{_FIELDS[part]}"
            faults.append(MalformedParameterError(field=field, message=f"is {shown(value)}, not a text"))
        else:
            parts[part] = value
    return CodedText(*parts)
