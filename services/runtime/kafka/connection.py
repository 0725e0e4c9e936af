"""How to reach Kafka: addresses, TLS, SASL."""

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.runtime.errors import ConfigurationError, UnavailableError
from services.runtime.settings import KafkaSettings

CLIENT_ID = "accesswatch"
RETRY_SECONDS = 0.5


def bootstrap_servers(settings: KafkaSettings) -> list[str]:
    """Return the brokers' addresses.

    Raises:
        ConfigurationError: none are configured, or one is not `host:port`.
    """
    if not settings.bootstrap_servers:
        raise ConfigurationError(
            "no Kafka is configured",
            "Set ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS, or use 'accesswatch run', which starts "
            "its own.",
        )
    servers = [each.strip() for each in settings.bootstrap_servers.split(",") if each.strip()]
    for server in servers:
        host, _, port = server.rpartition(":")
        if not host or not port.isdigit():
            raise ConfigurationError(
                f"'{server}' in ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS is not an address",
                "Write each broker as host:port, separated by commas.",
            )
    return servers


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext | None:
    """Return the TLS context, or None where the protocol has no TLS.

    Raises:
        ConfigurationError: a certificate or key cannot be read.
    """
    if not settings.security_protocol.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ssl_cafile)
        if settings.ssl_certfile:
            context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"a Kafka certificate or key cannot be read ({error})",
            "Correct ACCESSWATCH_KAFKA__SSL_CAFILE, …SSL_CERTFILE and …SSL_KEYFILE.",
        ) from error
    return context


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return what every aiokafka client takes."""
    password = settings.sasl_password
    return {
        "bootstrap_servers": bootstrap_servers(settings),
        "client_id": CLIENT_ID,
        "security_protocol": settings.security_protocol,
        "ssl_context": ssl_context(settings),
        "sasl_mechanism": settings.sasl_mechanism,
        "sasl_plain_username": settings.sasl_username,
        "sasl_plain_password": password.get_secret_value() if password else None,
    }


def faststream_security(settings: KafkaSettings) -> BaseSecurity | None:
    """Return the same for a FastStream broker."""
    context = ssl_context(settings)
    if not settings.security_protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context) if context else None
    kinds = {
        "PLAIN": SASLPlaintext,
        "SCRAM-SHA-256": SASLScram256,
        "SCRAM-SHA-512": SASLScram512,
    }
    password = settings.sasl_password
    return kinds[settings.sasl_mechanism](
        username=settings.sasl_username or "",
        password=password.get_secret_value() if password else "",
        ssl_context=context,
        use_ssl=context is not None,
    )


async def ping(settings: KafkaSettings, seconds: float = 5) -> bool:
    """Tell whether a broker answers within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await _describe(settings)
    except (KafkaError, OSError, TimeoutError):
        return False
    return True


async def _describe(settings: KafkaSettings) -> None:
    client = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=5000)
    try:
        await client.start()
        await client.describe_cluster()
    finally:
        await client.close()


async def wait_for_kafka(
    settings: KafkaSettings,
    seconds: float | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> None:
    """Wait until a broker answers.

    Args:
        settings: where Kafka is.
        seconds: how long to wait; default: `settings.connect_timeout`.
        waiting: told why, once, if the first try fails.

    Raises:
        UnavailableError: none did within that time.
    """
    deadline = time.monotonic() + (settings.connect_timeout if seconds is None else seconds)
    told = False
    while True:
        try:
            async with asyncio.timeout(10):
                return await _describe(settings)
        except (KafkaError, OSError, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"Kafka at {settings.bootstrap_servers} cannot be reached ({reason})",
                    "Start it, or correct ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS and its security "
                    "settings.",
                ) from error
            if not told:
                waiting(reason)
                told = True
            await asyncio.sleep(RETRY_SECONDS)
