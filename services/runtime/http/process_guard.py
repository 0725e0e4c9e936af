"""Keeps a whole process from reaching private addresses.

For libraries that open sockets by themselves, such as Apprise, each in a process of its own:
`ProcessPoolExecutor(initializer=install, initargs=(settings.allowed_networks(),))`. The guard
cannot be taken off again. It sees what Python's `socket` does, which is what such libraries use;
it is no sandbox against code that means harm.
"""

import os
import sys
from ipaddress import ip_address
from typing import Any, Final

from services.runtime.http.addresses import Allowed, is_allowed

GUARDED_EVENTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
"""https://docs.python.org/3/library/audit_events.html; connect_ex raises socket.connect too."""
PROXY_VARIABLES: Final = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy")


class GuardedAddressError(PermissionError):
    """A connection that is not opened; an OSError, which network libraries expect."""


def install(allowed: Allowed) -> None:
    """Refuse connections and datagrams to all but public and allowed IP addresses, from now on.

    Unix sockets are refused too. Proxies in the environment are forgotten: through one, any
    address could be reached.

    Args:
        allowed: exceptions from "public addresses only", `HttpSettings.allowed_networks()`.
    """
    for name in PROXY_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    exceptions = tuple(allowed)

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in GUARDED_EVENTS:
            check(arguments[1], exceptions)

    sys.addaudithook(guard)


def check(address: object, allowed: Allowed) -> None:
    """Check the address argument of a socket call.

    Args:
        address: `(host, port)` or longer for IP, None for a datagram on a connected socket.
        allowed: exceptions from "public addresses only".

    Raises:
        GuardedAddressError: it is not public and not allowed, or cannot be judged: a host name,
            whose addresses only the system would learn, or a socket that is not IP.
    """
    if address is None:
        return
    match address:
        case (str(host), int(port), *_) if _permitted(host, port, allowed):
            return
    raise GuardedAddressError(f"connections to {address!r} are not allowed from this process")


def _permitted(host: str, port: int, allowed: Allowed) -> bool:
    try:
        return is_allowed(ip_address(host), port, allowed)
    except ValueError:
        return False
