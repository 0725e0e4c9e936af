"""Alert rules and dashboard ask for metrics that there are, and alerts lead to what to do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.alerting.domain.delivery import DeliveryFailure
from services.poller.service import Outcome
from services.runtime.kafka.decode import Reason
from tests.support.chart.promql import grouping_labels, metrics, selectors
from tests.support.chart.rendering import NAMESPACE, ROOT, Manifest, render_case

OF_PROMETHEUS = {"up": frozenset[str](), "process_resident_memory_bytes": frozenset[str]()}
OF_TARGETS = frozenset({"namespace", "pod", "role"})
"""Labels that the PodMonitor gives each series."""
VALUES = {
    ("accesswatch_poller_polls_total", "outcome"): set(Outcome),
    ("accesswatch_delivery_attempts_total", "outcome"): {"sent", *DeliveryFailure},
    ("accesswatch_dead_letters_total", "reason"): set(Reason),
    ("accesswatch_end_to_end_seconds_bucket", "service"): {"alerting"},
    ("up", "role"): {"poller", "extractor", "storing", "delivering"},
}
RUNBOOK = "https://docs.example.org/operate"
COLUMNS = 24


def _one(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"].endswith(name)]
    return found


@pytest.fixture
def rules(helm: str) -> list[dict[str, Any]]:
    rule = _one(render_case(helm, "monitoring").manifests, "PrometheusRule", "accesswatch")
    [group] = rule["spec"]["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


@pytest.fixture
def dashboard(helm: str) -> dict[str, Any]:
    config = _one(render_case(helm, "monitoring").manifests, "ConfigMap", "-dashboard")
    found: dict[str, Any] = json.loads(config["data"]["accesswatch.json"])
    return found


def _queries(dashboard: dict[str, Any]) -> Iterator[str]:
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]


def _assert_asks_for_what_there_is(expression: str, namespace: str) -> None:
    known = metrics() | OF_PROMETHEUS
    found = selectors(expression)
    assert found
    for selector in found:
        assert selector.name in known, expression
        labels = known[selector.name] | OF_TARGETS
        assert selector.labels.keys() <= labels, expression
        assert selector.labels["namespace"] == namespace
        for label, value in selector.labels.items():
            allowed = VALUES.get((selector.name, label))
            assert allowed is None or set(value.split("|")) <= allowed, expression
    every = frozenset[str]().union(*(known[each.name] for each in found))
    assert grouping_labels(expression) <= every | OF_TARGETS | {"le"}


def test_rules_ask_for_metrics_and_labels_that_there_are(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        _assert_asks_for_what_there_is(rule["expr"], NAMESPACE)


def test_dashboard_asks_for_metrics_and_labels_that_there_are(dashboard: dict[str, Any]) -> None:
    for query in _queries(dashboard):
        _assert_asks_for_what_there_is(query, "$namespace")


def test_dashboard_shows_every_metric_that_pods_have(dashboard: dict[str, Any]) -> None:
    shown = {each.name for query in _queries(dashboard) for each in selectors(query)}

    endings = r"_(bucket|sum|count)$"
    wanted = {re.sub(endings, "", name) for name in metrics() if "replay" not in name}
    assert wanted == {re.sub(endings, "", name) for name in shown} - OF_PROMETHEUS.keys()


def test_panels_have_a_place_of_their_own(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= COLUMNS
        taken |= cells
    identifiers = [panel["id"] for panel in dashboard["panels"]]
    assert len(identifiers) == len(set(identifiers))


def test_legend_names_only_labels_that_the_query_keeps(dashboard: dict[str, Any]) -> None:
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            kept = grouping_labels(target["expr"]) or OF_TARGETS
            assert named <= kept, target["expr"]


def test_rule_texts_name_only_labels_that_the_expression_keeps(
    rules: list[dict[str, Any]],
) -> None:
    for rule in rules:
        texts = rule["annotations"]["summary"] + rule["annotations"]["description"]
        named = set(re.findall(r"\$labels\.(\w+)", texts))
        assert named <= grouping_labels(rule["expr"]), rule["alert"]


def test_rules_have_a_severity_and_say_what_is_wrong(rules: list[dict[str, Any]]) -> None:
    names = [rule["alert"] for rule in rules]

    assert len(names) == len(set(names))
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"].endswith(".")


def test_every_rule_leads_to_a_section_of_the_operators_guide(
    rules: list[dict[str, Any]],
) -> None:
    guide = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    anchors = {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", guide, re.MULTILINE)}
    anchors |= set(re.findall(r'<a (?:id|name)="([^"]+)"', guide))
    wanted = {rule["annotations"]["runbook_url"].partition("#") for rule in rules}

    assert {base for base, _, _ in wanted} == {RUNBOOK}
    assert {anchor for _, _, anchor in wanted} - anchors == set()


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_podmonitor_reads_the_port_and_gives_the_role(helm: str) -> None:
    manifests = render_case(helm, "monitoring").manifests
    monitor = _one(manifests, "PodMonitor", "accesswatch")["spec"]
    pod = _one(manifests, "Deployment", "-poller")["spec"]["template"]

    [endpoint] = monitor["podMetricsEndpoints"]
    [port] = pod["spec"]["containers"][0]["ports"]
    assert (endpoint["port"], endpoint["path"]) == (port["name"], "/metrics")
    assert monitor["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    assert endpoint["relabelings"][0]["targetLabel"] == "role"
