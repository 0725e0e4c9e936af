"""`accesswatch replay manifest` prints the Job that the chart would make."""

from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from services.cli.__main__ import build
from tests.support.chart.rendering import render

CHART = (
    *("--set", "database.existingSecret=accesswatch-database"),
    *("--set", "settings.kafka.bootstrap_servers=kafka:9092"),
    *("--set", "replay.enabled=true", "--set", "replay.name=october"),
    *("--set", "replay.args={articles,--from,30d}", "--set", "replay.parallelism=3"),
)


def printed(*arguments: str) -> Any:
    answer = CliRunner().invoke(build("replay"), ["replay", "manifest", *arguments])
    assert answer.exit_code == 0, answer.output
    return yaml.safe_load(answer.stdout)


def without_chart(job: Any) -> Any:
    """Leave out what only Helm knows: its own labels, and the namespace."""
    kept = {"name", "component"}
    for part in (job["metadata"], job["spec"]["template"]["metadata"]):
        part["labels"] = {
            key: value for key, value in part["labels"].items() if key.rpartition("/")[2] in kept
        }
    job["metadata"].pop("namespace", None)
    return job


def test_the_job_is_the_charts(helm: str) -> None:
    [charts] = [
        each
        for each in render(helm, *CHART, "--set", "fullnameOverride=accesswatch").manifests
        if each["kind"] == "Job" and each["metadata"]["name"] == "accesswatch-replay-october"
    ]
    ours = printed("articles", "--from", "30d", "--name", "october", "--parallelism", "3")
    assert without_chart(ours) == without_chart(charts)


def test_secrets_are_named_and_never_written() -> None:
    job = printed("statements", "--name", "a", "--secret", "pg/uri", "--kafka-secret", "kafka")
    variables = job["spec"]["template"]["spec"]["containers"][0]["env"]
    found = {each["name"]: each.get("valueFrom", {}).get("secretKeyRef") for each in variables}
    assert found["ACCESSWATCH_DATABASE__URL"] == {"name": "pg", "key": "uri"}
    assert found["ACCESSWATCH_KAFKA__SASL_PASSWORD"] == {"name": "kafka", "key": "password"}


@pytest.mark.parametrize("option", ["--dry-run", "--detach"])
def test_what_makes_no_sense_in_a_job_is_refused(option: str) -> None:
    answer = CliRunner().invoke(
        build("replay"), ["replay", "manifest", "articles", "--name", "a", option]
    )
    assert answer.exit_code != 0
    assert f"{option} makes no sense in a Job" in str(answer.exception)
