"""Log lines: JSON, complete, without secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.runtime.logging import configure_logging
from services.runtime.settings import LoggingSettings


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(LoggingSettings(format="json"), "poller", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_carries_service_level_and_time(lines: io.StringIO) -> None:
    structlog.get_logger().info("feed.polled", feed_id="f")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["service"], line["level"]) == ("feed.polled", "poller", "info")
    assert line["timestamp"].endswith("Z")


def test_values_named_as_secrets_are_masked(lines: io.StringIO) -> None:
    structlog.get_logger().info("x", smtp_password="hunter2", webhook_secret="whsec_1", n=1)
    assert "hunter2" not in lines.getvalue()
    assert "whsec_1" not in lines.getvalue()


def test_the_standard_librarys_warnings_take_the_same_form(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("broker away")
    logging.getLogger("uvicorn.error").info("chatter")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["level"]) == ("broker away", "warning")


def test_an_exception_stays_on_its_line(lines: io.StringIO) -> None:
    try:
        int("why")
    except ValueError:
        structlog.get_logger().exception("failed")
    assert lines.getvalue().count("\n") == 1
    assert "ValueError: invalid literal" in json.loads(lines.getvalue())["exception"]
