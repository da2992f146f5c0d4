"""How the gateway speaks: what real gateways spell in more than one way, and the envelope in each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from tests.simulator.mishaps import MESSAGES, Coding
from tests.simulator.provider import shown


@dataclass
class Dialect:
    """How this gateway speaks. As it is made, that is how the guide's samples do.

    `get_body`: a GET with a body is read; or an intermediary refuses it with a page (under the status `page_status`), drops
    the body, hangs up, or waits for it without a word.
    `lists`: an array is one, or JSON inside a text. `texts`: a value is JSON inside a text, or just the text.
    `nothing`: with no data, `data` is absent, null, null as JSON inside a text, an empty text, words that say so, or `result` is
    absent as a whole. `flat_401`: who says it flat.
    """

    token_names: Literal["snake", "camel"] = "snake"
    expires_in: type = int
    flat_401: Literal["guide", "all", "none"] = "guide"
    get_body: Literal["read", "refused", "dropped", "hangs up", "waits"] = "read"
    page_status: int = 400
    other_method: bool = True
    lists: Literal["plain", "twice"] = "plain"
    texts: Literal["once", "twice"] = "twice"
    nothing: Literal["absent", "null", "null in a text", "empty", "words", "no result"] = "absent"
    coding: Coding = "length"
    indent: int | None = None

    def refusal(self, status: int, function: str, fault: str = "") -> bytes:
        """The body of a no to *function*; *fault* is "field: message"."""
        flat = {"guide": function == "TerminologyValueByVersion", "all": True, "none": False}[self.flat_401]
        if status == 401 and flat:
            return self._json({"status": 0, "code": 401, "msg": "", "violations": []})
        said: dict[str, Any] = {"status": {"statusCode": status, "message": MESSAGES[status]}}
        if fault:
            name, _, message = fault.partition(": ")
            said["violations"] = [{"field": name, "message": message}]
        return self._json(said)

    def envelope(self, data: Any) -> bytes:
        """The body of an answer with *data*, None for nothing found."""
        gateway = {"statusCode": 200, "message": "OK"}
        if data is not None:
            once = isinstance(data, str) and self.texts == "once"
            value = data if once else shown(data, twice=self.lists == "twice")
            return self._json({"result": {"data": value, "status": {"statusCode": 200}}, "status": gateway})
        if self.nothing == "no result":
            return self._json({"status": gateway})
        spelled: dict[str, dict[str, Any]] = {
            "null": {"data": None},
            "null in a text": {"data": "null"},
            "empty": {"data": ""},
            "words": {"data": json.dumps("یافت نشد", ensure_ascii=False)},
        }
        empty = spelled.get(self.nothing, {})
        return self._json({"result": {**empty, "status": {"statusCode": 404}}, "status": gateway})

    def _json(self, value: Any) -> bytes:
        separators = (",", ":") if self.indent is None else None
        return json.dumps(value, ensure_ascii=False, indent=self.indent, separators=separators).encode()
