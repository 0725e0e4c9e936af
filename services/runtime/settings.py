"""Settings: environment, `.env`, YAML file, defaults, in that order of precedence.

Every key is `ACCESSWATCH_…` in the environment, nested keys joined by two underscores
(`ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS`), and the same words nested in YAML. A key that does not
exist is an error, with the nearest one that does. An empty variable counts as not given, as
compose files pass what is not set.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from services.runtime.errors import ConfigurationError
from services.runtime.yaml_file import read_keys

PREFIX = "ACCESSWATCH_"
NESTING = "__"
CONFIG_FILE_VARIABLE = "ACCESSWATCH_CONFIG"
SERVICE_LINK = re.compile(r"\w+_(SERVICE_(HOST|PORT(_\w+)?)=.*|PORT_\d+_\w+=.*|PORT=\w+://.*)")
"""Variables that Kubernetes and Docker set in every container for a service whose name starts
with `accesswatch`: `ACCESSWATCH_WEB_SERVICE_HOST=10.0.0.7`, `ACCESSWATCH_PORT=tcp://10.0.0.7:80`;
the parts of the latter, such as `ACCESSWATCH_PORT_80_TCP_ADDR`, as well."""


def _network(value: str) -> str:
    host, _, port = value.rpartition(":") if value.count(":") == 1 else (value, "", "")
    network = ip_network(host or value, strict=False)
    if port and not (port.isdecimal() and 0 < int(port) < 65536):  # noqa: PLR2004 - TCP's range
        raise ValueError(f"{port} is no port")
    return f"{network}:{port}" if port else str(network)


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Network = Annotated[str, AfterValidator(_network)]
"""An address or CIDR range, for IPv4 optionally with a port: `10.1.0.0/16`, `127.0.0.1:8080`."""


UserPath = Annotated[Path, AfterValidator(Path.expanduser)]
"""A path in which `~` is the user's home; no shell reads `.env` and YAML."""


class Section(BaseModel):
    """A group of settings."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,  # it may be a secret
    )


class KafkaSettings(Section):
    """Where Kafka is and how to speak to it."""

    bootstrap_servers: str | None = None
    """Host and port of one or more brokers, comma-separated. Not given: an embedded Kafka."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How to connect."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How to log in, with a SASL protocol."""
    sasl_username: str | None = None
    """Who logs in."""
    sasl_password: SecretStr | None = None
    """The password."""
    ssl_cafile: UserPath | None = None
    """CA certificates (PEM) that the brokers' certificates are checked against; default: system."""
    ssl_certfile: UserPath | None = None
    """Client certificate (PEM), where the brokers ask for one."""
    ssl_keyfile: UserPath | None = None
    """Key of the client certificate (PEM)."""
    namespace: str = Field(default="accesswatch", pattern=r"^[a-zA-Z0-9._-]{1,100}$")
    """First part of all topic names and consumer groups."""
    partitions: int = Field(default=12, ge=1, le=1000)
    """Partitions of topics that `migrate` creates: the most replicas that can share a topic."""
    replication_factor: int = Field(default=1, ge=1, le=9)
    """Copies of each partition in topics that `migrate` creates; 3 where there are 3 brokers."""
    session_timeout: float = Field(default=10, ge=1, le=300)
    """Seconds without a heartbeat after which a consumer's partitions go to another."""
    connect_timeout: float = Field(default=30, gt=0, le=600)
    """Seconds that a service waits for Kafka at its start before it gives up."""

    @model_validator(mode="after")
    def _sasl_is_whole(self) -> Self:
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_username and self.sasl_password
        ):
            raise ValueError(
                f"security_protocol {self.security_protocol} needs sasl_username and sasl_password"
            )
        return self


class DatabaseSettings(Section):
    """Where PostgreSQL is."""

    url: SecretStr | None = None
    """`postgresql://user:password@host:5432/name`. Not given: an embedded PostgreSQL."""
    pool_size: int = Field(default=5, ge=3, le=100)
    """Connections that each process keeps; up to two of them only listen."""
    connect_timeout: float = Field(default=30, gt=0, le=600)
    """Seconds that a service waits for PostgreSQL at its start before it gives up."""


