"""Pods are given settings that accesswatch reads, and are replaced when they change."""

from pathlib import Path
from typing import Any

import pytest

from schemas import Topics
from services.runtime.errors import ExitCode
from services.runtime.settings import Settings, load_settings
from tests.support.chart.rendering import Manifest, cases, render, render_case

GIVEN = (
    *("--set", "database.existingSecret=accesswatch-database"),
    *("--set", "settings.kafka.bootstrap_servers=kafka:9092"),
)


def _one(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"].endswith(name)]
    return found


def _load(text: str, folder: Path) -> Settings:
    file = folder / "settings.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, folder / "no.env")


@pytest.mark.parametrize("case", cases())
def test_program_reads_every_settings_file(
    helm: str, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__SASL_PASSWORD", "from the secret")
    files = [
        m["data"]["settings.yaml"]
        for m in render_case(helm, case).manifests
        if m["kind"] == "ConfigMap" and "settings.yaml" in m["data"]
    ]

    assert files
    for text in files:
        settings = _load(text, tmp_path)
        assert settings.health.host == "0.0.0.0"  # noqa: S104 - probes come from outside the pod
        assert settings.health.port == 8080
        assert settings.logging.format == "json"


def test_values_arrive_as_they_were_written(helm: str, tmp_path: Path) -> None:
    config = _one(render_case(helm, "everything-else").manifests, "ConfigMap", "watch")

    settings = _load(config["data"]["settings.yaml"], tmp_path)

    assert settings.http.max_bytes == 20_000_000
    assert settings.http.allowed_private == ("10.1.0.0/16", "10.2.3.4/32:8080", "fd00::1/128")
    assert settings.extractor.gazetteer == (Path("/etc/accesswatch/gazetteer/mine.yaml"),)
    assert (settings.smtp.host, settings.smtp.tls) == ("mail.example.org", "implicit")


def test_kafka_certificates_are_named_where_they_are_mounted(helm: str, tmp_path: Path) -> None:
    manifests = render_case(helm, "mutual-tls").manifests
    config = _one(manifests, "ConfigMap", "news-accesswatch")
    pod = _one(manifests, "Deployment", "-extractor")["spec"]["template"]["spec"]

    kafka = _load(config["data"]["settings.yaml"], tmp_path).kafka

    files = {kafka.ssl_cafile, kafka.ssl_certfile, kafka.ssl_keyfile}
    assert files == _mounted(pod) & files


def _mounted(pod: dict[str, Any]) -> set[Path | None]:
    places = {m["name"]: m["mountPath"] for m in pod["containers"][0]["volumeMounts"]}
    return {
        Path(places[volume["name"]]) / entry["path"]
        for volume in pod["volumes"]
        for entry in (volume.get("secret") or volume.get("configMap") or {}).get("items", ())
    }


def test_gazetteer_of_an_existing_configmap_keeps_its_order(helm: str, tmp_path: Path) -> None:
    config = _one(render_case(helm, "replay").manifests, "ConfigMap", "news-accesswatch")

    found = _load(config["data"]["settings.yaml"], tmp_path).extractor.gazetteer

    assert [path.name for path in found] == ["roads.yaml", "offices.yaml"]


@pytest.mark.parametrize("name", ["storing", "poller", "extractor", "delivering"])
def test_changed_setting_or_gazetteer_replaces_pods(helm: str, name: str) -> None:
    def annotations(*more: str) -> dict[str, str]:
        deployment = _one(render(helm, *GIVEN, *more).manifests, "Deployment", f"-{name}")
        found: dict[str, str] = deployment["spec"]["template"]["metadata"]["annotations"]
        return found

    before = annotations()

    assert annotations("--set", "settings.poller.interval=300") != before
    assert annotations("--set", r"gazetteer.files.a\.yaml=x") != before
    assert annotations("--set", "autoscaling.cpuUtilization=50") == before


def test_keda_looks_at_the_topics_and_groups_of_the_consumers(helm: str) -> None:
    topics = Topics("aid")
    manifests = render_case(helm, "keda").manifests

    triggers = {
        role: _one(manifests, "ScaledObject", f"-{role}")["spec"]["triggers"][0]["metadata"]
        for role in ("extractor", "storing")
    }

    assert (triggers["extractor"]["topic"], triggers["extractor"]["consumerGroup"]) == (
        topics.articles,
        "aid.extractor",
    )
    assert (triggers["storing"]["topic"], triggers["storing"]["consumerGroup"]) == (
        topics.statements,
        "aid.alerting",
    )
    assert all(each["excludePersistentLag"] == "false" for each in triggers.values())
    assert all(each["offsetResetPolicy"] == "earliest" for each in triggers.values())


def test_scaled_roles_have_one_master_over_their_replicas(helm: str) -> None:
    for case in ("keda", "hpa"):
        manifests = render_case(helm, case).manifests
        for role, scaled in {"extractor": True, "storing": True, "poller": False}.items():
            spec = _one(manifests, "Deployment", f"-{role}")["spec"]
            assert ("replicas" in spec) is not scaled


def test_most_replicas_are_the_partitions(helm: str) -> None:
    scaled = _one(render_case(helm, "keda").manifests, "ScaledObject", "-storing")["spec"]

    assert (scaled["minReplicaCount"], scaled["maxReplicaCount"]) == (1, 24)


def test_replay_job_is_made_only_when_asked_for(helm: str) -> None:
    job = _one(render_case(helm, "replay").manifests, "Job", "-replay-october")
    pod = job["spec"]["template"]["spec"]

    assert job["spec"]["parallelism"] == 3
    assert pod["restartPolicy"] == "Never"
    assert pod["containers"][0]["args"] == [
        *("replay", "articles", "--from", "2026-10-01", "--to", "2026-11-01"),
        *("--name", "october", "--join"),
    ]
    names = [m["metadata"]["name"] for m in render(helm, *GIVEN).manifests if m["kind"] == "Job"]
    assert names == ["news-accesswatch-migration"]


def test_replay_that_cannot_succeed_is_not_tried_again_and_a_drained_node_is_no_failure(
    helm: str,
) -> None:
    job = _one(render_case(helm, "replay").manifests, "Job", "-replay-october")
    drained, hopeless = job["spec"]["podFailurePolicy"]["rules"]

    assert (drained["action"], hopeless["action"]) == ("Ignore", "FailJob")
    assert set(hopeless["onExitCodes"]["values"]) == {
        *(ExitCode.USAGE, ExitCode.CONFIGURATION, ExitCode.NOT_FOUND, ExitCode.CONFLICT),
    }
    assert ExitCode.UNAVAILABLE not in hopeless["onExitCodes"]["values"]
