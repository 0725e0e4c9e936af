"""What a PromQL expression looks at: metrics, and the labels by which it chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import promql_parser
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

SERVICES = ("runtime", "poller", "extractor", "alerting", "replay")
ENDINGS = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
"""What Prometheus appends to the names of each kind."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric in an expression, and its labels with what they are compared to."""

    name: str
    labels: Mapping[str, str]


def selectors(expression: str) -> list[Selector]:
    """Return the selectors of an expression.

    Raises:
        ValueError: it is no PromQL.
    """
    found: list[Selector] = []

    def visit(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            labels = {each.name: each.value for each in node.matchers.matchers}
            found.append(Selector(node.name or "", labels))
        return True

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


def grouping_labels(expression: str) -> set[str]:
    """Return the labels that the expression groups by."""
    found: set[str] = set()

    def visit(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
            found.update(node.modifier.labels)
        return True

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


def metrics() -> dict[str, frozenset[str]]:
    """Return every metric of accesswatch as Prometheus names it, with its labels."""
    for service in SERVICES:
        import_module(f"services.{service}.metrics")
    ours = (
        metric
        for metric in set(REGISTRY._collector_to_names)  # the registry has no public list
        if isinstance(metric, MetricWrapperBase) and metric._name.startswith("accesswatch_")
    )
    return {
        f"{metric._name}{ending}": frozenset(metric._labelnames)
        for metric in ours
        for ending in ENDINGS[str(metric._type)]
    }
