"""`python -m benchmarks [NAME…] [--quick]`."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from benchmarks.extraction import extraction
from benchmarks.latency import latency
from benchmarks.matching import matching
from benchmarks.memory import memory
from benchmarks.pipeline import pipeline
from benchmarks.poller import poller
from benchmarks.replay import replay
from benchmarks.report import Result, save, show
from benchmarks.stage import Servers, servers
from services.runtime.logging import configure_logging
from services.runtime.settings import LoggingSettings

BENCHMARKS: dict[str, Callable[..., Awaitable[Result]]] = {
    "pipeline": pipeline,
    "latency": latency,
    "memory": memory,
    "poller": poller,
    "matching": matching,
    "replay": replay,
    "extraction": extraction,
}


def main() -> None:
    """Run the benchmarks that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="fewer samples: is it all working?")
    parser.add_argument("--no-save", action="store_true", help="leave benchmarks/results alone")
    given = parser.parse_args()
    unknown = set(given.names) - set(BENCHMARKS)
    if unknown:
        parser.error(
            f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}"
        )
    with servers() as running, (running.folder / "benchmarks.jsonl").open("w") as log:
        # What is logged is written, as in a service, but not to the terminal.
        configure_logging(LoggingSettings(format="json"), "benchmarks", log)
        for name in given.names or BENCHMARKS:
            result = asyncio.run(_measured(name, running, quick=given.quick))
            show(result)
            if not given.no_save:
                save(result)


async def _measured(name: str, running: Servers, *, quick: bool) -> Result:
    return await BENCHMARKS[name](running, quick=quick)


if __name__ == "__main__":
    main()
