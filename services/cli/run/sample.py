"""The sample outlet of a run."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import uvicorn

from services.runtime.clock import SystemClock
from services.runtime.health import listen
from services.runtime.settings import HealthSettings
from services.sample_outlet.server import FEED_PATH, SampleOutlet


@contextlib.asynccontextmanager
async def serve_sample_outlet(wanted: bool) -> AsyncIterator[str | None]:
    """Serve the outlet on loopback while the block runs; yields the address of its feed.

    Each run is an edition of its own, so that there is something new to see every time.
    """
    if not wanted:
        yield None
        return
    listener = listen(HealthSettings(host="127.0.0.1", port=0))
    outlet = SampleOutlet(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", SystemClock())
    server = uvicorn.Server(
        uvicorn.Config(outlet.app, log_config=None, access_log=False, lifespan="off")
    )
    task = asyncio.create_task(server._serve(sockets=[listener]))  # noqa: SLF001 - serve() would take over the process's signals
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{FEED_PATH}"
    finally:
        server.should_exit = True
        await task
        listener.close()
