"""A network backend that checks the address it really connects to.

The host is resolved once and the connection goes to the address that was checked, so that a name
cannot answer with a public address first and a private one afterwards.
"""

import asyncio
import socket
from collections.abc import Iterable

import httpcore

from services.runtime.http.addresses import Allowed, may_reach


class PrivateAddressError(Exception):
    """Every address of a host is private."""


class UnknownHostError(Exception):
    """A host has no address."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public and to allowed addresses only."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that answers."""
        error: Exception | None = None
        for address in await self._reachable(host, port):
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as failure:
                error = failure
        raise error or httpcore.ConnectError(f"{host} cannot be reached")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no outbound request goes to a local socket."""
        del timeout, socket_options
        raise PrivateAddressError(path)

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        await self._inner.sleep(seconds)

    async def _reachable(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(host) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        reachable = [each for each in addresses if may_reach(each, port, self._allowed)]
        if not reachable:
            raise PrivateAddressError(host)
        return reachable
