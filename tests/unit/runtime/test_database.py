"""Addresses of databases, and which of their errors pass."""

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.runtime.database import address, database_url, is_transient
from services.runtime.errors import ConfigurationError
from services.runtime.settings import DatabaseSettings


def settings(url: str) -> DatabaseSettings:
    return DatabaseSettings(url=SecretStr(url))


def test_an_address_gets_its_driver_and_libpqs_sslmode_is_understood() -> None:
    url = database_url(settings("postgresql://anna:secret@db:5433/news?sslmode=require"))
    assert url.drivername == "postgresql+asyncpg"
    assert url.query == {"ssl": "require"}
    assert address(url) == "db:5433/news"


@pytest.mark.parametrize(
    "url", ["mysql://db/x", "nonsense", "postgresql://anna:secret@db/x?channel_binding=require"]
)
def test_an_address_that_cannot_be_right_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        database_url(settings(url))
    assert "ACCESSWATCH_DATABASE__URL" in str(raised.value)
    assert "secret" not in str(raised.value)


class RefusedError(Exception):
    """What asyncpg raises, as far as it matters here."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize("state", ["25006", "28P01", "42501", "57P01", "53100", "40P01", "08006"])
def test_what_may_be_mended_passes(state: str) -> None:
    assert is_transient(ProgrammingError("SQL", {}, RefusedError(state)))
    assert is_transient(OperationalError("SQL", {}, RefusedError(state)))


def test_a_server_that_is_away_or_busy_passes() -> None:
    for error in (ConnectionResetError(), TimeoutError(), PoolTimeoutError()):
        assert is_transient(error)


def test_what_blames_the_message_does_not_pass() -> None:
    assert not is_transient(DataError("SQL", {}, RefusedError("22021")))
    assert not is_transient(IntegrityError("SQL", {}, RefusedError("23505")))
    assert not is_transient(ProgrammingError("SQL", {}, RefusedError("54000")))
    assert not is_transient(KeyError("a defect"))
