"""Server processes that outlived who started them: remembered in a file, found, ended."""

import json
import time
from contextlib import suppress
from pathlib import Path

import psutil

END_SECONDS = 5.0
POLL_SECONDS = 0.02
CREATED_WITHIN_SECONDS = 1.0
"""Clock steps may move what psutil says about one process's creation by that much."""


def remember(path: Path, pid: int) -> None:
    """Write down a process, so that it can be told from another one with the same id."""
    with suppress(psutil.NoSuchProcess):
        record = {"pid": pid, "created": psutil.Process(pid).create_time()}
        path.write_text(json.dumps(record), encoding="ascii")


def remembered(path: Path, mark: str) -> psutil.Process | None:
    """Return the process that `path` speaks of, if it still runs.

    Args:
        path: where `remember` wrote.
        mark: what the process's command line holds.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, psutil.Error):
        record = json.loads(path.read_text(encoding="ascii"))
        process = psutil.Process(record["pid"])
        same = abs(process.create_time() - record["created"]) < CREATED_WITHIN_SECONDS
        if same and any(mark in part for part in process.cmdline()):
            return process
    return None


def end(process: psutil.Process) -> None:
    """End a process, with SIGKILL where SIGTERM does not do."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        if not wait_for(process, END_SECONDS):
            process.kill()
            wait_for(process, END_SECONDS)


def wait_for(process: psutil.Process, seconds: float) -> bool:
    """Wait until a process has ended, and tell whether it did.

    It may be another one's child; in a container whose first process reaps nobody, what is left
    of it stays for ever as a zombie.
    """
    deadline = time.monotonic() + seconds
    while _runs(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