class HttpSettings(Section):
    """Outbound HTTP: feeds, webhooks."""

    user_agent: str = "accesswatch"
    """How requests introduce themselves; name a contact where you poll many feeds."""
    timeout: float = Field(default=20, gt=0, le=300)
    """Seconds a whole request may take, redirects included."""
    max_bytes: int = Field(default=10_000_000, ge=1000)
    """Bytes of a response, after decompression, beyond which it is refused."""
    max_redirects: int = Field(default=5, ge=0, le=20)
    """Redirects that are followed."""
    allowed_private: Annotated[tuple[Network, ...], BeforeValidator(_split), NoDecode] = ()
    """Private addresses that may be reached all the same: addresses or CIDR ranges, for IPv4
    optionally with a port (`10.1.0.0/16`, `127.0.0.1:8080`)."""

    def allowed_networks(self) -> tuple[tuple[IPv4Network | IPv6Network, int | None], ...]:
        """Return `allowed_private` as networks with their port, or None for any port."""
        pairs = []
        for entry in self.allowed_private:
            host, _, port = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
            pairs.append((ip_network(host or entry), int(port) if port else None))
        return tuple(pairs)


class LoggingSettings(Section):
    """What is logged and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe level that is logged."""
    format: Literal["auto", "json", "console"] = "auto"
    """JSON lines, coloured console lines, or whichever fits standard error."""


class HealthSettings(Section):
    """The HTTP endpoint for probes and metrics: /live, /ready, /metrics."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 in a container, where a NetworkPolicy says who may ask."""
    port: int = Field(default=0, ge=0, le=65535)
    """Port to listen on; 0 picks a free one and logs it."""


class PollerSettings(Section):
    """How feeds are polled."""

    interval: float = Field(default=600, ge=1, le=86400)
    """Seconds between two polls of a feed that says nothing about it."""
    min_interval: float = Field(default=60, ge=0.1, le=86400)
    """Seconds between two polls of a feed at the least, whatever it says; only an interval that you
    give a feed yourself may be shorter."""
    concurrency: int = Field(default=32, ge=1, le=1000)
    """Feeds that one process fetches at a time."""
    per_host: int = Field(default=2, ge=1, le=100)
    """Requests to one host at a time."""
    lease: float = Field(default=120, ge=5, le=3600)
    """Seconds for which a process holds the feeds that it took; longer than http.timeout."""
    max_text_chars: int = Field(default=256_000, ge=1000, le=256_000)
    """Characters of an article's text that are kept; more would not fit into a message."""


class ExtractorSettings(Section):
    """How statements are extracted."""

    workers: int = Field(default=0, ge=0, le=128)
    """Worker processes; 0 takes one per core, less one for the rest of the service."""
    batch: int = Field(default=200, ge=1, le=1000)
    """Articles taken from the topic at a time."""
    article_timeout: float = Field(default=30, gt=0, le=60)
    """Seconds one article may take before it goes to the dead letters."""
    gazetteer: Annotated[tuple[UserPath, ...], BeforeValidator(_split), NoDecode] = ()
    """Files of routes and actors of your own, as in ours; an entry with the id of one of ours
    replaces it. `accesswatch gazetteer check` finds mistakes in them."""


class AlertingSettings(Section):
    """How statements are stored and alerts sent."""

    batch: int = Field(default=500, ge=1, le=1000)
    """Statement messages stored in one transaction."""
    delivery_concurrency: int = Field(default=16, ge=1, le=500)
    """Deliveries that one process sends at a time."""
    delivery_lease: float = Field(default=60, ge=1, le=3600)
    """Seconds for which a process holds the deliveries that it took."""
    max_attempts: int = Field(default=10, ge=1, le=100)
    """Tries of a delivery before it is given up."""
    backoff: float = Field(default=5, gt=0, le=3600)
    """Seconds before the second try; doubled for each further one, with jitter."""
    max_backoff: float = Field(default=3600, gt=0, le=86400)
    """Seconds between two tries at the most."""


class ReplaySettings(Section):
    """How history is sent through again."""

    yield_lag: int = Field(default=100, ge=0, le=1_000_000)
    """Messages that may wait for the live path before a replay gives way to it; it goes on when
    half of them are gone. 0: it never does."""


class SmtpSettings(Section):
    """The mail server for e-mail alerts."""

    host: str | None = None
    """Server; without one, e-mail channels are refused."""
    port: int = Field(default=587, ge=1, le=65535)
    """Port."""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    """How the connection is encrypted."""
    username: str | None = None
    """Who logs in, where the server asks."""
    password: SecretStr | None = None
    """The password."""
    sender: str = "accesswatch@localhost"
    """Address that alerts come from."""


