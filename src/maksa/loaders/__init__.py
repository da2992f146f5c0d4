"""Files of the outside world turned into concepts: one folder for each kind of source, with a README about its issuers.

Rules of this room:
- a loader streams `model.concept.Concept` and ends in a `model.finding.LoadReport`; it stores nothing and publishes nothing;
- a file that is not what it says raises a `SourceError`; a row at fault becomes a finding, and the next row is read;
- nothing is dropped or mended silently: what was changed, left out or guessed has a finding or a count in the report.
"""
