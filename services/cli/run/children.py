"""The service processes of a run: started, watched, restarted, stopped."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from services.cli.run.events import Event, read_event
from services.runtime.embedded.leash import command as leashed

GRACE_SECONDS = 6.0
"""How long a service may take to stop before its leash kills it."""
RESTART_SECONDS = 1.0
FAST_FAILURE_SECONDS = 20.0
FAST_FAILURES = 5
"""A service that ends so often within so short a time each is not restarted again."""
LOG_BYTES = 20_000_000
"""A log file beyond this is moved aside at the next start, in place of the one moved before."""
LINE_BYTES = 1_000_000


class Child:
    """One service as a process of its own, restarted when it ends by itself."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        logs: Path,
        tell: Callable[[Event], None],
    ) -> None:
        self.name = name
        self._environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self._log_path = logs / f"{name}.jsonl"
        self._tell = tell
        self._running: asyncio.subprocess.Process | None = None
        self.stopping = False

    async def run(self) -> None:
        """Run until `stop`; returns early where the service cannot stay up."""
        failures = 0
        with _open_log(self._log_path) as log:
            while not self.stopping:
                began = time.monotonic()
                code = await self._run_once(log)
                if self._asked_to_stop():
                    break
                failures = failures + 1 if time.monotonic() - began < FAST_FAILURE_SECONDS else 0
                if failures >= FAST_FAILURES:
                    self._event(
                        "service.gave_up", "error", error=f"ended {failures} times in a row"
                    )
                    return
                self._event("service.restarting", "warning", error=f"ended with {code}, restarted")
                await asyncio.sleep(RESTART_SECONDS)

    def _asked_to_stop(self) -> bool:
        return self.stopping

    async def stop(self) -> None:
        """Ask the service to stop and wait until it has; its leash kills it where it does not."""
        self.stopping = True
        running = self._running
        if running is None or running.returncode is not None:
            return
        self._event("service.stopping", "info")
        with contextlib.suppress(ProcessLookupError):
            running.send_signal(signal.SIGTERM)
        await running.wait()

    async def _run_once(self, log: BinaryIO) -> int:
        self._running = running = await asyncio.create_subprocess_exec(
            *leashed([sys.executable, "-m", f"services.{self.name}"], grace=GRACE_SECONDS),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            limit=LINE_BYTES,
            # Ctrl-C goes to the whole group of the terminal; only the parent shall act on it.
            start_new_session=True,
        )
        if self._asked_to_stop():
            # It was asked to stop while the process was being made.
            running.send_signal(signal.SIGTERM)
        self._event("service.started", "info", pid=running.pid)
        await asyncio.gather(
            self._follow(running.stderr, log, tell=True),
            self._follow(running.stdout, log, tell=False),
        )
        return await running.wait()

    async def _follow(
        self, stream: asyncio.StreamReader | None, log: BinaryIO, *, tell: bool
    ) -> None:
        while stream is not None:
            try:
                line = await stream.readline()
            except ValueError:  # a line longer than LINE_BYTES; its rest comes as the next
                continue
            if not line:
                return
            log.write(line)
            if tell:
                self._tell(read_event(self.name, line))

    def _event(self, name: str, level: str, **facts: object) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._tell(Event(self.name, name, level, now, facts))


def _open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".1.jsonl"))
    return path.open("ab", buffering=0)
