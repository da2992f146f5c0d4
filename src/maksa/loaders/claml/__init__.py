"""ClaML: the form in which WHO publishes ICD-10, as a stream of concepts with their hierarchy.

    with ClamlSource(path, terminology_id="ICD10") as source:
        for concept in source.concepts(): ...

README.md tells of the issuers and what becomes of each element.
"""

from maksa.loaders.claml.source import FORM, ClamlSource, recognises

__all__ = ["FORM", "ClamlSource", "recognises"]
