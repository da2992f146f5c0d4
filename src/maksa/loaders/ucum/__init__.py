"""UCUM: the Unified Code for Units of Measure, from its issuer's essence in XML, as a stream of concepts.

    with UcumSource(path, terminology_id="UCUM") as source:
        for concept in source.concepts(): ...

README.md tells of the issuer and what becomes of each element.
"""

from maksa.loaders.ucum.source import FORM, UcumSource, recognises

__all__ = ["FORM", "UcumSource", "recognises"]
