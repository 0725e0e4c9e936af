from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.http.addresses import Address, embedded_ipv4, is_allowed, is_public

v4 = st.ip_addresses(v=4)
v6 = st.ip_addresses(v=6)
any_address = v4 | v6
ports = st.integers(1, 65535)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",  # noqa: S104 - refused as a target
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_special_address_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:829::200e",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::1",
    ],
)
def test_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(any_address)
def test_nothing_is_public_that_python_calls_special(address: Address) -> None:
    special = (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_private
    )
    assert not (special and is_public(address)) or embedded_ipv4(address) is not None


@given(v4)
def test_mapped_6to4_and_nat64_forms_are_judged_as_the_ipv4_address(inner: IPv4Address) -> None:
    number = int(inner)
    forms = (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x64FF9B << 96) | number),
    )
    for form in forms:
        assert embedded_ipv4(form) == inner
        assert is_public(form) == is_public(inner)


@given(any_address, ports)
def test_without_exceptions_only_public_addresses_are_allowed(address: Address, port: int) -> None:
    assert is_allowed(address, port, ()) == is_public(address)


@given(any_address, ports)
def test_excepted_address_is_allowed_at_any_port(address: Address, port: int) -> None:
    assert is_allowed(address, port, [(ip_network(int_form(address)), None)])


@given(any_address, ports, ports)
def test_excepted_port_allows_no_other_port(address: Address, port: int, other: int) -> None:
    allowed = [(ip_network(int_form(address)), port)]
    assert is_allowed(address, other, allowed) == (is_public(address) or port == other)


def int_form(address: Address) -> str:
    """An address without its scope, which networks do not have."""
    return str(type(address)(int(address)))


def test_excepted_ipv4_network_holds_for_its_mapped_form_too() -> None:
    allowed = [(ip_network("10.1.0.0/16"), None)]
    assert is_allowed(ip_address("::ffff:10.1.2.3"), 80, allowed)
    assert not is_allowed(ip_address("::ffff:10.2.2.3"), 80, allowed)
