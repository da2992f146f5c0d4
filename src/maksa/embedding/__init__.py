"""Published terminologies inside any Python program: `from maksa import Shelf`.

    with Shelf.open("/var/lib/maksa") as shelf:
        match shelf.lookup("eRX", "60002"):
            case Found(concept):
                print(concept.display)

docs/embedding.md is the manual of this room, and what it shows is run by the tests. Rules of this room:
- what is public here (`__all__`) is stable: ADR 13 says what that means;
- nothing is ever written: files are opened read-only, immutable, and by no lock;
- absence is an answer (`maksa.model.answers`); an exception is a broken promise (`maksa.model.errors`);
- it needs no more than `pip install maksa`; frames and workbooks name the extra that they need.
"""

from maksa.embedding.holding import Map, Terminology
from maksa.embedding.shelf import Changed, Shelf
from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.errors import MaksaError

__all__ = [
    "Changed",
    "Found",
    "MaksaError",
    "Map",
    "Shelf",
    "Terminology",
    "UnknownCode",
    "UnknownTerminology",
    "UnknownVersion",
]
