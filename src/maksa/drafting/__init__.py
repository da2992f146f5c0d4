"""A file of the outside on its way to a draft, and a draft on its way to review: what a terminal and the desk both do.

Rules of this room:
- it joins loaders, catalog and shelf, and says nothing to anybody: whoever calls it has the words;
- a draft is made whole or not at all.
"""
