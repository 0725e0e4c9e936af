"""Settings come from the right place, and a wrong one is told in a line."""

import json
import traceback
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import SecretStr

from services.runtime.errors import ConfigurationError, ExitCode
from services.runtime.settings import (
    KafkaSettings,
    Settings,
    environment_name,
    known_keys,
    load_settings,
)

SECRET = "correct-horse-battery"


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "accesswatch.yaml"


def _refusal(config: Path | None, dotenv: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config, dotenv)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == ExitCode.CONFIGURATION
    return caught.value


def test_everything_has_a_default(dotenv: Path) -> None:
    settings = load_settings(None, dotenv)

    assert settings.kafka.namespace == "accesswatch"
    assert settings.embedded


def test_environment_overrides_dotenv_and_that_the_file(
    config: Path, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("kafka: {namespace: file, partitions: 3, replication_factor: 3}")
    dotenv.write_text(
        "ACCESSWATCH_KAFKA__NAMESPACE=dotenv\nACCESSWATCH_KAFKA__PARTITIONS=6\n"
        "ACCESSWATCH_DATABASE__POOL_SIZE=9\n"
    )
    monkeypatch.setenv("ACCESSWATCH_KAFKA__NAMESPACE", "environment")

    settings = load_settings(config, dotenv)

    assert settings.kafka.namespace == "environment"
    assert settings.kafka.partitions == 6
    assert settings.kafka.replication_factor == 3
    assert settings.database.pool_size == 9
    assert settings.kafka.session_timeout == KafkaSettings().session_timeout


def test_variables_may_be_in_small_letters(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("accesswatch_poller__interval", "30")

    assert load_settings(None, dotenv).poller.interval == 30


def test_empty_variable_counts_as_not_given(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS", "")
    dotenv.write_text("ACCESSWATCH_DATABASE__URL=\n")

    settings = load_settings(None, dotenv)

    assert settings.kafka.bootstrap_servers is None
    assert settings.database.url is None


def test_settings_are_embedded_until_both_servers_are_named(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS", "kafka:9092")
    assert load_settings(None, dotenv).embedded

    monkeypatch.setenv("ACCESSWATCH_DATABASE__URL", "postgresql://db/accesswatch")
    assert not load_settings(None, dotenv).embedded


@pytest.mark.parametrize("place", ["environment", "dotenv"])
def test_variable_names_the_settings_file(
    place: str, config: Path, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("kafka: {namespace: file}")
    if place == "environment":
        monkeypatch.setenv("ACCESSWATCH_CONFIG", str(config))
    else:
        dotenv.write_text(f"ACCESSWATCH_CONFIG={config}\n")

    assert load_settings(None, dotenv).kafka.namespace == "file"


def test_given_settings_file_goes_before_the_one_a_variable_names(
    config: Path, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("kafka: {namespace: given}")
    monkeypatch.setenv("ACCESSWATCH_CONFIG", str(config.with_name("another.yaml")))

    assert load_settings(config, dotenv).kafka.namespace == "given"


def test_dotenv_may_hold_variables_of_other_programs(dotenv: Path) -> None:
    dotenv.write_text("COMPOSE_PROJECT_NAME=crisis\nDATABASE_URL=sqlite://\n")

    assert load_settings(None, dotenv).embedded


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "kafka:\n", "---\n"])
def test_settings_file_may_be_empty(text: str, config: Path, dotenv: Path) -> None:
    config.write_text(text)

    assert load_settings(config, dotenv) == load_settings(None, dotenv)


def test_home_is_understood_in_paths(
    config: Path, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/mariam")
    monkeypatch.delenv("ACCESSWATCH_DATA_DIR")
    config.write_text("data_dir: ~/access\nkafka: {ssl_cafile: ~/ca.pem}")

    settings = load_settings(config, dotenv)

    assert settings.data_dir == Path("/home/mariam/access")
    assert settings.kafka.ssl_cafile == Path("/home/mariam/ca.pem")


# Unknown keys


def test_unknown_variable_is_refused_with_the_nearest(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")

    error = _refusal(None, dotenv)

    assert error.what == "unknown setting ACCESSWATCH_KAFKA_BOOTSTRAP_SERVERS in the environment"
    assert error.remedy == "Did you mean ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS?"


def test_unknown_variable_in_dotenv_is_refused_with_the_nearest(dotenv: Path) -> None:
    dotenv.write_text("ACCESSWATCH_POLLER__INTERVALL=60\n")

    error = _refusal(None, dotenv)

    assert error.what == f"unknown setting ACCESSWATCH_POLLER__INTERVALL in {dotenv}"
    assert error.remedy == "Did you mean ACCESSWATCH_POLLER__INTERVAL?"


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("kafak: {namespace: x}", "kafak.namespace", "kafka.namespace"),
        ("kafka: {namespcae: x}", "kafka.namespcae", "kafka.namespace"),
        ("kafka: {namespace: {name: x}}", "kafka.namespace.name", "kafka.namespace"),
        ("kafka.namespace: x", "'kafka.namespace'", "kafka.namespace"),
        ("datadir: /srv", "datadir", "data_dir"),
    ],
)
def test_unknown_key_in_the_file_is_refused_with_the_nearest(
    text: str, key: str, nearest: str, config: Path, dotenv: Path
) -> None:
    config.write_text(text)

    error = _refusal(config, dotenv)

    assert error.what == f"unknown setting {key} in settings file {config}"
    assert error.remedy == f"Did you mean {nearest}?"


def test_unknown_key_that_is_near_to_none_points_to_the_list(config: Path, dotenv: Path) -> None:
    config.write_text("zzzzzz: 1")

    assert _refusal(config, dotenv).remedy == "'accesswatch config' lists all settings."


def test_whole_section_in_one_variable_is_refused(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA", '{"namespace": "x"}')

    assert "ACCESSWATCH_KAFKA in the environment" in _refusal(None, dotenv).what


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCESSWATCH_SERVICE_HOST", "10.0.0.7"),
        ("ACCESSWATCH_WEB_SERVICE_PORT", "8080"),
        ("ACCESSWATCH_WEB_SERVICE_PORT_HTTP", "8080"),
        ("ACCESSWATCH_PORT", "tcp://10.0.0.7:8080"),
        ("ACCESSWATCH_PORT_8080_TCP", "tcp://10.0.0.7:8080"),
        ("ACCESSWATCH_PORT_8080_TCP_ADDR", "10.0.0.7"),
    ],
)
def test_variables_that_kubernetes_sets_for_services_are_no_settings(
    name: str, value: str, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    assert load_settings(None, dotenv).embedded


def test_misspelt_port_is_not_taken_for_a_variable_of_kubernetes(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_HEALTH_PORT", "8080")

    assert _refusal(None, dotenv).remedy == "Did you mean ACCESSWATCH_HEALTH__PORT?"


# Wrong values


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("kafka.partitions", "many", "should be a valid integer"),
        ("kafka.partitions", "0", "greater than or equal to 1"),
        ("kafka.namespace", "two words", "should match pattern"),
        ("kafka.security_protocol", "TLS", "'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT' or 'SASL_SSL'"),
        ("poller.interval", "nan", "finite number"),
        ("health.port", "65536", "less than or equal to 65535"),
        ("http.allowed_private", "10.0.0.0/8,home", "'home' does not appear to be an IPv4"),
        ("http.allowed_private", "127.0.0.1:0", "0 is no port"),
        ("http.allowed_private", "127.0.0.1:http", "http is no port"),
    ],
)
def test_wrong_value_is_refused_with_key_and_variable(
    key: str, value: str, reason: str, dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(environment_name(key), value)

    error = _refusal(None, dotenv)

    assert error.what.startswith(f"setting {key} is wrong: ")
    assert reason in error.what
    assert f"Correct {environment_name(key)} or {key} in the settings file" in error.remedy


def test_wrong_value_in_the_file_is_refused_in_the_same_words(config: Path, dotenv: Path) -> None:
    config.write_text("smtp: {tls: ssl}")

    error = _refusal(config, dotenv)

    assert error.what.startswith("setting smtp.tls is wrong: Input should be 'starttls'")
    assert "smtp.tls in the settings file" in error.remedy


def test_settings_that_do_not_fit_each_other_name_their_section(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__SECURITY_PROTOCOL", "SASL_SSL")

    error = _refusal(None, dotenv)

    assert error.what == (
        "section kafka is wrong: security_protocol SASL_SSL needs sasl_username and sasl_password"
    )
    assert "variables ACCESSWATCH_KAFKA__…" in error.remedy


# Unreadable files


@pytest.mark.parametrize(
    "text", ["kafka: [", "kafka:\n\tnamespace: x", "a: 1\nb: 2: 3", "kafka: !!python/object:x {}"]
)
def test_broken_yaml_is_told_with_its_line(text: str, config: Path, dotenv: Path) -> None:
    config.write_text(text)

    error = _refusal(config, dotenv)

    assert error.what.startswith(f"settings file {config} is not YAML (")
    assert "line " in error.what


def test_key_that_is_given_twice_is_refused(config: Path, dotenv: Path) -> None:
    config.write_text("kafka: {namespace: a}\nkafka: {partitions: 3}\n")

    assert "kafka twice" in _refusal(config, dotenv).what


@pytest.mark.parametrize("text", ["- kafka\n", "just words", "5"])
def test_file_without_keys_is_refused(text: str, config: Path, dotenv: Path) -> None:
    config.write_text(text)

    assert "does not hold keys and values" in _refusal(config, dotenv).what


@pytest.mark.parametrize("value", ["5", "[a, b]", "embedded"])
def test_section_without_keys_is_refused(value: str, config: Path, dotenv: Path) -> None:
    config.write_text(f"kafka: {value}")

    assert _refusal(config, dotenv).what.startswith("section kafka in settings file")


def test_missing_settings_file_is_told(config: Path, dotenv: Path) -> None:
    error = _refusal(config, dotenv)

    assert error.what.startswith(f"settings file {config} cannot be read (")
    assert "--config" in error.remedy


def test_folder_in_the_place_of_the_settings_file_is_told(tmp_path: Path, dotenv: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path, dotenv).what


@pytest.mark.parametrize("name", ["accesswatch.yaml", ".env"])
def test_file_that_is_no_text_is_told(
    name: str, config: Path, dotenv: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"kafka=\xff\xfe")

    assert (
        f"{tmp_path / name} cannot be read"
        in _refusal(config if name == config.name else None, dotenv).what
    )


# Secrets


def test_secrets_are_masked_wherever_settings_are_shown(config: Path, dotenv: Path) -> None:
    config.write_text(
        dedent(f"""
        kafka: {{security_protocol: SASL_SSL, sasl_username: u, sasl_password: {SECRET}}}
        database: {{url: "postgresql://u:{SECRET}@db/accesswatch"}}
        smtp: {{password: {SECRET}}}
        """)
    )

    settings = load_settings(config, dotenv)

    assert settings.smtp.password == SecretStr(SECRET)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert SECRET not in shown
    assert SECRET not in json.dumps(settings.model_dump(mode="json"))
    assert SECRET not in str(settings.model_dump())


def test_secrets_are_left_out_of_errors_and_their_causes(config: Path, dotenv: Path) -> None:
    config.write_text(f"kafka: {{security_protocol: SASL_SSL, sasl_password: {SECRET}}}")

    assert SECRET not in "".join(traceback.format_exception(_refusal(config, dotenv)))


# The keys themselves


def test_every_setting_says_what_it_means() -> None:
    schema = Settings.model_json_schema()
    fields = {
        f"{model}.{name}": field
        for model, definition in schema["$defs"].items()
        for name, field in definition["properties"].items()
    }

    assert [name for name, field in fields.items() if not field.get("description")] == []


def test_every_key_can_be_given_as_a_variable(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = json.loads(load_settings(None, dotenv).model_dump_json())
    for key in known_keys():
        section, _, name = key.rpartition(".")
        value = (defaults[section] if section else defaults)[name]
        if value not in (None, []):
            monkeypatch.setenv(environment_name(key), str(value))

    assert json.loads(load_settings(None, dotenv).model_dump_json()) == defaults


def test_private_networks_are_read_with_and_without_port(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_HTTP__ALLOWED_PRIVATE", "10.1.0.0/16, 127.0.0.1:8080 ,::1,")

    networks = load_settings(None, dotenv).http.allowed_networks()

    assert [(str(network), port) for network, port in networks] == [
        ("10.1.0.0/16", None),
        ("127.0.0.1/32", 8080),
        ("::1/128", None),
    ]
