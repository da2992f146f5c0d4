"""What both sites of pages share, the portal and the desk: layout, wording, styles, and the headers that keep a page safe.

Rules of this room:
- a page is whole without a script; a script makes it quicker, never possible;
- nothing a page needs comes from another site, and nothing in it needs `unsafe-*` of its Content-Security-Policy;
- every word that people read stands in `wording/`, once for each language; templates and handlers name it;
- whatever comes from a list or from a caller is text: templates escape it, wherever it stands.
"""
