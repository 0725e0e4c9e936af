"""Alembic migrations, one set per service schema, run under an advisory lock."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.runtime.errors import ConflictError

LOCK = 0x6163_6365_7373
"""Key of the advisory lock under which migrations run: "access" in ASCII."""
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class Migrations:
    """The migrations of one service."""

    schema: str
    folder: Path
    """Holds `versions/`."""
    metadata: MetaData

    def scripts(self) -> ScriptDirectory:
        """Return the migration scripts."""
        return ScriptDirectory(str(self.folder), version_locations=[str(self.folder / "versions")])


async def migrate(engine: AsyncEngine, sets: tuple[Migrations, ...]) -> dict[str, str]:
    """Bring each schema to its newest version; return the version of each.

    Safe to call from several processes at once: the others wait, then find nothing to do.

    Raises:
        ConflictError: the database is newer than this program.
    """
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        return {each.schema: await connection.run_sync(_upgrade, each) for each in sets}


async def check_migrated(engine: AsyncEngine, sets: tuple[Migrations, ...]) -> None:
    """Check that each schema is at the version that this program expects.

    Raises:
        ConflictError: a schema is missing, older or newer.
    """
    async with engine.connect() as connection:
        for each in sets:
            current = await connection.run_sync(_current, each)
            _refuse_newer(each, current)
            if current != each.scripts().get_current_head():
                raise ConflictError(
                    f"schema {each.schema} of the database is not up to date",
                    "Run 'accesswatch migrate' first.",
                )


def _current(connection: Connection, each: Migrations) -> str | None:
    context = MigrationContext.configure(
        connection, opts={"version_table_schema": each.schema, "version_table": VERSION_TABLE}
    )
    return context.get_current_revision()


def _refuse_newer(each: Migrations, current: str | None) -> None:
    if current is None:
        return
    try:
        each.scripts().get_revision(current)
    except CommandError as error:
        raise ConflictError(
            f"schema {each.schema} of the database is at version {current}, which is newer than "
            "this accesswatch knows",
            "Install the newer accesswatch that made it, or point ACCESSWATCH_DATABASE__URL "
            "elsewhere.",
        ) from error


def _upgrade(connection: Connection, each: Migrations) -> str:
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{each.schema}"'))
    _refuse_newer(each, _current(connection, each))
    scripts = each.scripts()

    def steps(revision: Any, _: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic.command does

    config = Config()
    config.set_main_option("script_location", str(each.folder))
    with EnvironmentContext(config, scripts, fn=steps, destination_rev="head") as environment:
        environment.configure(
            connection=connection,
            target_metadata=each.metadata,
            version_table=VERSION_TABLE,
            version_table_schema=each.schema,
        )
        with Operations.context(environment.get_context()):
            environment.run_migrations()
    return str(scripts.get_current_head())
