"""The seven functions of the guide, both ways: questions read and written, answers written and read.

    question   functions (the table) ← bodies (the guide's spelling) ← patience, query (every other spelling)
    answer     answers, statuses (bytes) · envelope (the same as types) · replies (read back)

Source: the technical guide DITAS_MAXAService 1.3, as the contract settles it.
"""

from maksa.wire.charsets import decoded
from maksa.wire.ditas.answers import (
    BODY_HEAD,
    BODY_TAIL,
    FALSE,
    NOTHING,
    TRUE,
    coded_text_writer,
    coded_texts_answer,
    ids_answer,
    truth_answer,
    value_answer,
    versions_answer,
)
from maksa.wire.ditas.bodies import ChangedSince, DefinedSince, Lookup, VersionList, VersionLookup, WholeVersion
from maksa.wire.ditas.functions import (
    BASES,
    CTS_TERMINOLOGIES,
    FUNCTIONS,
    SEARCH_TERMINOLOGY,
    TERMINOLOGIES_TERM_BY_VERSION,
    TERMINOLOGY,
    TERMINOLOGY_VALUE_BY_VERSION,
    TERMINOLOGY_VERSIONS,
    VALIDATE_CTS,
    Function,
)
from maksa.wire.ditas.replies import (
    Reply,
    coded_texts_of,
    ids_of,
    read_reply,
    truth_of,
    value_of,
    version_rows_of,
)
from maksa.wire.ditas.statuses import FLAT_401, JSON_TYPE, MESSAGES, refusal

__all__ = [
    "BASES",
    "BODY_HEAD",
    "BODY_TAIL",
    "CTS_TERMINOLOGIES",
    "FALSE",
    "FLAT_401",
    "FUNCTIONS",
    "JSON_TYPE",
    "MESSAGES",
    "NOTHING",
    "SEARCH_TERMINOLOGY",
    "TERMINOLOGIES_TERM_BY_VERSION",
    "TERMINOLOGY",
    "TERMINOLOGY_VALUE_BY_VERSION",
    "TERMINOLOGY_VERSIONS",
    "TRUE",
    "VALIDATE_CTS",
    "ChangedSince",
    "DefinedSince",
    "Function",
    "Lookup",
    "Reply",
    "VersionList",
    "VersionLookup",
    "WholeVersion",
    "coded_text_writer",
    "coded_texts_answer",
    "coded_texts_of",
    "decoded",
    "ids_answer",
    "ids_of",
    "read_reply",
    "refusal",
    "truth_answer",
    "truth_of",
    "value_answer",
    "value_of",
    "version_rows_of",
    "versions_answer",
]
