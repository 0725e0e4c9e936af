"""Connections to checked addresses only.

The name is resolved once, each address is checked, and the connection goes to a checked address
itself: there is no second resolution that could answer differently (DNS rebinding).
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final

import httpcore

from services.runtime.http.addresses import Address, Allowed, is_allowed
from services.runtime.http.failures import HttpFailure

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host, best first. Raises OSError or UnicodeError."""

DNS_THREADS: Final = 32
"""Names whose servers do not answer hold a thread for 10 s and more each."""
MAX_ADDRESSES: Final = 4
"""Addresses of a host that are tried, in turn."""


class NetworkRefusal(Exception):  # noqa: N818 - never leaves this package
    """A connection that is not opened."""

    def __init__(self, reason: HttpFailure, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Resolver:
    """The system's resolver in threads of its own, so that hanging names hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(DNS_THREADS, "dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Return the host's addresses."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(sockaddr[0]) for *_, sockaddr in found]

    def close(self) -> None:
        """Let the threads go; what they still wait for is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to public and allowed addresses.

    Args:
        resolve: how names become addresses.
        allowed: exceptions from "public addresses only".
        seconds: for a connection; several addresses of a host share them.
    """

    def __init__(self, resolve: Resolve, allowed: Allowed, seconds: float) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._seconds = seconds
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that can be connected to.

        Raises:
            NetworkRefusal: the host has no address, or none that may be connected to.
            httpcore.ConnectError: none of its addresses accepts the connection.
        """
        del timeout  # the client's limit on the whole request holds
        addresses = await self._checked(host, port)
        seconds = self._seconds / len(addresses)
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._tcp.connect_tcp(
                    str(address), port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or NetworkRefusal(HttpFailure.DNS, f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the base class's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL leads to a Unix socket.

        Raises:
            NetworkRefusal: always.
        """
        del timeout, socket_options
        raise NetworkRefusal(HttpFailure.PRIVATE_ADDRESS, path)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[Address]:
        addresses = await self._addresses(host, port)
        permitted = [each for each in addresses if is_allowed(each, port, self._allowed)]
        if addresses and not permitted:
            shown = str(addresses[0])
            detail = shown if shown == host else f"{host} is {shown}"
            raise NetworkRefusal(HttpFailure.PRIVATE_ADDRESS, f"{detail}, port {port}")
        if not permitted:
            raise NetworkRefusal(HttpFailure.DNS, f"{host} has no address")
        return permitted[:MAX_ADDRESSES]

    async def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        try:
            return [ip_address(text) for text in await self._resolve(host, port)]
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a valid name"
            raise NetworkRefusal(HttpFailure.DNS, f"{host}: {reason}") from error
