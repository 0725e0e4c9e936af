"""TCP ports on loopback."""

import socket
from contextlib import ExitStack

from services.runtime.embedded.kafka_properties import HOST


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port, now."""
    with socket.socket() as probe:
        # As Java does: connections of an earlier server that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return different ports that are free, now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]
