"""`accesswatch run`: the command."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable

import typer
from rich.console import Console
from rich.live import Live

from services.cli.options import Config, run_async, settings_for_command
from services.cli.run.lines import Lines
from services.cli.run.picture import Picture
from services.cli.run.screen import draw
from services.cli.run.supervisor import Plan, supervise

REFRESH_PER_SECOND = 4
FAILING_SECONDS = 5.0
"""How often lines tell of feeds that cannot be reached."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog="Examples: `accesswatch run`, `accesswatch run --plain --no-sample`, "
        "`ACCESSWATCH_DATA_DIR=/tmp/try accesswatch run`"
    )
    def run(
        config: Config = None,
        *,
        plain: bool = typer.Option(False, "--plain", help="Lines instead of a live screen."),
        sample: bool | None = typer.Option(
            None,
            "--sample/--no-sample",
            help="Serve the sample outlet. Default: unless Kafka and database are your own.",
        ),
        default_feeds: bool = typer.Option(
            True, "--default-feeds/--no-default-feeds", help="Start with the curated feeds."
        ),
        seconds: float | None = typer.Option(None, help="Stop by itself after so many seconds."),
    ) -> None:
        """Run everything: servers where none are configured, poller, extractor, alerting."""
        settings = settings_for_command(config)
        plan = Plan(
            settings=settings,
            config=config,
            sample=settings.embedded if sample is None else sample,
            default_feeds=default_feeds,
        )
        console = Console()
        show = _plain if plain or not console.is_terminal else _live
        run_async(show(plan, console, seconds))


async def _plain(plan: Plan, console: Console, seconds: float | None) -> None:
    del console
    lines = Lines()

    def write(texts: list[str]) -> None:
        for text in texts:
            sys.stdout.write(text + "\n")
        sys.stdout.flush()

    async def tell_failing() -> None:
        while True:
            await asyncio.sleep(FAILING_SECONDS)
            write(lines.failing())

    telling = asyncio.create_task(tell_failing())
    try:
        await supervise(plan, lambda event: write(lines.of(event)), _stop_event(seconds))
    finally:
        telling.cancel()


async def _live(plan: Plan, console: Console, seconds: float | None) -> None:
    picture = Picture()
    stop = _stop_event(seconds)
    with Live(
        console=console, screen=True, refresh_per_second=REFRESH_PER_SECOND, auto_refresh=False
    ) as live:
        drawing = asyncio.create_task(_redraw(live, console, picture))
        try:
            await supervise(plan, picture.tell, stop)
        finally:
            drawing.cancel()
    console.print(
        f"Stopped. {picture.articles:,} articles, {picture.statements:,} statements, "
        f"{picture.alerts:,} alerts in this run. 'accesswatch alerts' lists what was found."
    )


async def _redraw(live: Live, console: Console, picture: Picture) -> None:
    while True:
        live.update(draw(picture, console.height), refresh=True)
        await asyncio.sleep(1 / REFRESH_PER_SECOND)


def _stop_event(seconds: float | None) -> asyncio.Event:
    """Return an event that Ctrl-C, SIGTERM or the passing of time sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    asked: list[float] = []

    def on_signal() -> None:
        if asked and time.monotonic() - asked[0] > 1:
            sys.exit(130)
        asked.append(time.monotonic())
        stop.set()

    handler: Callable[[], None] = on_signal
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, handler)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    return stop
