"""`accesswatch run` as a process, and what it leaves behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.support.processes import clean_environment

COMMAND = (sys.executable, "-m", "services.cli")
POLL_SECONDS = 0.1


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a user who sets nothing but the data folder."""
    return {
        **clean_environment(),
        "ACCESSWATCH_DATA_DIR": str(data),
        "NO_COLOR": "1",
        "COLUMNS": "300",
    }


def accesswatch(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a data folder to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Run:
    """A running `accesswatch run --plain`."""

    def __init__(self, data: Path, output: Path) -> None:
        self.data = data
        self._output = output
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [*COMMAND, "run", "--plain", "--no-default-feeds"],
                env=environment(data),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    @property
    def lines(self) -> list[str]:
        """What it has printed."""
        return self._output.read_text(encoding="utf-8").splitlines()

    def wait_for(self, pattern: str, seconds: float = 60, count: int = 1) -> list[str]:
        """Wait until so many lines match, and return those.

        Raises:
            AssertionError: they do not come, or the program ends before.
        """
        deadline = time.monotonic() + seconds
        while len(found := [line for line in self.lines if re.search(pattern, line)]) < count:
            alive = self.process.poll() is None
            assert alive, "\n".join(self.lines)
            assert time.monotonic() < deadline, "\n".join(self.lines)
            time.sleep(POLL_SECONDS)
        return found

    def interrupt(self) -> tuple[int, float]:
        """Press Ctrl-C; return the exit code and how many seconds the end took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60), time.monotonic() - began

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def running(data: Path, output: Path) -> Iterator[Run]:
    """Run the program on a data folder; whatever happens, it ends with the block."""
    run = Run(data, output)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.interrupt()


def processes_of(data: Path) -> list[psutil.Process]:
    """Return every process that works on a data folder, whoever is its parent."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _works_on(process, str(data))
    ]


def _works_on(process: psutil.Process, data: str) -> bool:
    with suppress(psutil.Error):
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return (
            process.environ().get("ACCESSWATCH_DATA_DIR") == data
            or process.cwd().startswith(data)
            or any(data in part for part in process.cmdline())
        )
    return False


def wait_for_service(
    data: Path, name: str, *, other_than: int | None = None, seconds: float = 20.0
) -> psutil.Process:
    """Wait until a service's own process is there, and return it.

    The run tells of a service when its leash starts, which is a little before the service does.

    Args:
        data: folder that it works on.
        name: of the service.
        other_than: the id of a process that is not meant.
        seconds: how long to wait.

    Raises:
        AssertionError: it does not come.
    """
    deadline = time.monotonic() + seconds
    while True:
        for process in processes_of(data):
            if process.pid != other_than and _serves(process, name):
                return process
        assert time.monotonic() < deadline, f"no process of {name}"
        time.sleep(POLL_SECONDS)


def _serves(process: psutil.Process, name: str) -> bool:
    """Tell whether a process is the service itself, not its leash."""
    with suppress(psutil.Error):
        return process.cmdline()[2:3] == [f"services.{name}"]
    return False


def all_end(data: Path, seconds: float) -> bool:
    """Wait until nothing works on a data folder any more; tell whether that came about."""
    deadline = time.monotonic() + seconds
    while processes_of(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
