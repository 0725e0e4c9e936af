"""What every command starts with: its settings, and a place to run coroutines."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from services.extractor.data_files import use_gazetteer
from services.runtime.errors import UsageError
from services.runtime.logging import configure_logging
from services.runtime.settings import LoggingSettings, Settings, load_settings

Config = Annotated[
    Path | None,
    typer.Option("--config", help="YAML file with settings.", envvar="ACCESSWATCH_CONFIG"),
]
T = TypeVar("T")


def settings_for_command(config: Path | None) -> Settings:
    """Read the settings, name routes and actors by them, and log only warnings."""
    settings = load_settings(config)
    use_gazetteer(settings.extractor.gazetteer)
    configure_logging(LoggingSettings(level="warning", format=settings.logging.format), "cli")
    return settings


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str | None, option: str, now: datetime | None = None) -> datetime | None:
    """Read a moment: ISO 8601 (UTC where no zone is given) or an age such as `90m`, `24h`, `7d`.

    Raises:
        UsageError: it is neither.
    """
    if text is None:
        return None
    unit = UNITS.get(text[-1:])
    if unit and text[:-1].isdigit():
        try:
            return (now or datetime.now(UTC)) - timedelta(**{unit: int(text[:-1])})
        except OverflowError as error:
            raise _no_moment(text, option) from error
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_moment(text, option) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _no_moment(text: str, option: str) -> UsageError:
    return UsageError(
        f"'{text}' for {option} is no time",
        "Write it as 2026-11-24, 2026-11-24T08:00 or as an age: 90m, 24h, 7d, 2w.",
    )
