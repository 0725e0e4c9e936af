"""The embedded broker's configuration.

One node that is broker and controller, on loopback, small enough for a laptop. Names and
defaults: https://kafka.apache.org/documentation/#brokerconfigs
"""

from typing import Final

MAX_MESSAGE_BYTES: Final = 6 * 1024 * 1024
"""Largest message: an article with its text is at most 1 MB characters of up to 4 bytes."""

HOST: Final = "127.0.0.1"


def broker_properties(port: int, controller_port: int) -> str:
    """Return the text of `server.properties`.

    Args:
        port: where clients connect.
        controller_port: where the broker reaches its own controller.
    """
    properties = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": (
            f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}"
        ),
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.bootstrap.servers": f"{HOST}:{controller_port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        # Relative to the working directory: a comma in the path would make it two.
        "log.dirs": "topics",
        "auto.create.topics.enable": "false",
        "message.max.bytes": MAX_MESSAGE_BYTES,
        "replica.fetch.max.bytes": MAX_MESSAGE_BYTES,
        **_single_node(),
        **_quick_return(),
        **_small(),
    }
    return "".join(f"{key}={value}\n" for key, value in properties.items())


def _single_node() -> dict[str, int]:
    return {
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "min.insync.replicas": 1,
    }


def _quick_return() -> dict[str, int]:
    # After a kill -9 one waits for the old session to be fenced: 9 s by default.
    return {
        "broker.session.timeout.ms": 2000,
        "broker.heartbeat.interval.ms": 500,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # Kafka leaves writing to disk to the system; one machine has no replica to make up for it.
        "log.flush.interval.ms": 1000,
        "log.flush.scheduler.interval.ms": 1000,
    }


def _small() -> dict[str, int]:
    return {
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        # The default, 128 MB, is half of the heap.
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    }
