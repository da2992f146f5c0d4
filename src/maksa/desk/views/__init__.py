"""The desk's pages: a form read, a verb called, a page shown.

Rules of this folder:
- who may see a page stands in one table (`routes`), beside its address; a page judges nothing itself;
- a handler is a plain function, called in a thread: the stores it asks may wait;
- nothing is kept by a browser or a proxy (`no-store`), and what is shown once is shown in the answer to a form, never at an address;
- every form that changes something carries a token of the session that was shown it.
"""
