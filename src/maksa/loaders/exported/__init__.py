"""What `maksa export` wrote, as a stream of concepts: the same ones, with designations, properties and parents.

    with ExportedSource(path, terminology_id="eRX") as source:
        for concept in source.concepts(): ...

README.md tells the forms and columns.
"""

from maksa.loaders.exported.source import FORM, ExportedSource, recognises

__all__ = ["FORM", "ExportedSource", "recognises"]
