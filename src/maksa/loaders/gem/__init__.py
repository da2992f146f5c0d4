"""GEM: the General Equivalence Mappings between ICD-9 and ICD-10, as a map.

    with GemSource(path) as source:
        for each in source.maps():
            for entry in source.entries(each.map_id): ...

README.md tells of the issuer and of the flags.
"""

from maksa.loaders.gem.source import FORM, GemSource, recognises

__all__ = ["FORM", "GemSource", "recognises"]
