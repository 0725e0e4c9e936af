"""`accesswatch setup` and `accesswatch migrate`: what has to be there before services run."""

import asyncio

import typer
from rich.markup import escape

from services.cli.migrations import MIGRATIONS
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import console
from services.runtime.database import address, create_engine, wait_for_database
from services.runtime.embedded.jars import fetch_jars
from services.runtime.kafka.connection import wait_for_kafka
from services.runtime.kafka.topics import create_topics
from services.runtime.migrations import migrate as migrate_database
from services.runtime.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(epilog="Example: `accesswatch setup`")
    def setup() -> None:
        """Fetch what the embedded Kafka needs, so that later starts work offline."""
        console.print("Fetching Apache Kafka (43 MB, once) …")
        fetch_jars()
        console.print("Everything is here.")

    @app.command(
        epilog="Example: `ACCESSWATCH_DATABASE__URL=… ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS=… "
        "accesswatch migrate`"
    )
    def migrate(config: Config = None) -> None:
        """Bring database and topics to what this version needs. Safe to run at any time."""
        run_async(_migrate(settings_for_command(config)))


async def _migrate(settings: Settings) -> None:
    engine = create_engine(settings.database)
    try:
        await asyncio.gather(
            wait_for_database(engine, settings.database.connect_timeout),
            wait_for_kafka(settings.kafka),
        )
        versions = await migrate_database(engine, MIGRATIONS)
        created = await create_topics(settings.kafka)
    finally:
        await engine.dispose()
    shown = ", ".join(f"{schema} {version}" for schema, version in versions.items())
    console.print(f"Database {escape(address(engine.url))} is at {shown}.")
    console.print(
        f"Created topics: {', '.join(created)}." if created else "All topics were there already."
    )
