"""The ministry's gateway (DITAS, before MAKSA), simulated: a real server on loopback that speaks the guide and nothing else.

    with Gateway() as ministry:
        ministry.lists.publish("eRX", "10000", {"60281": "MOMETASONE …"}, at="1400/05/06")
        ministry.plan("TerminologiesTermByVersion", Cut("concept"), Refuse(429, retry_after="1"))
        …
        assert ministry.count("TerminologiesTermByVersion") == 3

Rules of this folder:
- it is written from the guide, with nothing of maksa in it: a bug that our client and server share cannot hide here;
- it reads strictly (the guide's names, headers and methods), so that what a lenient server forgives is seen;
- it misbehaves only as it is told: `Dialect` is how it always speaks, a `Mishap` is what befalls one answer;
- every request is kept in `requests`, to assert on.
Source: the technical guide DITAS_MAXAService 1.3; where it contradicts itself, the contract.
"""

from tests.simulator.dialect import Dialect
from tests.simulator.gateway import ACCOUNT, Gateway
from tests.simulator.lists import Edition, Lists, guide_lists
from tests.simulator.mishaps import Altered, Cut, Drip, Mishap, Refuse, Stall
from tests.simulator.reading import Request

__all__ = [
    "ACCOUNT",
    "Altered",
    "Cut",
    "Dialect",
    "Drip",
    "Edition",
    "Gateway",
    "Lists",
    "Mishap",
    "Refuse",
    "Request",
    "Stall",
    "guide_lists",
]