class Settings(BaseSettings):
    """All settings of accesswatch."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTING,
        env_ignore_empty=True,
        extra="ignore",  # `.env` holds other programs' variables too; load_settings checks ours
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    data_dir: UserPath = Field(default_factory=lambda: user_data_path("accesswatch"))
    """Where the embedded servers keep their data and `run` its logs."""
    kafka: KafkaSettings = KafkaSettings()
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    logging: LoggingSettings = LoggingSettings()
    health: HealthSettings = HealthSettings()
    poller: PollerSettings = PollerSettings()
    extractor: ExtractorSettings = ExtractorSettings()
    alerting: AlertingSettings = AlertingSettings()
    replay: ReplaySettings = ReplaySettings()
    smtp: SmtpSettings = SmtpSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override `.env`, and both what is passed in (the YAML file)."""
        del settings_cls, file_secret_settings
        return env_settings, dotenv_settings, init_settings

    @property
    def embedded(self) -> bool:
        """True where Kafka or PostgreSQL has to be started by accesswatch itself."""
        return self.kafka.bootstrap_servers is None or self.database.url is None


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """Yield every key, nested ones joined by dots: `kafka.bootstrap_servers`."""
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, Section):
            yield from known_keys(annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _sections() -> frozenset[str]:
    return frozenset(key.partition(".")[0] for key in known_keys() if "." in key)


def load_settings(config_file: Path | None = None, dotenv: Path = Path(".env")) -> Settings:
    """Read the settings.

    Args:
        config_file: a YAML file; default: the one that `ACCESSWATCH_CONFIG` names, if any.
        dotenv: a file of environment variables, which the environment overrides.

    Raises:
        ConfigurationError: a key is unknown, a value wrong, or the file unreadable.
    """
    from_dotenv = _read_dotenv(dotenv)
    if config_file is None:
        named = os.environ.get(CONFIG_FILE_VARIABLE) or from_dotenv.get(CONFIG_FILE_VARIABLE)
        config_file = Path(named) if named else None
    values = _read_yaml(config_file) if config_file else {}
    _check_variables(from_dotenv, str(dotenv))
    _check_variables(os.environ, "the environment")
    try:
        return Settings(_env_file=dotenv, **values)
    except ValidationError as error:
        raise _configuration_error(error) from error


def _read_dotenv(path: Path) -> dict[str, str | None]:
    try:
        return dotenv_values(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error})", "Correct the file, or remove it."
        ) from error


def _read_yaml(path: Path) -> dict[str, Any]:
    values = read_keys(path, f"Correct the path in --config or {CONFIG_FILE_VARIABLE}.")
    for key, value in values.items():
        if key in _sections() and not isinstance(value, dict | None):
            raise ConfigurationError(
                f"section {key} in settings file {path} does not hold keys and values",
                f"Write its keys below '{key}:', further to the right.",
            )
    for key in _paths(values):
        _refuse_unknown(key, f"settings file {path}", key)
    return {key: value for key, value in values.items() if value is not None}


def _paths(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        # A dot in a name is no nesting; shown as it would be quoted, it matches no key.
        key = f"{prefix}'{name}'" if "." in str(name) else f"{prefix}{name}"
        if isinstance(value, dict) and value:
            yield from _paths(value, f"{key}.")
        elif key not in _sections():
            yield key


def _check_variables(variables: Mapping[str, str | None], source: str) -> None:
    for name, value in variables.items():
        ours = name.upper().startswith(PREFIX) and name.upper() != CONFIG_FILE_VARIABLE
        if ours and not SERVICE_LINK.fullmatch(f"{name}={value}"):
            key = name[len(PREFIX) :].lower().replace(NESTING, ".")
            _refuse_unknown(key, source, name)


def environment_name(key: str) -> str:
    """Return the environment variable of a key: `kafka.namespace` → `ACCESSWATCH_KAFKA__…`."""
    return PREFIX + key.replace(".", NESTING).upper()


def _refuse_unknown(key: str, source: str, as_written: str) -> None:
    keys = list(known_keys())
    if key in keys:
        return
    nearest = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    style = environment_name if as_written.upper().startswith(PREFIX) else str
    remedy = (
        f"Did you mean {style(nearest[0])}?"
        if nearest
        else "'accesswatch config' lists all settings."
    )
    raise ConfigurationError(f"unknown setting {as_written} in {source}", remedy)


def _configuration_error(error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
    message = first["msg"].removeprefix("Value error, ")
    if key in _sections():
        what, place = f"section {key}", f"the variables {environment_name(key)}{NESTING}…"
    else:
        what, place = f"setting {key}", environment_name(key)
    return ConfigurationError(
        f"{what} is wrong: {message}",
        f"Correct {place} or {key} in the settings file; "
        "'accesswatch config' explains each setting.",
    )
