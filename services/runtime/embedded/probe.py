"""Asks a broker whether it is ready, without an event loop."""

import socket
import struct
from contextlib import suppress

from aiokafka.protocol.metadata import MetadataRequest_v1

TIMEOUT_SECONDS = 2.0
CORRELATION_ID = 1


def broker_answers(host: str, port: int) -> bool:
    """Tell whether the broker there accepts work: its metadata names a live broker on that port.

    A broker that is still fenced answers, but is missing from its own metadata.
    """
    with suppress(OSError, ValueError, struct.error):
        with socket.create_connection((host, port), timeout=TIMEOUT_SECONDS) as connection:
            brokers = _brokers(connection)
        return any(broker_port == port for _, _, broker_port, _ in brokers)
    return False


def _brokers(connection: socket.socket) -> list[tuple[int, str, int, str | None]]:
    request = MetadataRequest_v1([])
    header = request.build_request_header(CORRELATION_ID, "accesswatch")
    message = header.encode() + request.encode()
    connection.sendall(struct.pack(">i", len(message)) + message)
    (size,) = struct.unpack(">i", _read(connection, 4))
    answer = _read(connection, size)
    brokers: list[tuple[int, str, int, str | None]] = request.RESPONSE_TYPE.decode(
        answer[4:]  # the correlation id
    ).brokers
    return brokers


def _read(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ValueError("the connection ended")
        parts += part
    return bytes(parts)
