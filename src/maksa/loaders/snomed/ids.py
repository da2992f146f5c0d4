"""SNOMED CT's own concepts that a loader must know by their identifiers.

Source: SNOMED CT Release File Specifications, «Core Metadata» and «Reference Set Types»; the national language reference
sets are named in their editions' release notes.
"""

from __future__ import annotations

IS_A = "116680003"
FULLY_SPECIFIED = "900000000000003001"
DEFINITION = "900000000000550004"  # of a text definition
PREFERRED = "900000000000548007"
FULLY_DEFINED = "900000000000073002"
STATED = (
    "900000000000010007"  # a relationship as its author wrote it; what follows from all of them is the inferred one
)

LANGUAGE_TAGS = {
    "900000000000509007": "en-US",
    "900000000000508004": "en-GB",
    "32570271000036106": "en-AU",
    "19491000087109": "en-CA",
    "21000220103": "en-IE",
    "271000210107": "en-NZ",
    "20581000087109": "fr-CA",
    "21000172104": "fr-BE",
    "31000172101": "nl-BE",
    "31000146106": "nl-NL",
    "450828004": "es-419",
    "46011000052107": "sv-SE",
    "554461000005103": "da-DK",
    "61000202103": "nb-NO",
    "91000202106": "nn-NO",
}
"""BCP 47 tags of language reference sets; a set that is not here speaks the language code of its descriptions."""

MAP_TARGETS = {
    "447562003": "ICD10",  # extended map to ICD-10
    "6011000124106": "ICD10CM",  # the United States' extended map
    "446608001": "ICDO",
    "900000000000497000": "CTV3",
    "900000000000498005": "SNOMEDRT",
    "705112009": "LNC",  # LOINC parts
}
"""The terminologies that well-known map reference sets lead to; another's target is named by the set's own identifier."""

CORRELATIONS = {
    "447557004": "equivalent",
    "447558009": "source-is-narrower-than-target",
    "447559001": "source-is-broader-than-target",
    "447560006": "related-to",  # partial overlap
    "447561005": "related-to",  # not specified
}
"""FHIR's relationship of a map's correlation; a row without one, as in a simple map, is taken as equivalent."""
