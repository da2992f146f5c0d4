"""Who calls, and may he: accounts, tokens, logins, addresses, rates. No HTTP in here, and no terminology.

Rules of this room:
- a secret is shown once, to the operator who made it; what is stored is its argon2id or, of a token, its SHA-256;
- a stranger learns nothing about which accounts exist: not from texts, not from times, not from counts of failures;
- the hot path asks memory (`sessions`, `rates`, `origin`); the store is asked when a token is first seen;
- every change of an account gets a number from one sequence, by which workers learn what to forget;
- the clock is passed in, and gives seconds since 1970 (`time.time`).

Source: contract, sections 1 and 3; guide, appendix 2.
"""
