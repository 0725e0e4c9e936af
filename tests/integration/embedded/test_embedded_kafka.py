import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.runtime.embedded import stale
from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.errors import ConflictError

Start = Callable[[str], tuple[subprocess.Popen[str], Any]]

TOPIC = "news"
START_IN_CHILD = (
    "from services.runtime.embedded.kafka import EmbeddedKafka\n"
    "kafka = EmbeddedKafka(Path({folder!r}))\n"
    "print(json.dumps([kafka.start(), kafka.pid, kafka._leash.pid]), flush=True)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A formatted folder for the tests of this file; its path is an awkward one."""
    return tmp_path_factory.mktemp("a folder, spécial") / "kafka"


@pytest.fixture
def kafka_here(folder: Path) -> Iterator[EmbeddedKafka]:
    server = EmbeddedKafka(folder)
    yield server
    server.stop()


async def _create_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def _send(bootstrap: str, bodies: list[bytes]) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, max_request_size=6 * 1024 * 1024
    ) as producer:
        for body in bodies:
            await producer.send_and_wait(TOPIC, body)


async def _read(bootstrap: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    partition = TopicPartition(TOPIC, 0)
    consumer.assign([partition])
    await consumer.start()
    try:
        await consumer.seek_to_beginning(partition)
        return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


async def test_messages_outlive_a_kill_and_the_address_stays(kafka_here: EmbeddedKafka) -> None:
    bootstrap = kafka_here.start()
    assert kafka_here.start() == bootstrap
    await _create_topic(bootstrap)
    large = b"x" * 5_000_000
    await _send(bootstrap, [b"one", large])
    kafka_here.kill()
    assert not kafka_here.is_alive()
    assert kafka_here.pid is None
    assert kafka_here.start() == bootstrap
    await _send(bootstrap, [b"three"])
    assert await _read(bootstrap, 3) == [b"one", large, b"three"]


def test_kafka_ends_with_a_killed_parent_and_starts_again(
    start_python: Start, kafka_here: EmbeddedKafka
) -> None:
    parent, (bootstrap, pid, _) = start_python(START_IN_CHILD.format(folder=str(kafka_here.folder)))
    server = psutil.Process(pid)
    with pytest.raises(ConflictError, match="in use by another process"):
        kafka_here.start()
    parent.kill()
    parent.wait()
    assert kafka_here.start() == bootstrap
    assert not server.is_running()


def test_kafka_that_lost_its_leash_is_ended_by_the_next_start(
    start_python: Start, kafka_here: EmbeddedKafka
) -> None:
    parent, (bootstrap, pid, leash_pid) = start_python(
        START_IN_CHILD.format(folder=str(kafka_here.folder))
    )
    server = psutil.Process(pid)
    parent.kill()
    parent.wait()
    psutil.Process(leash_pid).kill()
    assert kafka_here.start() == bootstrap
    assert stale.wait_for(server, 0)
    assert kafka_here.pid != pid


def test_remembered_port_that_somebody_took_is_replaced(kafka_here: EmbeddedKafka) -> None:
    first = kafka_here.start()
    kafka_here.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(first.rpartition(":")[2])))
        other.listen()
        assert kafka_here.start() != first


def test_wanted_port_in_use_is_a_conflict_that_names_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConflictError, match=f"port {port}"):
            EmbeddedKafka(tmp_path, port=port).start()
