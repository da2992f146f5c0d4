"""Where a request comes from: trusted proxies, odd spellings of addresses, plain HTTP, blocked and allowed networks.

What this file owes: no header of a stranger changes anything; each rule of the contract's 403 and 410 has its sentence.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.settings import Settings
from maksa.web.gateway.origin import NOWHERE, Networks, Origins, address_of, number_of

PROXY, CALLER = "10.0.0.1", "198.51.100.7"


def origins(**settings: object) -> Origins:
    return Origins(Settings(**settings))  # type: ignore[arg-type]


@pytest.fixture
def behind_proxy() -> Origins:
    return origins(trusted_proxies=("10.0.0.0/8", "2001:db8::/64"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        (" 198.51.100.7 ", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("[::ffff:198.51.100.7]:443", "198.51.100.7"),
    ],
)
def test_an_address_is_read_as_proxies_write_it(text, address):
    """With a port, in brackets, or as IPv4 inside IPv6."""
    assert address_of(text) == ip_address(address)


@pytest.mark.parametrize("text", ["", "unknown", "_hidden", "198.51.100", "198.51.100.256", "[2001:db8::7", "۱.۲.۳.۴"])
def test_what_is_no_address_is_none(text):
    """RFC 7239's words for a hidden caller, and slips; an unclosed bracket still holds an address."""
    assert address_of(text) == (ip_address("2001:db8::7") if text.startswith("[") else None)


def test_a_strangers_forwarded_headers_are_not_there(behind_proxy):
    """Neither where no proxy is named, nor from a peer that is not one of them."""
    plain = behind_proxy.of(CALLER, "http")

    assert behind_proxy.of(CALLER, "http", "127.0.0.1", "https") == plain
    assert origins().of(CALLER, "http", "127.0.0.1", "https") == plain
    assert (str(plain.address), plain.is_secure, plain.is_insecure) == (CALLER, False, True)


@pytest.mark.parametrize(
    ("chain", "caller"),
    [
        (CALLER, CALLER),
        (f"127.0.0.1, {CALLER}", CALLER),  # the caller's own invention stands to the left
        (f"unknown, {CALLER}:5555, 10.2.3.4", CALLER),  # through two of our proxies
        ("2001:db8:1::5, 2001:db8::2", "2001:db8:1::5"),
        ("10.9.9.9, 10.2.3.4", "10.9.9.9"),  # a caller inside the trusted network
        (f"{CALLER}, unknown", PROXY),  # cannot be read where it matters
        (f"{CALLER},", PROXY),
    ],
)
def test_the_caller_is_the_rightmost_address_that_is_no_trusted_proxy(behind_proxy, chain, caller):
    """Each trusted proxy wrote the address to its left; what it does not vouch for is not believed."""
    assert behind_proxy.of(PROXY, "http", chain, "https").address == ip_address(caller)


def test_a_long_chain_is_judged_the_same_and_not_remembered(behind_proxy):
    """64 KB of header cost no memory: 5,000 such callers leave nothing behind."""
    filler = "192.0.2.1, " * 6000

    assert behind_proxy.of(PROXY, "http", filler + CALLER, "https").address == ip_address(CALLER)
    assert behind_proxy._proxied.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("proto", "is_secure"), [("https", True), ("HTTPS", True), ("http", False), ("https, http", False), ("", False)]
)
def test_a_trusted_proxy_says_whether_the_caller_came_by_https(behind_proxy, proto, is_secure):
    """One plain hop makes it plain; a proxy that says nothing leaves the connection's own scheme, here http."""
    origin = behind_proxy.of(PROXY, "http", CALLER, proto)

    assert (origin.is_secure, origin.is_insecure) == (is_secure, not is_secure)


def test_plain_http_is_for_loopback_unless_it_is_allowed():
    """410 for all others. [contract §3]"""
    assert [origins().of(peer, "http").is_insecure for peer in ("127.0.0.1", "127.8.8.8", "::1", CALLER)] == [
        False,
        False,
        False,
        True,
    ]
    assert not origins(allow_http=True).of(CALLER, "http").is_insecure
    assert not origins().of(CALLER, "https").is_insecure


def test_a_proxy_on_this_machine_does_not_make_its_callers_local():
    """nginx on loopback, named as trusted: its callers are judged by their own address and scheme."""
    local = origins(trusted_proxies=("127.0.0.1",))

    assert local.of("127.0.0.1", "http", CALLER, "http").is_insecure
    assert local.of("127.0.0.1", "http", "127.0.0.1", "http").is_insecure
    assert not local.of("127.0.0.1", "http", CALLER, "https").is_insecure
    assert not local.of("127.0.0.1", "http").is_insecure  # its own health check


def test_a_blocked_address_is_refused_and_an_allowed_list_refuses_the_rest():
    """403 before any token is read; blocked wins over allowed. [contract §3]"""
    judge = origins(allowed_addresses=("10.0.0.0/8", "::ffff:192.0.2.0/120"), blocked_addresses=("10.66.0.0/16",))

    refused = [
        judge.of(peer, "https").is_refused for peer in ("10.1.1.1", "10.66.0.1", "192.0.2.9", "192.0.3.9", "::1")
    ]
    assert refused == [False, True, False, True, True]


def test_the_peer_of_a_connection_that_is_gone_has_no_privilege():
    """No address is not loopback."""
    origin = origins().of("", "http")

    assert (origin.address, origin.is_insecure) == (NOWHERE, True)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/33", "hospital", ""])
def test_a_network_that_is_none_is_a_value_error(text):
    """Host bits, a mask too long, a name, nothing."""
    with pytest.raises(ValueError, match=r"host bits|does not appear to be"):
        Networks([text])


@given(address=st.ip_addresses(), bits=st.integers(0, 32))
def test_a_network_has_the_addresses_that_ipaddress_says_it_has(address, bits):
    """The masks agree with the standard library's slower answer."""
    network = ip_network(f"{address}/{bits}", strict=False)
    others = [address, network.network_address, network.broadcast_address, ip_address("192.0.2.1"), ip_address("::1")]

    assert [number_of(other) in Networks([str(network)]) for other in others] == [other in network for other in others]


def test_no_networks_are_falsy_and_have_nobody():
    """An account that names no addresses is told apart from one that names some."""
    assert not Networks([])
    assert number_of(ip_address(CALLER)) not in Networks([])


def test_an_ipv4_network_has_the_same_addresses_inside_ipv6():
    """`::ffff:10.0.0.0/104` and `10.0.0.0/8` are one network."""
    mapped, plain = Networks(["::ffff:10.0.0.0/104"]), Networks(["10.0.0.0/8"])

    assert [number_of(ip_address(PROXY)) in both for both in (mapped, plain)] == [True, True]
    assert number_of(ip_address("::10.0.0.1")) not in plain


@given(chain=st.text(max_size=300), proto=st.text(max_size=50), peer=st.ip_addresses().map(str))
def test_any_header_leads_to_an_origin(behind_proxy_for_ever, chain, proto, peer):
    """Nothing that a caller writes raises; and a stranger's writing changes nothing."""
    origin = behind_proxy_for_ever.of(peer, "http", chain, proto)

    if origin.number not in Networks(["10.0.0.0/8"]) and address_of(peer) == origin.address:
        assert origin == behind_proxy_for_ever.of(peer, "http")


@pytest.fixture(scope="module")
def behind_proxy_for_ever() -> Origins:
    return origins(trusted_proxies=("10.0.0.0/8",))
