"""The Dockerfile and the compose file hold what operators rely on."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from services.runtime.embedded.jars import KAFKA_VERSION
from services.runtime.settings import environment_name, known_keys

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_bytes())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if "build" in each}
ROLES = {
    "poller": ["poller"],
    "extractor": ["extractor"],
    "storing": ["alerting", "--role", "storing"],
    "delivering": ["alerting", "--role", "delivering"],
}


def test_image_runs_as_a_number_that_is_not_root() -> None:
    user = re.search(r"^USER (\d+):(\d+)$", FINAL, re.MULTILINE)
    assert user
    assert "0" not in user.groups()


def test_image_installs_only_wheels_with_hashes() -> None:
    installs = re.findall(r"pip\S* .*?install (?:.*\\\n)*.*", DOCKERFILE)
    with_requirements = [each for each in installs if "-r " in each]
    assert len(with_requirements) == 2
    for each in with_requirements:
        assert "--require-hashes" in each
        assert "--only-binary :all:" in each


def test_image_is_made_of_nothing_that_only_its_build_needs() -> None:
    assert FINAL.startswith("scratch\n")
    assert "RUN" not in FINAL


def test_image_sets_no_setting_and_silences_telemetry() -> None:
    assert "ACCESSWATCH_" not in DOCKERFILE
    assert "ORT_DISABLE_TELEMETRY=1" in FINAL


def test_builders_see_what_they_copy_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert "*" in lines
    assert {path for copy in copies for path in copy.split()} == allowed


@pytest.mark.parametrize("role", ROLES)
def test_compose_runs_every_role_and_asks_whether_it_is_ready(role: str) -> None:
    service = SERVICES[role]
    assert service["command"] == ROLES[role]
    assert "/ready" in service["healthcheck"]["test"][-1]
    assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", OURS)
def test_compose_names_only_settings_that_exist(name: str) -> None:
    known = {environment_name(key) for key in known_keys()}
    assert set(OURS[name]["environment"]) <= known


def test_example_of_compose_names_only_settings_that_exist() -> None:
    text = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    known = {environment_name(key) for key in known_keys()}
    assert set(re.findall(r"\bACCESSWATCH_\w+", text)) <= known
    assert dotenv_values(ROOT / "deploy" / "example.env") == {"DATABASE_PASSWORD": ""}


@pytest.mark.parametrize("name", SERVICES)
def test_compose_gives_no_rights_away(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("read_only") or name == "kafka"
    assert not service.get("privileged")


def test_compose_publishes_nothing_beyond_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_holds_no_password() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    assert "${DATABASE_PASSWORD:?" in SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert not re.search(r"(?im)^\s*\w*password: +(?!\$\{)\S", text)


def test_compose_runs_the_kafka_that_the_tests_run_on() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
