"""Settings, versions, help, and servers that a command cannot use."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cli.__main__ import build
from services.runtime.embedded import jars
from services.runtime.errors import ExitCode
from services.runtime.settings import KafkaSettings
from tests.integration.cli.conftest import Command


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command and group of commands."""
    yield path
    for name, each in getattr(group, "commands", {}).items():
        yield from commands(each, (*path, name))


COMMANDS = list(commands(typer.main.get_command(build())))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(accesswatch: Command, path: tuple[str, ...]) -> None:
    answer = accesswatch(*path, "--help")
    assert answer.code == 0
    assert "Usage:" in answer.out
    is_group = any(each[:-1] == path for each in COMMANDS if each)
    assert is_group or "Example" in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("feeds", "add"),
        ("feeds", "list", "--no-such-option"),
        ("alerts", "list", "--limit", "many"),
        ("alerts", "list", "--limit", "0"),
        ("alerting", "--role", "dancing"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line(accesswatch: Command, arguments: tuple[str, ...]) -> None:
    assert accesswatch(*arguments).is_one_error(ExitCode.USAGE, "--help")


def test_the_version_is_told(accesswatch: Command) -> None:
    assert set(accesswatch("version", "--json").json) == {"accesswatch", "extractor", "python"}
    assert accesswatch("version").out.startswith("accesswatch ")


def test_settings_are_shown_without_secrets(
    accesswatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", "postgresql://me:geheim@db.example/news")
    monkeypatch.setenv("ACCESSWATCH_SMTP__PASSWORD", "geheim")
    answers = [accesswatch("config", *each) for each in ((), ("--json",), ("--changed",))]
    assert all("***" in each.out and "geheim" not in each.out for each in answers)
    assert json.loads(answers[1].out)["kafka.partitions"] == "12"
    assert "kafka.partitions" not in answers[2].out


def test_an_unknown_setting_is_named_with_the_nearest(
    accesswatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__PARTITION", "3")
    for command in (("config",), ("feeds", "list"), ("run",)):
        answer = accesswatch(*command)
        assert answer.is_one_error(
            ExitCode.CONFIGURATION, "ACCESSWATCH_KAFKA__PARTITION ", "ACCESSWATCH_KAFKA__PARTITIONS"
        )


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("kafka: [", ["not YAML"]),
        ("kafak:\n  namespace: x\n", ["kafak"]),
        ("kafka:\n  partitions: many\n", ["kafka.partitions"]),
        ("kafka: 7\n", ["kafka"]),
        ("- x\n", ["keys and values"]),
    ],
)
def test_a_wrong_settings_file_is_refused(
    accesswatch: Command, tmp_path: Path, content: str, parts: list[str]
) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(content, encoding="utf-8")
    answer = accesswatch("config", "--config", str(path))
    assert answer.is_one_error(ExitCode.CONFIGURATION, *parts)


def test_a_settings_file_that_is_not_there_is_named(accesswatch: Command) -> None:
    answer = accesswatch("config", "--config", "none.yaml")
    assert answer.is_one_error(ExitCode.CONFIGURATION, "none.yaml", "--config")


def test_migrating_twice_changes_nothing(
    accesswatch: Command, database: str, broker: KafkaSettings
) -> None:
    first, second = accesswatch("migrate"), accesswatch("migrate")
    assert (first.code, first.out) == (second.code, second.out) == (0, first.out)
    assert "All topics were there already." in first.out


def test_a_fresh_database_has_to_be_migrated(
    accesswatch: Command, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", database_url)
    answer = accesswatch("feeds", "list")
    assert answer.is_one_error(ExitCode.CONFLICT, "accesswatch migrate")


@pytest.fixture
async def newer(engine: AsyncEngine, database: str) -> None:
    """A database that a later version made."""
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alerting.alembic_version SET version_num = 'ffff'"))


def test_a_newer_database_is_left_alone(
    accesswatch: Command, newer: None, broker: KafkaSettings
) -> None:
    for command in (("migrate",), ("feeds", "list"), ("alerts", "list")):
        answer = accesswatch(*command)
        assert answer.is_one_error(ExitCode.CONFLICT, "alerting", "ffff", "newer accesswatch")


@pytest.mark.parametrize("command", [("feeds", "list"), ("alerts", "list"), ("statements",)])
def test_a_database_that_is_away_is_named(
    accesswatch: Command,
    closed_port: int,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv(
        "ACCESSWATCH_DATABASE__URL", f"postgresql://me:geheim@127.0.0.1:{closed_port}/news"
    )
    monkeypatch.setenv("ACCESSWATCH_DATABASE__CONNECT_TIMEOUT", "0.1")
    answer = accesswatch(*command)
    assert answer.is_one_error(
        ExitCode.UNAVAILABLE, f"127.0.0.1:{closed_port}", "ACCESSWATCH_DATABASE__URL"
    )
    assert "geheim" not in answer.err


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_an_address_of_no_postgresql_is_refused(
    accesswatch: Command, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", url)
    answer = accesswatch("feeds", "list")
    assert answer.is_one_error(ExitCode.CONFIGURATION, "ACCESSWATCH_DATABASE__URL")


def test_a_health_port_in_use_is_named(
    accesswatch: Command, database: str, broker: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setenv("ACCESSWATCH_HEALTH__PORT", str(port))
        monkeypatch.setenv("ACCESSWATCH_LOGGING__FORMAT", "json")
        answer = accesswatch("alerting", "--role", "delivering")
    assert answer.code == ExitCode.CONFLICT
    failed = json.loads(answer.err.splitlines()[-1])
    assert failed["event"] == "service.failed"
    assert str(port) in failed["error"]
    assert "ACCESSWATCH_HEALTH__PORT" in failed["error"]


def test_jars_that_are_missing_offline_are_named(
    accesswatch: Command,
    database: str,
    closed_port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = tmp_path / "home" / ".config"
    nowhere.mkdir(parents=True)
    monkeypatch.setattr(jars, "jars_folder", lambda: tmp_path / "jars")
    monkeypatch.setattr(
        jars,
        "maven_context",
        lambda folder, _, original=jars.maven_context: original(
            folder, {"nowhere": f"http://127.0.0.1:{closed_port}"}
        ),
    )
    for command in (("run", "--plain"), ("setup",), ("dead-letters", "list")):
        answer = accesswatch(*command)
        assert answer.is_one_error(
            ExitCode.UNAVAILABLE,
            "jars",
            "accesswatch setup",
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS",
        )
