"""A Kafka that asks for TLS and a password, as an operator's own does."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from schemas import Topics
from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.errors import ConfigurationError, UnavailableError
from services.runtime.kafka.connection import wait_for_kafka
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.kafka.topics import create_topics
from services.runtime.settings import KafkaSettings
from tests.integration.runtime.test_consumer import (
    Collecting,
    consuming,
    outgoing,
    until,
)
from tests.support.builders import article


class SecuredKafka(EmbeddedKafka):
    """The embedded Kafka with a second listener: SASL PLAIN over TLS."""

    def __init__(self, folder: Path, authority: trustme.CA) -> None:
        super().__init__(folder)
        self.certificate = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.certificate))
        issued = authority.issue_cert("127.0.0.1", "localhost")
        self._keystore = folder / "broker.pem"
        key = load_pem_private_key(issued.private_key_pem.bytes(), None)
        # Java reads keys in PKCS #8 only.
        pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = b"".join(each.bytes() for each in issued.cert_chain_pems)
        self._keystore.write_bytes(pkcs8 + chain)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.secure_port = free.getsockname()[1]

    def _configure(self) -> int:
        port = super()._configure()
        written = self._properties.read_text(encoding="utf-8")
        values = dict(line.split("=", 1) for line in written.splitlines() if "=" in line)
        secure = f"SECURE://127.0.0.1:{self.secure_port}"
        login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        values |= {
            "listeners": f"{values['listeners']},{secure}",
            "advertised.listeners": f"{values['advertised.listeners']},{secure}",
            "listener.security.protocol.map": (
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL"
            ),
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.name.secure.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.secure.plain.sasl.jaas.config": f'{login} user_anna="secret";',
            "listener.name.secure.ssl.keystore.type": "PEM",
            "listener.name.secure.ssl.keystore.location": str(self._keystore),
        }
        text = "".join(f"{key}={value}\n" for key, value in values.items())
        self._properties.write_text(text, encoding="utf-8")
        return port


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    server = SecuredKafka(
        tmp_path_factory.mktemp("secured"), trustme.CA(key_type=trustme.KeyType.RSA)
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def secure(secured: SecuredKafka) -> KafkaSettings:
    return KafkaSettings(
        bootstrap_servers=f"127.0.0.1:{secured.secure_port}",
        security_protocol="SASL_SSL",
        sasl_mechanism="PLAIN",
        sasl_username="anna",
        sasl_password=SecretStr("secret"),
        ssl_cafile=secured.certificate,
        partitions=3,
        session_timeout=3,
    )


async def test_messages_go_through_tls_with_a_password(secure: KafkaSettings) -> None:
    handler = Collecting()
    await wait_for_kafka(secure, 10)
    await create_topics(secure)
    async with Producer(secure) as producer:
        topics = Topics(secure.namespace)
        sent = await producer.send_all([outgoing(topics, article("x", title="x"))])
        assert sent == [None]
    async with consuming(secure, handler):
        await until(lambda: _seen(handler))
    assert handler.seen == ["x"]


async def _seen(handler: Collecting) -> bool:
    return bool(handler.seen)


@pytest.mark.parametrize(
    "changes",
    [
        {"sasl_password": SecretStr("wrong")},
        {"ssl_cafile": None},
        {"security_protocol": "PLAINTEXT"},
    ],
    ids=["wrong password", "unknown authority", "no TLS"],
)
async def test_a_refused_connection_names_server_and_settings(
    secure: KafkaSettings, changes: dict[str, object]
) -> None:
    wrong = secure.model_copy(update=changes)
    with pytest.raises(UnavailableError, match="security") as raised:
        await wait_for_kafka(wrong, 0.5)
    assert "\n" not in str(raised.value)
    assert "wrong" not in str(raised.value)


async def test_a_certificate_that_cannot_be_read_is_named(secure: KafkaSettings) -> None:
    wrong = secure.model_copy(update={"ssl_cafile": Path("/nowhere/ca.pem")})
    with pytest.raises(ConfigurationError, match="SSL_CAFILE"):
        await wait_for_kafka(wrong, 0.5)


async def test_a_record_that_is_too_large_is_refused_and_the_rest_is_sent(
    kafka: KafkaSettings,
) -> None:
    topics = Topics(kafka.namespace)
    async with Producer(kafka) as producer:
        answers = await producer.send_all(
            [
                Outgoing(topics.articles, b"a", b"small"),
                Outgoing(topics.articles, b"b", b"x" * 3_000_000),
                Outgoing(topics.articles, b"c", b"small"),
            ]
        )
    assert answers[0] is None
    assert answers[2] is None
    assert answers[1]
    assert "bytes" in answers[1]
