"""What holds for every pod and every name that the chart makes, whatever the values."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from services.alerting.service import DRAIN_SECONDS as ALERTING_SECONDS
from services.poller.service import DRAIN_SECONDS as POLLER_SECONDS
from services.runtime.kafka.consumer import GRACEFUL_SECONDS, REBALANCE_SECONDS
from services.runtime.settings import CONFIG_FILE_VARIABLE, environment_name, known_keys
from tests.support.chart.rendering import Manifest, cases, render_case

KNOWN_VARIABLES = {CONFIG_FILE_VARIABLE, *map(environment_name, known_keys())}
SECRETS = {
    environment_name(key) for key in ("database.url", "kafka.sasl_password", "smtp.password")
}
LONGEST = 63
CLOSING_SECONDS = 15
"""What a stop takes beside the work in flight (KAFKA.md)."""
pytestmark = pytest.mark.parametrize("case", cases())


def _pods(helm: str, case: str) -> Iterator[tuple[Manifest, dict[str, Any]]]:
    for manifest in render_case(helm, case).manifests:
        if manifest["kind"] in {"Deployment", "Job"}:
            yield manifest, manifest["spec"]["template"]["spec"]
        elif manifest["kind"] == "Pod":
            yield manifest, manifest["spec"]


def _containers(helm: str, case: str) -> Iterator[dict[str, Any]]:
    for _, pod in _pods(helm, case):
        yield from pod["containers"]
        assert "initContainers" not in pod


def test_every_case_has_pods(helm: str, case: str) -> None:
    kinds = [manifest["kind"] for manifest, _ in _pods(helm, case)]

    assert kinds.count("Deployment") == 4
    assert kinds.count("Pod") == 1


def test_every_container_requests_and_limits_cpu_and_memory(helm: str, case: str) -> None:
    for container in _containers(helm, case):
        for bound in ("requests", "limits"):
            assert {"cpu", "memory"} <= container["resources"][bound].keys()


def test_every_pod_fits_the_restricted_profile(helm: str, case: str) -> None:
    for _, pod in _pods(helm, case):
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True
        assert context.get("runAsUser", 1) > 0
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        assert all(set(volume) & {"emptyDir", "configMap", "secret"} for volume in pod["volumes"])
    for container in _containers(helm, case):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_only_tmp_can_be_written_to_and_its_size_is_limited(helm: str, case: str) -> None:
    for _, pod in _pods(helm, case):
        [container] = pod["containers"]
        [tmp] = [volume for volume in pod["volumes"] if "emptyDir" in volume]
        writable = [each for each in container["volumeMounts"] if not each.get("readOnly")]
        assert writable == [{"name": tmp["name"], "mountPath": "/tmp"}]  # noqa: S108
        assert tmp["emptyDir"]["sizeLimit"]


def test_no_pod_gets_a_token_of_the_cluster(helm: str, case: str) -> None:
    for _, pod in _pods(helm, case):
        assert pod["automountServiceAccountToken"] is False


def test_every_deployment_has_all_three_probes(helm: str, case: str) -> None:
    for manifest, pod in _pods(helm, case):
        if manifest["kind"] == "Deployment":
            [container] = pod["containers"]
            paths = {
                probe: container[probe]["httpGet"]["path"]
                for probe in ("startupProbe", "readinessProbe", "livenessProbe")
            }
            assert paths == {
                "startupProbe": "/ready",
                "readinessProbe": "/ready",
                "livenessProbe": "/live",
            }


def test_pod_may_take_as_long_to_start_as_its_servers_may(helm: str, case: str) -> None:
    config = _settings(helm, case)
    wait = config["kafka"]["connect_timeout"] + config["database"]["connect_timeout"]
    for manifest, pod in _pods(helm, case):
        if manifest["kind"] == "Deployment":
            probe = pod["containers"][0]["startupProbe"]
            seconds = probe["periodSeconds"] * probe["failureThreshold"]
            assert seconds > wait + REBALANCE_SECONDS
            assert manifest["spec"]["progressDeadlineSeconds"] > seconds


def test_pod_has_time_for_its_graceful_stop(helm: str, case: str) -> None:
    longest = max(GRACEFUL_SECONDS, POLLER_SECONDS, ALERTING_SECONDS)
    for manifest, pod in _pods(helm, case):
        if manifest["kind"] != "Pod":
            assert pod["terminationGracePeriodSeconds"] >= longest + CLOSING_SECONDS


def test_no_pod_leaves_before_its_successor_is_ready(helm: str, case: str) -> None:
    for manifest in render_case(helm, case).manifests:
        if manifest["kind"] == "Deployment":
            assert manifest["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_every_variable_is_a_setting(helm: str, case: str) -> None:
    names = {
        each["name"] for container in _containers(helm, case) for each in container.get("env") or ()
    }

    assert {name for name in names if name.startswith("ACCESSWATCH_")} <= KNOWN_VARIABLES


def test_secrets_come_by_reference_alone(helm: str, case: str) -> None:
    assert not [m for m in render_case(helm, case).manifests if m["kind"] == "Secret"]
    for container in _containers(helm, case):
        for variable in container.get("env") or ():
            if variable["name"] in SECRETS:
                assert "value" not in variable
                assert variable["valueFrom"].keys() == {"secretKeyRef"}
    for manifest in render_case(helm, case).manifests:
        if manifest["kind"] == "ConfigMap" and "settings.yaml" in manifest["data"]:
            settings = yaml.safe_load(manifest["data"]["settings.yaml"])
            keys = {f"{section}.{key}" for section, below in settings.items() for key in below}
            assert not keys & {"database.url", "kafka.sasl_password", "smtp.password"}


def test_every_name_fits_a_label(helm: str, case: str) -> None:
    for manifest in render_case(helm, case).manifests:
        assert len(manifest["metadata"]["name"]) <= LONGEST


def test_no_two_objects_share_a_name(helm: str, case: str) -> None:
    names = [(m["kind"], m["metadata"]["name"]) for m in render_case(helm, case).manifests]

    assert len(names) == len(set(names))


def test_budgets_let_nodes_be_drained(helm: str, case: str) -> None:
    for manifest in render_case(helm, case).manifests:
        if manifest["kind"] == "PodDisruptionBudget":
            assert manifest["spec"]["maxUnavailable"] == 1


def test_hooks_need_nothing_that_is_installed_after_them(helm: str, case: str) -> None:
    manifests = render_case(helm, case).manifests
    early = {
        (m["kind"], m["metadata"]["name"])
        for m in manifests
        if "pre-install" in m["metadata"].get("annotations", {}).get("helm.sh/hook", "")
    }
    made = {(m["kind"], m["metadata"]["name"]) for m in manifests}
    for manifest, pod in _pods(helm, case):
        if ("Job", manifest["metadata"]["name"]) in early:
            needed = {
                ("ConfigMap", volume["configMap"]["name"])
                for volume in pod["volumes"]
                if "configMap" in volume
            }
            assert needed & made <= early


def _settings(helm: str, case: str) -> dict[str, Any]:
    [config] = [
        m
        for m in render_case(helm, case).manifests
        if m["kind"] == "ConfigMap"
        and "settings.yaml" in m["data"]
        and not m["metadata"].get("annotations")
    ]
    settings: dict[str, Any] = yaml.safe_load(config["data"]["settings.yaml"])
    return settings
