"""FHIR: CodeSystem, ValueSet and ConceptMap in JSON, alone, in a Bundle or in an NPM package, as concepts and maps.

    with FhirSource(path, terminology_id="colours") as source:
        for concept in source.concepts(): ...
        for each in source.maps():
            for entry in source.entries(each.map_id): ...

README.md tells what becomes of each element.
"""

from maksa.loaders.fhir.source import FORM, FhirSource, recognises

__all__ = ["FORM", "FhirSource", "recognises"]
