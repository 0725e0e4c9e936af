"""Which addresses belong to the public Internet, and which others are allowed all the same."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Allowed = Sequence[tuple[Network, int | None]]
"""Networks that may be reached although they are not public, each at one port or (None) at any."""

NOT_PUBLIC: Final = tuple(
    ip_network(text)
    for text in (
        # IANA IPv4 special-purpose address registry, and class D and E
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IANA IPv6 special-purpose address registry, and deprecated or unassigned blocks
        *("::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
"""https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
Written down rather than left to `ipaddress.is_global`, which changes with Python's version."""

NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}")
"""Underscores are not in RFC 1123, but in use."""
GLOBAL_UNICAST_V6: Final = IPv6Network("2000::/3")
"""All that IANA has given out for the public Internet."""
NAT64: Final = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address."""


def embedded_ipv4(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to an IPv6 address end up at, if there is one.

    IPv4-mapped (::ffff:0:0/96), 6to4 (2002::/16) and NAT64 (64:ff9b::/96) addresses have one.
    """
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_host(text: str) -> bool:
    """Tell whether text can be a host: an IP address, or a name in its ASCII form."""
    if ":" not in text:
        return NAME.fullmatch(text) is not None
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public Internet."""
    inner = embedded_ipv4(address)
    if inner is not None:
        return is_public(inner)
    if any(address in network for network in NOT_PUBLIC if network.version == address.version):
        return False
    return isinstance(address, IPv4Address) or address in GLOBAL_UNICAST_V6


def is_allowed(address: Address, port: int, allowed: Allowed) -> bool:
    """Tell whether a connection may be opened.

    Args:
        address: where to.
        port: at which TCP or UDP port.
        allowed: exceptions from "public addresses only".
    """
    if is_public(address):
        return True
    forms = (address, embedded_ipv4(address))
    return any(
        form is not None and form.version == network.version and form in network
        for network, allowed_port in allowed
        if allowed_port is None or allowed_port == port
        for form in forms
    )
