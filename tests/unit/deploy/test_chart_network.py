"""Network policies: who may speak to whom. The cluster at hand may not enforce them; this looks."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from services.runtime.http.addresses import is_public
from tests.support.chart.rendering import Manifest, render, render_case

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450::1")
PRIVATE = (
    *("10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),  # noqa: S104
    *("::1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "2002:a00:1::1", "::ffff:10.0.0.1"),
)
ROLES = ("poller", "extractor", "storing", "delivering")


def _policies(manifests: list[Manifest]) -> dict[str, dict[str, Any]]:
    """Return the policies by the component that they select; `all` selects every pod."""
    return {
        m["spec"]["podSelector"]["matchLabels"].get("app.kubernetes.io/component", "all"): m["spec"]
        for m in manifests
        if m["kind"] == "NetworkPolicy"
    }


def _lets_out(policy: dict[str, Any], address: str, port: int) -> bool:
    """Tell whether a policy lets its pods connect to an address outside the cluster."""
    for rule in policy["egress"]:
        ports = {each["port"] for each in rule.get("ports", ()) if each["protocol"] == "TCP"}
        if ports and port not in ports:
            continue
        if "to" not in rule:
            return True
        if any(_holds(peer["ipBlock"], address) for peer in rule["to"] if "ipBlock" in peer):
            return True
    return False


def _holds(block: dict[str, Any], address: str) -> bool:
    found = ip_address(address)
    networks = [ip_network(each) for each in block.get("except", ())]
    return found in ip_network(block["cidr"]) and not any(found in each for each in networks)


@pytest.fixture
def policies(helm: str) -> dict[str, dict[str, Any]]:
    return _policies(render_case(helm, "defaults").manifests)


def test_everything_is_denied_to_begin_with(policies: dict[str, dict[str, Any]]) -> None:
    assert policies["all"]["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & policies["all"].keys()


@pytest.mark.parametrize("role", ["poller", "delivering"])
@pytest.mark.parametrize("port", [80, 443])
def test_feeds_and_webhooks_reach_the_internet_and_nothing_else(
    policies: dict[str, dict[str, Any]], role: str, port: int
) -> None:
    for address in PUBLIC:
        assert is_public(ip_address(address))
        assert _lets_out(policies[role], address, port)
    for address in PRIVATE:
        assert not is_public(ip_address(address))
        assert not _lets_out(policies[role], address, port)


@pytest.mark.parametrize("role", ["extractor", "storing", "replay", "migration", "test"])
def test_other_pods_reach_no_web(policies: dict[str, dict[str, Any]], role: str) -> None:
    assert not any(_lets_out(policies[role], address, 443) for address in PUBLIC)


def test_exceptions_are_those_of_the_program_itself(policies: dict[str, dict[str, Any]]) -> None:
    web = [
        rule for rule in policies["poller"]["egress"] if rule.get("ports", [{}])[0]["port"] == 80
    ]

    for block in (peer["ipBlock"] for rule in web for peer in rule["to"]):
        for network in map(ip_network, block["except"]):
            assert network[0] in ip_network(block["cidr"])  # else the API refuses the policy
            assert not is_public(network[0]) or str(network) == "2002::/16"


@pytest.mark.parametrize("role", [*ROLES, "replay", "migration"])
def test_every_role_reaches_kafka_and_names(policies: dict[str, dict[str, Any]], role: str) -> None:
    names = policies[role]["egress"][0]

    assert _lets_out(policies[role], "10.0.0.5", 9092)
    assert {(each["port"], each["protocol"]) for each in names["ports"]} == {
        (53, "UDP"),
        (53, "TCP"),
    }


def test_the_extractor_alone_reaches_no_database(policies: dict[str, dict[str, Any]]) -> None:
    reached = {role for role in (*ROLES, "replay") if _lets_out(policies[role], "10.0.0.5", 5432)}

    assert reached == {"poller", "storing", "delivering", "replay"}


def test_only_monitoring_and_helm_test_get_in_and_only_for_health(
    policies: dict[str, dict[str, Any]],
) -> None:
    for role in ROLES:
        [rule] = policies[role]["ingress"]
        test, monitoring = rule["from"]
        assert [port["port"] for port in rule["ports"]] == ["health"]
        assert test["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "test"
        assert monitoring["namespaceSelector"]["matchLabels"] == {
            "kubernetes.io/metadata.name": "monitoring"
        }
    assert "ingress" not in policies["replay"]


def test_allowed_private_addresses_are_let_through_at_their_port(helm: str) -> None:
    delivering = _policies(render_case(helm, "everything-else").manifests)["delivering"]

    assert _lets_out(delivering, "10.1.77.1", 4000)
    assert _lets_out(delivering, "10.2.3.4", 8080)
    assert _lets_out(delivering, "fd00::1", 443)
    assert not _lets_out(delivering, "10.2.3.4", 443)
    assert not _lets_out(delivering, "fd00::2", 443)


def test_servers_in_known_places_are_reached_there_alone(helm: str) -> None:
    policies = _policies(render_case(helm, "everything-else").manifests)

    assert _lets_out(policies["extractor"], "10.0.0.77", 9092)
    assert not _lets_out(policies["extractor"], "10.9.0.77", 9092)
    assert not _lets_out(policies["storing"], "10.9.0.77", 5432)
    assert _lets_out(policies["delivering"], "198.51.100.7", 465)
    assert not _lets_out(policies["poller"], "198.51.100.7", 465)


def test_ports_of_several_brokers_are_all_open(helm: str) -> None:
    extractor = _policies(render_case(helm, "mutual-tls").manifests)["extractor"]

    assert _lets_out(extractor, "10.0.0.5", 9093)
    assert _lets_out(extractor, "10.0.0.5", 9094)


def test_mail_server_is_reached_only_where_there_is_one(
    helm: str, policies: dict[str, dict[str, Any]]
) -> None:
    assert not _lets_out(policies["delivering"], "10.0.0.5", 587)


def test_policies_can_be_left_out(helm: str) -> None:
    assert _policies(render_case(helm, "open-network").manifests) == {}


def test_migration_has_its_policy_before_it_starts(helm: str) -> None:
    [policy] = [
        m
        for m in render_case(helm, "defaults").manifests
        if m["kind"] == "NetworkPolicy" and m["metadata"]["name"].endswith("-migration")
    ]

    assert policy["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert int(policy["metadata"]["annotations"]["helm.sh/hook-weight"]) < 0


def test_unknown_peer_is_refused(helm: str) -> None:
    refused = render(helm, "--set", "networkPolicy.kafka.to[0].cidr=10.0.0.0/8").error

    assert "additional properties 'cidr' not allowed" in refused
