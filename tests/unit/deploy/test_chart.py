"""The chart renders to what Kubernetes takes, and refuses what cannot be right."""

import tomllib

import kubernetes_validate
import pytest
import yaml

from tests.support.chart import snapshots
from tests.support.chart.rendering import (
    CHART,
    KUBERNETES,
    ROOT,
    cases,
    lint,
    render,
    render_case,
)

OF_OPERATORS = {"keda.sh/v1alpha1", "monitoring.coreos.com/v1"}
"""Kinds that Kubernetes itself does not know."""
GIVEN = (
    *("--set", "database.existingSecret=accesswatch-database"),
    *("--set", "settings.kafka.bootstrap_servers=kafka:9092"),
)


@pytest.mark.parametrize("case", cases())
def test_chart_passes_strict_lint(helm: str, case: str) -> None:
    values = ROOT / "tests" / "unit" / "deploy" / "cases" / f"{case}.yaml"

    assert lint(helm, "--values", str(values)).error == ""


@pytest.mark.parametrize("case", cases())
def test_every_document_is_valid_for_kubernetes(helm: str, case: str) -> None:
    rendered = render_case(helm, case)

    assert rendered.error == ""
    for manifest in rendered.manifests:
        if manifest["apiVersion"] not in OF_OPERATORS:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@pytest.mark.parametrize("case", cases())
def test_rendered_documents_are_those_of_the_snapshot(helm: str, case: str) -> None:
    committed = snapshots.path_of(case).read_text(encoding="utf-8")

    assert snapshots.snapshot(helm, case) == committed, "run 'make generate' and look at the change"


def test_every_snapshot_has_a_case() -> None:
    assert {path.stem for path in snapshots.SNAPSHOTS.iterdir()} == set(cases())


def test_version_is_that_of_the_program() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert chart["appVersion"] == chart["version"] == project["version"]


def test_minimal_values_of_the_documentation_are_enough(helm: str) -> None:
    assert render(helm, *GIVEN).error == ""


@pytest.mark.parametrize("values", ["deploy/examples/values.yaml"])
def test_values_of_the_examples_render(helm: str, values: str) -> None:
    assert render(helm, "--values", str(ROOT / values)).error == ""


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("roles.extractor.replica=2", "at '/roles/extractor': additional properties 'replica'"),
        ("extractors.replicas=2", "at '': additional properties 'extractors' not allowed"),
        ("settings.kafka.bootstrap_server=x:1", "at '/settings/kafka': additional properties"),
        ("settings.kafka.sasl_password=x", "additional properties 'sasl_password' not allowed"),
        ("settings.database.url=x", "at '/settings/database': additional properties 'url'"),
        ("pod.nodeSelectors.a=b", "at '/pod': additional properties 'nodeSelectors'"),
        ("networkPolicy.metricFrom=x", "at '/networkPolicy': additional properties 'metricFrom'"),
        ("settings.kafka.partitions=0", "at '/settings/kafka/partitions': minimum: got 0, want 1"),
        ("settings.poller.interval=fast", "at '/settings/poller/interval': got string"),
        ("settings.logging.level=loud", "at '/settings/logging/level': value must be one of"),
        ("settings.extractor.workers=0", "at '/settings/extractor/workers': minimum: got 0"),
        ("roles.storing.replicas=-1", "at '/roles/storing/replicas': minimum: got -1, want 0"),
        ("roles.storing.resources.limits=null", "resources': missing property 'limits'"),
        ("replay.name=October", "at '/replay/name': 'October' does not match pattern"),
        ("pod.env[0].name=ACCESSWATCH_DATABASE__URL,pod.env[0].value=x", "at '/pod/env/0': 'not'"),
        ("image.pullPolicy=Sometimes", "at '/image/pullPolicy': value must be one of"),
    ],
)
def test_wrong_value_is_refused_with_its_place(helm: str, key: str, said: str) -> None:
    assert said in render(helm, *GIVEN, "--set", key).error


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("database.existingSecret=", "kubectl create secret generic"),
        ("settings.kafka.bootstrap_servers=", "Set it to host:port"),
        ("settings.kafka.bootstrap_servers=kafka", "Write each broker as host:port"),
        ("settings.kafka.security_protocol=SASL_SSL", "needs settings.kafka.sasl_username"),
        ("settings.smtp.username=me", "needs smtp.existingSecret"),
        ("kafka.ca.secret=a,kafka.ca.configMap=b", "are both set"),
        ("gazetteer.existingConfigMap=a", "needs gazetteer.existingKeys"),
        ("autoscaling.extractor.maxReplicas=13", "further pods would be idle"),
        ("autoscaling.storing.minReplicas=13", "more than maxReplicas (12)"),
        ("replay.enabled=true", "replay.enabled needs replay.name and replay.args"),
        ("networkPolicy.database.ports=null", "would open all of them"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_what_to_do(helm: str, key: str, said: str) -> None:
    assert said in render(helm, *GIVEN, "--set", key).error


@pytest.mark.parametrize("wanted", ["both", "keda,hpa", "true"])
def test_two_autoscalers_at_once_cannot_be_asked_for(helm: str, wanted: str) -> None:
    key = f"autoscaling.kind={wanted.replace(',', chr(92) + ',')}"

    assert "value must be one of 'none', 'keda', 'hpa'" in render(helm, *GIVEN, "--set", key).error


def test_names_stay_short_however_long_release_and_replay_are_called(helm: str) -> None:
    rendered = render(
        helm,
        *GIVEN,
        *("--set", f"fullnameOverride={'a' * 53},autoscaling.kind=keda"),
        *("--set", f"replay.enabled=true,replay.name={'b' * 20},replay.args={{articles}}"),
    )

    names = [manifest["metadata"]["name"] for manifest in rendered.manifests]
    assert f"{'a' * 32}-replay-{'b' * 20}" in names
    assert max(map(len, names)) <= 63
