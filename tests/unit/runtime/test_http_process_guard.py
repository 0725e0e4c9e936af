import json
import socket
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from services.runtime.http.process_guard import GuardedAddressError, check

ROOT = Path(__file__).parents[3]
TRY_ALL = """
import json, os, socket, sys
from ipaddress import ip_network
from services.runtime.http.process_guard import install

port = int(sys.argv[1])
install([(ip_network("127.0.0.0/8"), port)])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempts = {
    "allowed": lambda: socket.create_connection(("127.0.0.1", port)).close(),
    "by name": lambda: socket.create_connection(("localhost", port)).close(),
    "other port": lambda: socket.create_connection(("127.0.0.1", port - 1)),
    "private": lambda: socket.create_connection(("10.0.0.1", 80), timeout=0.1),
    "connect_ex": lambda: socket.socket().connect_ex(("169.254.169.254", 80)),
    "datagram": lambda: udp.sendto(b"x", ("10.0.0.1", 53)),
    "message": lambda: udp.sendmsg([b"x"], [], 0, ("10.0.0.1", 53)),
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/tmp/x"),
    "unresolved": lambda: socket.socket().connect(("localhost", port)),
}
results = {}
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError as error:
        results[name] = type(error).__name__
    else:
        results[name] = "done"
results["proxies"] = [name for name in os.environ if name.lower().endswith("_proxy")]
print(json.dumps(results))
"""


def test_guarded_process_reaches_allowed_addresses_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        output = subprocess.run(
            [sys.executable, "-c", TRY_ALL, str(port)],
            cwd=ROOT,
            env={"HTTPS_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"},
            capture_output=True,
            check=True,
        ).stdout
    results = json.loads(output)
    refused = GuardedAddressError.__name__
    assert results == {
        "allowed": "done",
        "by name": "done",
        "other port": refused,
        "private": refused,
        "connect_ex": refused,
        "datagram": refused,
        "message": refused,
        "unix": refused,
        "unresolved": refused,
        "proxies": [],
    }


@pytest.mark.parametrize(
    "address", [("1.1.1.1", 443), ("2606:4700:4700::1111", 443, 0, 0), ("10.1.2.3", 25), None]
)
def test_public_and_allowed_addresses_pass(address: object) -> None:
    check(address, [(ip_network("10.1.0.0/16"), 25)])


@pytest.mark.parametrize(
    "address",
    [("10.1.2.3", 26), ("feeds.example", 80), "/run/socket", b"\0abstract", (1, 2), ()],
)
def test_what_is_private_or_cannot_be_judged_is_refused(address: object) -> None:
    with pytest.raises(GuardedAddressError):
        check(address, [(ip_network("10.1.0.0/16"), 25)])
