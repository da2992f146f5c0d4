"""The gateway's statuses in its own words, and the bodies it refuses with."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from maksa.wire.ditas.envelope import FlatRefusal, GatewayStatus, Refusal, Violation

JSON_TYPE = b"application/json;charset=UTF-8"

MESSAGES = {
    200: "OK",  # the samples' spelling; the guide's table has "OK!"
    202: "Accepted!",
    400: "Bad request.",
    401: "Credential is not valid!",
    403: "Your origin IP is permanently blocked!",
    404: "Not Found!",
    410: "All resources are moved permanently to the HTTP secure protocol(HTTPS)!",
    429: "Too many requests or Access denied!",
    499: "Client Closed Request!",
    500: "Internal server error!",
    503: "Service provider error!",
    504: "Backend timeout!",
    520: "Unknown error!",
}
"""Each status the gateway knows, with its exact message. Source: guide, appendix 2; contract, section 3."""

FLAT_401 = msgspec.json.encode(FlatRefusal(status=0, code=401, msg="", violations=()))
"""TerminologyValueByVersion's 401. Every other function's is `refusal(401)`."""


def refusal(status: int, violations: Iterable[tuple[str, str]] = ()) -> bytes:
    """The body of a refusal: the status with its message, and a (field, message) for each fault of a bad request.

    Raises: KeyError for a status that is none of the gateway's.
    """
    named = tuple(Violation(field, message) for field, message in violations)
    return msgspec.json.encode(Refusal(GatewayStatus(status, MESSAGES[status]), named))
