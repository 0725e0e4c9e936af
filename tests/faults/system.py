"""The services as processes that can be killed."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from tests.support.processes import clean_environment

SERVICES = ("poller", "extractor", "alerting")


class System:
    """The three services, each a process of its own."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment = {**clean_environment(), **environment}
        self._logs = logs
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self.kills = 0

    async def start(self, name: str, changes: Mapping[str, str] | None = None) -> None:
        """Start a service, with settings that differ from the others' where given."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{name}.jsonl").open("ab") as log:
            self._running[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                f"services.{name}",
                env={**self._environment, **(changes or {})},
                stdout=log,
                stderr=log,
            )

    async def start_all(self) -> None:
        """Start every service."""
        for name in SERVICES:
            await self.start(name)

    async def kill(self, name: str) -> None:
        """End a service with SIGKILL and wait until it is gone."""
        running = self._running[name]
        if running.returncode is None:
            running.send_signal(signal.SIGKILL)
            self.kills += 1
        await running.wait()

    async def stop_all(self) -> dict[str, int]:
        """Ask every service to stop; return their exit codes."""
        for running in self._running.values():
            if running.returncode is None:
                running.send_signal(signal.SIGTERM)
        return {name: await running.wait() for name, running in self._running.items()}

    def ended(self) -> dict[str, int]:
        """Return the exit codes of services that have ended by themselves."""
        return {
            name: running.returncode
            for name, running in self._running.items()
            if running.returncode is not None
        }


async def accesswatch(environment: Mapping[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit code, output and errors."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.cli",
        *arguments,
        env={**clean_environment(), **environment, "NO_COLOR": "1", "COLUMNS": "200"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await running.communicate()
    return running.returncode or 0, out.decode(), err.decode()


async def run_service(name: str, environment: Mapping[str, str]) -> tuple[int, list[Any]]:
    """Run a service until it ends by itself; return its exit code and its log."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"services.{name}",
        env={**clean_environment(), **environment, "ACCESSWATCH_LOGGING__FORMAT": "json"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await running.communicate()
    return running.returncode or 0, [orjson.loads(line) for line in err.splitlines()]
