"""An outlet's web server on loopback, which answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Outlet:
    """Answers each path with the given bytes, or never."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, bytes] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        """Path and headers (names in lower case) of each request."""
        self.at_once = 0
        self.most_at_once = 0

    def answer(
        self, path: str, status: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> str:
        """Answer a path from now on; return its address."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.answers[path] = "\r\n".join([*lines, "", ""]).encode() + body
        return self.url + path

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        path = head[0].split(" ")[1]
        pairs = (line.partition(": ") for line in head[1:] if line)
        self.requests.append((path, {name.lower(): value for name, _, value in pairs}))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        if path in self.answers:
            writer.write(self.answers[path])
        else:
            await reader.read()  # until the client gives up
        self.at_once -= 1
        writer.close()


@asynccontextmanager
async def serve_outlet() -> AsyncIterator[Outlet]:
    """Run an outlet."""
    outlet = Outlet()
    server = await asyncio.start_server(outlet.serve, "127.0.0.1", 0)
    outlet.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield outlet
