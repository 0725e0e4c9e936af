"""The examples for Strimzi and CloudNativePG fit the chart and the program."""

from typing import Any

import pytest
import yaml

from schemas import Topics
from services.runtime.settings import KafkaSettings
from tests.support.chart.rendering import ROOT

EXAMPLES = ROOT / "deploy" / "examples"


def _documents(name: str) -> dict[str, Any]:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


@pytest.fixture
def values() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / "values.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def strimzi() -> dict[str, Any]:
    return _documents("kafka.yaml")


def test_kafka_is_described_in_the_current_version_of_strimzis_kinds(
    strimzi: dict[str, Any],
) -> None:
    assert {each["apiVersion"] for each in strimzi.values()} == {"kafka.strimzi.io/v1"}
    assert strimzi.keys() == {"Kafka", "KafkaNodePool", "KafkaUser"}


def test_chart_reads_the_secrets_that_strimzi_makes(
    values: dict[str, Any], strimzi: dict[str, Any]
) -> None:
    cluster = strimzi["Kafka"]["metadata"]["name"]
    user = strimzi["KafkaUser"]["metadata"]["name"]
    [listener] = strimzi["Kafka"]["spec"]["kafka"]["listeners"]

    address = f"{cluster}-kafka-bootstrap.accesswatch.svc:{listener['port']}"
    assert values["settings"]["kafka"]["bootstrap_servers"] == address
    assert values["settings"]["kafka"]["sasl_username"] == user
    assert values["kafka"] == {
        "existingSecret": user,
        "ca": {"secret": f"{cluster}-cluster-ca-cert"},
    }
    for kind in ("KafkaNodePool", "KafkaUser"):
        assert strimzi[kind]["metadata"]["labels"]["strimzi.io/cluster"] == cluster


def test_login_is_the_programs_own_default(strimzi: dict[str, Any]) -> None:
    [listener] = strimzi["Kafka"]["spec"]["kafka"]["listeners"]

    mechanism = KafkaSettings().sasl_mechanism.lower()
    assert listener["authentication"]["type"] == mechanism
    assert strimzi["KafkaUser"]["spec"]["authentication"]["type"] == mechanism


def test_user_may_use_every_topic_and_nothing_outside_the_namespace(
    strimzi: dict[str, Any],
) -> None:
    rights = strimzi["KafkaUser"]["spec"]["authorization"]["acls"]
    topics = {spec.name for spec in Topics(KafkaSettings().namespace).specs()}

    for right in rights:
        assert right["resource"]["name"] == f"{KafkaSettings().namespace}."
        assert right["resource"]["patternType"] == "prefix"
    [of_topics] = [each for each in rights if each["resource"]["type"] == "topic"]
    assert all(topic.startswith(of_topics["resource"]["name"]) for topic in topics)
    assert {"Create", "Read", "Write", "Describe"} <= set(of_topics["operations"])


def test_chart_reads_the_secret_that_cloudnativepg_makes(values: dict[str, Any]) -> None:
    cluster = _documents("postgres.yaml")["Cluster"]

    name = cluster["metadata"]["name"]
    assert cluster["apiVersion"] == "postgresql.cnpg.io/v1"
    assert values["database"] == {"existingSecret": f"{name}-app", "urlKey": "uri"}
    assert values["networkPolicy"]["database"]["to"][0]["podSelector"]["matchLabels"] == {
        "cnpg.io/cluster": name
    }
