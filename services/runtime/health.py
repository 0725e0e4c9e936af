"""Probes and metrics over HTTP: /live, /ready, /metrics.

Liveness is judged by progress, never by a dependency: a restart does not bring a broker back.
Readiness is judged by dependencies. The endpoint tells no secrets and changes nothing; it listens
on loopback unless told otherwise.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.runtime.errors import ConflictError
from services.runtime.settings import HealthSettings

Check = Callable[[], Awaitable[str | None]]
"""Answers None where all is well, else what is wrong."""

log = structlog.get_logger()


async def run_checks(checks: Mapping[str, Check], seconds: float = 5) -> dict[str, str]:
    """Run checks at the same time; return what is wrong, by name."""

    async def one(check: Check) -> str | None:
        try:
            async with asyncio.timeout(seconds):
                return await check()
        except TimeoutError:
            return f"no answer within {seconds:g} s"
        except Exception as error:  # noqa: BLE001 - a check that fails is an answer
            return f"{type(error).__name__}: {error}"

    answers = await asyncio.gather(*(one(check) for check in checks.values()))
    return {name: answer for name, answer in zip(checks, answers, strict=True) if answer}


def health_app(live: Mapping[str, Check], ready: Mapping[str, Check]) -> Starlette:
    """Return the probes as an ASGI application."""

    def probe(checks: Mapping[str, Check]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(_: Request) -> Response:
            wrong = await run_checks(checks)
            return JSONResponse(
                {"ok": not wrong, "checks": {name: wrong.get(name, "ok") for name in checks}},
                status_code=503 if wrong else 200,
            )

        return answer

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/live", probe(live)),
            Route("/ready", probe({**live, **ready})),
            Route("/metrics", metrics),
        ]
    )


def listen(settings: HealthSettings) -> socket.socket:
    """Open the endpoint's socket.

    Raises:
        ConflictError: the port is in use.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConflictError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror})",
            "Set ACCESSWATCH_HEALTH__PORT to a free port, or to 0 for any.",
        ) from error
    return listener


@contextlib.asynccontextmanager
async def serve_health(
    settings: HealthSettings, live: Mapping[str, Check], ready: Mapping[str, Check]
) -> AsyncIterator[int]:
    """Serve the probes while the block runs; yields the port."""
    listener = listen(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            health_app(live, ready),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve(sockets=[listener]))  # noqa: SLF001 - serve() would take over the process's signals
    port: int = listener.getsockname()[1]
    log.info("health.listening", host=settings.host, port=port)
    try:
        yield port
    finally:
        server.should_exit = True
        await task
        listener.close()
