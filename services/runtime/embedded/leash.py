"""A small parent for a child that must not outlive those who want it.

`command(argv)` wraps a command so that it runs under this file as a script. The child is ended
when what it is held by is gone, even by SIGKILL:

- held by a pipe (the default): standard input reaches its end, because the one process that has
  the other end of the pipe ended;
- held by a lock: nobody holds a shared `flock` on a file any more. For a server that several
  processes use; none of them is its parent.

Ending is a signal, and SIGKILL for the child's whole process group after a grace period. SIGTERM,
SIGINT and SIGHUP to the leash do the same. The leash ends with the child's exit code, 128 + n
where signal n ended it. Never SIGKILL the leash itself: that would let the child go.

Only the standard library is used and the file is run by its path, isolated from the environment:
it starts in 30 ms wherever it is called from.
"""

import argparse
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import psutil

GRACE_SECONDS: Final = 5.0
"""How long a child may take to end after the signal, unless told otherwise."""

POLL_SECONDS: Final = 0.02

BY_SIGNAL: Final = 128
"""Added to a signal's number to make an exit code, as shells do."""


def command(
    argv: Sequence[str],
    *,
    grace: float = GRACE_SECONDS,
    stop_signal: signal.Signals = signal.SIGTERM,
    while_locked: Path | None = None,
    user: str | None = None,
) -> list[str]:
    """Wrap a command.

    Args:
        argv: program and arguments.
        grace: seconds between the signal and SIGKILL.
        stop_signal: what asks the child to end.
        while_locked: the file whose shared locks hold the child; default: the pipe on stdin. The
            leash then leaves its parent and prints its own process id.
        user: name of the account that the child runs under; default: the same one.
    """
    options = ["--grace", str(grace), "--stop-signal", str(int(stop_signal))]
    if while_locked is not None:
        options += ["--while-locked", str(while_locked)]
    if user is not None:
        options += ["--user", user]
    return [sys.executable, "-I", "-S", str(Path(__file__)), *options, "--", *argv]


def popen(
    argv: Sequence[str],
    *,
    grace: float = GRACE_SECONDS,
    stop_signal: signal.Signals = signal.SIGTERM,
    **kwargs: Any,
) -> subprocess.Popen[bytes]:
    """Start a command that ends with this process.

    Keep the result: closing its `stdin` ends the child, and so does `terminate()`. It runs in a
    session of its own, so that Ctrl-C in a terminal reaches this process only, which can end its
    children in order.

    Args:
        argv: program and arguments.
        grace: seconds between the signal and SIGKILL.
        stop_signal: what asks the child to end.
        **kwargs: for `subprocess.Popen`, except stdin and start_new_session.
    """
    return subprocess.Popen(  # noqa: S603 - the caller's command, no shell
        command(argv, grace=grace, stop_signal=stop_signal),
        stdin=subprocess.PIPE,
        start_new_session=True,
        **kwargs,
    )


def child_of(process: subprocess.Popen[bytes], seconds: float = GRACE_SECONDS) -> "psutil.Process":
    """Return the child under a leash, waiting up to `seconds` until it is there.

    Raises:
        psutil.NoSuchProcess: the leash, and so the child, has ended.
        TimeoutError: there is no child yet.
    """
    import psutil  # noqa: PLC0415 - not there where this file runs as a script

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        children: list[psutil.Process] = psutil.Process(process.pid).children()
        if children:
            return children[0]
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"leash {process.pid} has no child")


def start_while_locked(argv: Sequence[str], lock: Path, **kwargs: Any) -> int:
    """Start a command that lives as long as somebody holds a shared lock on `lock`.

    The caller must hold one already.

    Args:
        argv: program and arguments.
        lock: the file.
        **kwargs: for `command`, and `stderr` for where the child writes.

    Returns:
        The leash's process id.
    """
    stderr = kwargs.pop("stderr", None)
    started = subprocess.run(  # noqa: S603 - the caller's command, no shell
        command(argv, while_locked=lock, **kwargs),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        check=True,
    )
    return int(started.stdout)


class _Child:
    """The child and how it is ended."""

    def __init__(self, argv: list[str], stop_signal: int, grace: float, user: str | None) -> None:
        self._stop_signal = stop_signal
        self._grace = grace
        self._popen: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - the caller's command, no shell
            argv,
            stdin=subprocess.DEVNULL,
            process_group=0,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def end(self) -> None:
        """Ask the child to end and see to it; returns at the latest after the grace period."""
        self._popen.send_signal(self._stop_signal)
        deadline = time.monotonic() + self._grace
        while self._popen.poll() is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self._kill_group()

    def wait(self) -> int:
        """Wait for the child, then end what it left behind in its process group."""
        code = self._popen.wait()
        self._kill_group()
        return BY_SIGNAL - code if code < 0 else code

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)


def _until_end_of_input() -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass


def _until_unlocked(lock: str) -> None:
    # The descriptor stays open: a new user waits for its lock until the child is gone.
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _leave_parent() -> None:
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.write(1, str(child).encode())
        os._exit(0)
    os.setsid()
    # The starter reads stdout up to its end.
    os.dup2(2, 1)


def _run(options: argparse.Namespace, released: Callable[[], None]) -> int:
    asked = threading.Event()
    # Before the child is there, so that no signal finds the leash without a handler.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    child = _Child(options.argv, options.stop_signal, options.grace, options.user)

    def release() -> None:
        released()
        asked.set()

    def end() -> None:
        asked.wait()
        child.end()

    for target in (release, end):
        threading.Thread(target=target, daemon=True).start()
    return child.wait()


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(prog="leash")
    parser.add_argument("--grace", type=float, required=True)
    parser.add_argument("--stop-signal", type=int, required=True)
    parser.add_argument("--while-locked")
    parser.add_argument("--user")
    parser.add_argument("argv", nargs="+")
    options = parser.parse_args()
    lock = options.while_locked
    if lock:
        _leave_parent()
    released = (lambda: _until_unlocked(lock)) if lock else _until_end_of_input
    return _run(options, released)


if __name__ == "__main__":
    # At once: a thread may still be blocked in its wait for the pipe or the lock.
    sys.stdout.flush()
    os._exit(main())
