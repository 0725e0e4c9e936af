"""PostgreSQL through SQLAlchemy's async engine and asyncpg."""

import asyncio
import time
from collections.abc import Callable

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.runtime.errors import ConfigurationError, UnavailableError
from services.runtime.settings import DatabaseSettings

APPLICATION = "accesswatch"
RETRY_SECONDS = 0.5
COMMAND_TIMEOUT_SECONDS = 60
"""A statement that takes longer is given up, so that a hung server shows as an error."""

MESSAGES_FAULT = ("22", "23", "54")
"""SQLSTATE classes that blame what was to be stored: data exception, integrity constraint, program
limit (PostgreSQL documentation, appendix A). Whatever else is wrong may be mended: a connection, a
full or read-only server, a password, a missing right."""

QUERY_KEYS = frozenset({"host", "port", "ssl", "prepared_statement_cache_size"})
"""What may stand behind the question mark of an address."""


def database_url(settings: DatabaseSettings, url: str | None = None) -> URL:
    """Return the database's address with the driver filled in.

    Raises:
        ConfigurationError: there is no address, or it is not one of PostgreSQL.
    """
    given = url or (settings.url.get_secret_value() if settings.url else None)
    if given is None:
        raise ConfigurationError(
            "no database is configured",
            "Set ACCESSWATCH_DATABASE__URL, or use 'accesswatch run', which starts its own.",
        )
    try:
        parsed = make_url(given)
    except ArgumentError as error:
        raise _bad_url() from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise _bad_url()
    query = dict(parsed.query)
    if "sslmode" in query:
        query.setdefault("ssl", query.pop("sslmode"))  # libpq's name, asyncpg's name
    unknown = sorted(query.keys() - QUERY_KEYS)
    if unknown:
        raise ConfigurationError(
            f"ACCESSWATCH_DATABASE__URL has the option {unknown[0]}, which is not known here",
            f"Leave it out; there are {', '.join(sorted(QUERY_KEYS))} and sslmode.",
        )
    return parsed.set(drivername="postgresql+asyncpg", query=query)


def _bad_url() -> ConfigurationError:
    return ConfigurationError(
        "ACCESSWATCH_DATABASE__URL is not the address of a PostgreSQL database",
        "Write it as postgresql://user:password@host:5432/name.",
    )


def create_engine(settings: DatabaseSettings, url: str | None = None) -> AsyncEngine:
    """Return an engine; nothing is connected yet.

    Args:
        settings: pool size, and the address unless `url` overrides it.
        url: address of the database, with or without a driver.
    """
    return create_async_engine(
        database_url(settings, url),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # they hold secrets of channels, and errors are logged
        pool_recycle=1800,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 10,
            "command_timeout": COMMAND_TIMEOUT_SECONDS,
            "server_settings": {"application_name": APPLICATION, "jit": "off"},
        },
    )


def _to_json(value: object) -> str:
    return orjson.dumps(value).decode()


def is_transient(error: BaseException) -> bool:
    """Tell whether the same statement may succeed later, as it is."""
    if isinstance(error, OSError | asyncio.TimeoutError | asyncpg.InterfaceError):
        return True
    if isinstance(error, DataError | IntegrityError):
        return False
    if isinstance(error, SQLAlchemyError | asyncpg.PostgresError):
        state: str | None = getattr(getattr(error, "orig", error), "sqlstate", None)
        return state is None or not state.startswith(MESSAGES_FAULT)
    return isinstance(error, asyncpg.InternalClientError)


async def ping(engine: AsyncEngine, seconds: float = 3) -> bool:
    """Tell whether the database answers within `seconds`."""
    try:
        async with asyncio.timeout(seconds), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


async def wait_for_database(
    engine: AsyncEngine, seconds: float, waiting: Callable[[str], None] = lambda _: None
) -> None:
    """Wait until the database accepts connections.

    Args:
        engine: the database.
        seconds: how long to wait.
        waiting: told why, once, if the first try fails.

    Raises:
        UnavailableError: it did not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    told = False
    while True:
        try:
            async with asyncio.timeout(seconds), engine.connect():
                return
        except (SQLAlchemyError, OSError, TimeoutError, asyncpg.PostgresError) as error:
            reason = _reason(error)
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"PostgreSQL at {address(engine.url)} cannot be reached ({reason})",
                    "Start it, or correct ACCESSWATCH_DATABASE__URL.",
                ) from error
            if not told:
                waiting(reason)
                told = True
            await asyncio.sleep(RETRY_SECONDS)


def _reason(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    lines = str(getattr(original, "__cause__", None) or original).strip().splitlines()
    return lines[0] if lines else type(original).__name__


def address(url: URL) -> str:
    """Return the server and database of an address, without user and password."""
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or 5432}/{url.database or ''}"
