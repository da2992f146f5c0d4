"""A service with real lists, for whoever wants to see one answer before having lists of their own.

Rules of this room:
- it ships only what its issuers let anybody ship: the guide's own samples, countries from Unicode's CLDR, units from UCUM;
- it goes the way of every list: a draft in the catalog, published to the shelf, served as ever.
"""
