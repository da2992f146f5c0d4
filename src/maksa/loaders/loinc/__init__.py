"""LOINC: a release, as a zip, a folder, or its table alone, as concepts with their parts, hierarchy and languages.

    with LoincSource(path, terminology_id="LNC") as source:
        for concept in source.concepts(): ...

README.md tells of the issuer, and of what becomes of each file and column.
"""

from maksa.loaders.loinc.source import FORM, LoincSource, recognises

__all__ = ["FORM", "LoincSource", "recognises"]
