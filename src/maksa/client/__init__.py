"""The library for those who call a terminology service: maksa, or any gateway that speaks the guide.

    from maksa.client import Account, Found, Maksa

    with Maksa("https://gateway.example", Account.of_environment()) as maksa:
        match maksa.display_of("thritaEHR.Religion", "1"):
            case Found(display):
                print(display)

Rules of this room:
- each function is described once, as a plan of steps (`steps`, `functions`); what does the steps is small (`sync`, `asynchronous`);
- nothing found is a value; a refusal is an error of `model.errors` that says whose fault it is and carries the requestId;
- no secret is in a repr, an error or a log line;
- nothing of the server is imported: httpx2, msgspec and the rooms `model` and `wire`.
"""

from __future__ import annotations

from maksa.client.account import Account as Account
from maksa.client.account import Patience as Patience
from maksa.client.asynchronous import AsyncConcepts as AsyncConcepts
from maksa.client.maksa import AsyncMaksa as AsyncMaksa
from maksa.client.maksa import Maksa as Maksa
from maksa.client.questions import When as When
from maksa.client.sync import Concepts as Concepts
from maksa.client.tokens import AsyncTokenStore as AsyncTokenStore
from maksa.client.tokens import KeptTokens as KeptTokens
from maksa.client.tokens import TokenStore as TokenStore
from maksa.model.answers import Found as Found
from maksa.model.answers import NothingFound as NothingFound
from maksa.model.answers import UnknownTerminology as UnknownTerminology
from maksa.model.concept import CodedText as CodedText
from maksa.model.errors import AccessError as AccessError
from maksa.model.errors import AccessRefusedError as AccessRefusedError
from maksa.model.errors import BadClientError as BadClientError
from maksa.model.errors import BadGrantError as BadGrantError
from maksa.model.errors import MaksaError as MaksaError
from maksa.model.errors import RefusedError as RefusedError
from maksa.model.errors import RemoteError as RemoteError
from maksa.model.errors import RequestError as RequestError
from maksa.model.errors import RequestRefusedError as RequestRefusedError
from maksa.model.errors import ServiceFaultError as ServiceFaultError
from maksa.model.errors import TimedOutError as TimedOutError
from maksa.model.errors import TooFastError as TooFastError
from maksa.model.errors import TransportError as TransportError
from maksa.model.errors import UnreadableAnswerError as UnreadableAnswerError
from maksa.wire.ditas.envelope import VersionRow as VersionRow
