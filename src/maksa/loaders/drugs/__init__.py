"""Drugs: the Food and Drug Organization's workbooks of IRC, eRX and generic codes, as concepts and as the maps between them.

    with DrugSource(path, terminology_id="IRC") as source:
        for concept in source.concepts(): ...
        for entry in source.entries("IRC-eRX"): ...

README.md tells of the issuer and of the columns.
"""

from maksa.loaders.drugs.source import FORM, DrugSource, recognises

__all__ = ["FORM", "DrugSource", "recognises"]
