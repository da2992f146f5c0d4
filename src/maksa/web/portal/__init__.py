"""The portal: pages for people who look, over the verbs of `service`; public, and nothing in it changes anything.

Rules of this room:
- one file for each page, and one line of `routes` that names it: what it shows, `service` gives;
- a page has one address in each language, and answers JSON there to whoever prefers it;
- an address says exactly one terminology, version or code, whatever characters are in it (`addresses`);
- nothing here is imported where the setting `portal` is off.
"""
