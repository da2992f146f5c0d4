"""The web: ASGI. The gateway judges who calls, `ditas` answers the guide's functions, thin handlers over `service`.

Rules of this room:
- the seven functions run with nothing between: no framework, no thread, one statement (docs/performance.md);
- the order of checks is the contract's (section 3), and every answer has its requestId and its line in the journal;
- nothing here edits a terminology.
"""
