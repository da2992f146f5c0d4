"""Where a request comes from, and whether it came over HTTPS. Pure: what the connection and its headers say goes in.

Rules of this file:
- forwarded headers count only from a trusted proxy; anyone else's are as if they were not there;
- the caller is the rightmost address of X-Forwarded-For that is no trusted proxy: what stands left of it, he wrote himself;
- a chain that cannot be read names nobody: the caller is then the proxy that sent it;
- an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is that IPv4 address, in networks too;
- what is remembered for each caller is bounded, in number and in the length of its headers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from msgspec import Struct

from maksa.settings import Settings

Address = IPv4Address | IPv6Address

NOWHERE = IPv4Address("0.0.0.0")  # noqa: S104  not an address to listen on: the peer of a connection that is gone
_REMEMBERED = 4096  # callers
_HEADER = 256  # characters; the judgement of a longer header is not remembered
_HOPS = 32  # more proxies than that are no chain but an attack
_IPV4 = 1 << 128  # the bit above IPv6's that tells the two apart


class Origin(Struct, frozen=True, gc=False):
    """What is known of a caller before his token is read.

    `text` is his address as people write it, `number` as `Networks` asks for it. `is_refused`: the address is blocked, or
    not among the allowed (403). `is_insecure`: he came by plain HTTP and may not (410).
    """

    address: Address
    text: str
    number: int
    is_secure: bool
    is_refused: bool
    is_insecure: bool


class Networks:
    """The networks that CIDR *texts* name, as masks over numbers: one comparison for each. Falsy if there are none.

    An address alone is a network of one. Raises: ValueError.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._masks = tuple(_mask_of(ip_network(text.strip())) for text in texts)

    def __bool__(self) -> bool:
        return bool(self._masks)

    def __contains__(self, number: int) -> bool:
        for mask, value in self._masks:  # noqa: SIM110  a generator would cost more than the comparisons
            if number & mask == value:
                return True
        return False


def number_of(address: Address) -> int:
    """The address as `Networks` asks for it: its bits, and one above them for IPv4."""
    return int(address) | _IPV4 if address.version == 4 else int(address)


class Origins:
    """The judge of origins for one set of settings. Its answers for a caller seen before are a dict's hit.

    Source: contract, section 3 (403 and 410), and the order of checks.
    """

    def __init__(self, settings: Settings) -> None:
        self._trusted = Networks(settings.trusted_proxies)
        self._blocked = Networks(settings.blocked_addresses)
        self._allowed = Networks(settings.allowed_addresses)
        self._allow_http = settings.allow_http
        self._direct = lru_cache(_REMEMBERED)(self._judge_direct)
        self._proxied = lru_cache(_REMEMBERED)(self._judge_proxied)

    def of(self, peer: str, scheme: str, forwarded_for: str = "", forwarded_proto: str = "") -> Origin:
        """The origin of a request.

        Args:
            peer: the address at the other end of the connection; a text that is none (the peer has gone) is 0.0.0.0.
            scheme: of the connection itself, "http" or "https".
            forwarded_for: X-Forwarded-For; several headers of the name joined by commas, in their order.
            forwarded_proto: X-Forwarded-Proto, likewise. Without it the connection's own scheme counts.
        """
        if not self._trusted or not (forwarded_for or forwarded_proto):
            return self._direct(peer, scheme)
        if len(forwarded_for) + len(forwarded_proto) > _HEADER:
            return self._judge_proxied(peer, scheme, forwarded_for, forwarded_proto)
        return self._proxied(peer, scheme, forwarded_for, forwarded_proto)

    def unnamed_proxy(self, peer: str) -> bool:
        """Whether *peer*, who forwards for others, is no trusted proxy and may well be meant as one: he is of this network."""
        address = address_of(peer)
        return address is not None and address.is_private and number_of(address) not in self._trusted

    def _judge_direct(self, peer: str, scheme: str) -> Origin:
        return self._judged(address_of(peer) or NOWHERE, is_secure=scheme == "https", said_plain=False)

    def _judge_proxied(self, peer: str, scheme: str, forwarded_for: str, forwarded_proto: str) -> Origin:
        proxy = address_of(peer)
        if proxy is None or number_of(proxy) not in self._trusted:
            return self._judge_direct(peer, scheme)
        schemes = [part.strip().lower() for part in forwarded_proto.split(",") if part.strip()]
        said_plain = any(part != "https" for part in schemes)  # one plain hop is enough to be overheard
        is_secure = not said_plain if schemes else scheme == "https"
        return self._judged(self._caller(forwarded_for) or proxy, is_secure=is_secure, said_plain=said_plain)

    def _judged(self, address: Address, *, is_secure: bool, said_plain: bool) -> Origin:
        may_be_plain = self._allow_http or (address.is_loopback and not said_plain)
        number = number_of(address)
        return Origin(
            address=address,
            text=str(address),
            number=number,
            is_secure=is_secure,
            is_refused=number in self._blocked or (bool(self._allowed) and number not in self._allowed),
            is_insecure=not is_secure and not may_be_plain,
        )

    def _caller(self, forwarded_for: str) -> Address | None:
        """None where the chain cannot be read as far as it matters, or is empty."""
        address = None
        for text in _from_the_right(forwarded_for):
            address = address_of(text)
            if address is None or number_of(address) not in self._trusted:
                return address
        return address


def address_of(text: str) -> Address | None:
    """The address in *text*, which may have a port: `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]:80`. None if there is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address


def _from_the_right(chain: str) -> Iterator[str]:
    yield from reversed(chain.rsplit(",", _HOPS)[-_HOPS:] if chain.strip() else [])


def _mask_of(network: IPv4Network | IPv6Network) -> tuple[int, int]:
    first, host_bits = network.network_address, network.max_prefixlen - network.prefixlen
    if network.version == 6 and network.prefixlen >= 96:
        first = network.network_address.ipv4_mapped or first
    return (_IPV4 << 1) - (1 << host_bits), number_of(first)
