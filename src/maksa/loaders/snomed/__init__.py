"""SNOMED CT: a release in Release Format 2, Snapshot or Full, as a zip or a folder, as concepts and maps.

    with SnomedSource(path, terminology_id="SNOMEDCT") as source:
        for concept in source.concepts(): ...
        for each in source.maps():
            for entry in source.entries(each.map_id): ...

README.md tells of the issuer, and of what becomes of each file.
"""

from maksa.loaders.snomed.source import FORM, SnomedSource, recognises

__all__ = ["FORM", "SnomedSource", "recognises"]
