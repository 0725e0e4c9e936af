"""Asks every pod of every role whether it is ready; `helm test` runs it in the image.

Arguments: the port, then a Service's name for each role. It says what each pod answered, and ends
with 1 where a role has no pod or one is not ready.
"""

import socket
import sys
import urllib.error
import urllib.request


def pods(service: str, port: str) -> list[str]:
    """Return the addresses behind a name, none where it does not resolve."""
    try:
        found = socket.getaddrinfo(service, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return sorted({str(each[4][0]) for each in found})


def answer(address: str, port: str) -> tuple[bool, str]:
    """Ask one pod; return whether it is ready, and what it said."""
    host = f"[{address}]" if ":" in address else address
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/ready", timeout=10) as response:
            return True, response.read().decode()
    except urllib.error.HTTPError as error:
        return False, error.read().decode()
    except OSError as error:
        return False, str(error)


def main() -> int:
    """Ask; return the exit code."""
    port, *services = sys.argv[1:]
    well = True
    for service in services:
        found = pods(service, port)
        if not found:
            sys.stdout.write(f"{service}: no pod\n")
        answers = [(address, *answer(address, port)) for address in found]
        for address, ready, said in answers:
            sys.stdout.write(f"{service} {address}: {'ready' if ready else 'NOT ready'} {said}\n")
        well = well and bool(found) and all(ready for _, ready, _ in answers)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
