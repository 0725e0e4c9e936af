"""Programs of the machine: kubectl, helm, and what boots a cluster."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.support.processes import clean_environment

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.5


class CommandError(AssertionError):
    """A program ended with another exit code than 0; holds what it printed."""


async def run(
    *command: str, stdin: str | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """Run a program to its end; return its output.

    Raises:
        CommandError: it failed.
    """
    running = await asyncio.create_subprocess_exec(
        *command,
        env={**clean_environment(), **(environment or {})},
        stdin=asyncio.subprocess.PIPE if stdin is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await running.communicate(stdin.encode() if stdin is not None else None)
    if running.returncode:
        said = f"{out.decode()}\n{err.decode()}".strip()
        raise CommandError(f"{' '.join(command)}\nended with {running.returncode}:\n{said}")
    return out.decode()


def program(name: str, *folders: Path) -> str | None:
    """Return the path of a program: one that `make` built, in one of the folders, in `PATH`."""
    tools = Path(sys.executable).parents[1] / "tools"
    places = (tools, *folders, *map(Path, os.get_exec_path()))
    return shutil.which(name, path=os.pathsep.join(map(str, places)))


@dataclass(frozen=True)
class Cluster:
    """A cluster that tests may use.

    Args:
        kubeconfig: how to reach it.
        image: `repository:tag` of the image, which its nodes have or can pull.
        host: address at which pods reach this machine.
        programs: folder with its own kubectl and helm, before those of the machine.
    """

    kubeconfig: Path
    image: str
    host: str
    programs: Path

    async def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl; return its output."""
        return await self._run("kubectl", *arguments, stdin=stdin)

    async def read(self, *arguments: str) -> Any:
        """Run `kubectl get`; return what it finds as JSON."""
        return orjson.loads(await self.kubectl("get", *arguments, "--output", "json"))

    async def helm(self, *arguments: str) -> str:
        """Run Helm; return its output."""
        return await self._run("helm", *arguments)

    async def _run(self, name: str, *arguments: str, stdin: str | None = None) -> str:
        found = program(name, self.programs)
        assert found, f"{name} is nowhere on this machine"
        environment = {"KUBECONFIG": str(self.kubeconfig)}
        return await run(found, *arguments, stdin=stdin, environment=environment)


async def until(holds: Callable[[], Awaitable[object]], seconds: float, what: str) -> float:
    """Wait until something holds; return how many seconds that took.

    Raises:
        AssertionError: it does not come about; says `what`.
    """
    began = time.monotonic()
    while not await holds():
        assert time.monotonic() - began < seconds, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(POLL_SECONDS)
    return time.monotonic() - began
