"""Kafka and PostgreSQL on this machine, where pods can reach them.

They are the embedded ones, which listen on loopback and on a socket. Kafka gets a listener more;
PostgreSQL's socket is forwarded.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import uvicorn
from starlette.applications import Starlette

from services.runtime.embedded.kafka import EmbeddedKafka
from services.runtime.embedded.postgres_cluster import SOCKET_NAME

LISTENERS = ("listeners", "advertised.listeners")
CHUNK = 65536


class ReachableKafka(EmbeddedKafka):
    """An embedded Kafka with a listener of its own for pods.

    Args:
        folder: where its data is.
        host: the address that pods reach.
    """

    def __init__(self, folder: Path, host: str) -> None:
        super().__init__(folder)
        self._host = host
        self._outer = free_port(host)

    @property
    def outer(self) -> str:
        """Its bootstrap address for pods."""
        return f"{self._host}:{self._outer}"

    def _configure(self) -> int:
        port = super()._configure()
        text = self._properties.read_text(encoding="utf-8")
        self._properties.write_text(with_listener(text, self.outer), encoding="utf-8")
        return port


def with_listener(properties: str, address: str) -> str:
    """Return a broker's properties with a further listener, which speaks without encryption."""
    lines = []
    for line in properties.splitlines():
        key, _, value = line.partition("=")
        if key in LISTENERS:
            value += f",PODS://{address}"
        if key == "listener.security.protocol.map":
            value += ",PODS:PLAINTEXT"
        lines.append(f"{key}={value}\n")
    return "".join(lines)


def free_port(host: str) -> int:
    """Return a port that is free on an address, for the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def socket_of(url: str) -> Path:
    """Return the socket behind the address of an embedded PostgreSQL."""
    return Path(parse_qs(urlsplit(url).query)["host"][0]) / SOCKET_NAME


@asynccontextmanager
async def forwarded(path: Path, host: str) -> AsyncIterator[int]:
    """Forward TCP connections to a Unix socket while the block runs; yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_forward(path, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forward(path: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        inner_reader, inner_writer = await asyncio.open_unix_connection(path)
    except OSError:
        writer.close()
        return
    try:
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
    finally:
        inner_writer.close()
        writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def served(app: Starlette, host: str) -> AsyncIterator[str]:
    """Serve an application where pods reach it while the block runs; yields its base address."""
    listener = socket.socket()
    listener.bind((host, 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    task = asyncio.create_task(server._serve(sockets=[listener]))
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()
