"""`accesswatch dead-letters`."""

from datetime import timedelta

import pytest

from schemas import Topics
from services.runtime.errors import ExitCode
from services.runtime.kafka.dead_letters import dead_letter
from services.runtime.kafka.decode import Reason, Refused
from services.runtime.kafka.producer import Outgoing, Producer
from services.runtime.settings import KafkaSettings
from tests.integration.cli.conftest import Command
from tests.support.builders import NOON, article, article_headers, record

Headers = tuple[tuple[str, bytes | None], ...]


def buried(topics: Topics, offset: int) -> Outgoing:
    """Return a dead letter whose record has a header that no reader takes."""
    body = article(str(offset))
    headers: Headers = (*article_headers(body).encode(), ("trace", b"\xff"))
    value = body.model_dump_json().encode()
    refused = Refused(
        record(value, headers, topic=topics.articles, offset=offset),
        Reason.HEADER,
        "header 'trace' is null or not UTF-8",
    )
    failed_at = NOON + timedelta(seconds=offset)
    return dead_letter(refused, "extractor", topics.articles_dead, failed_at)


@pytest.fixture
async def two_letters(broker: KafkaSettings) -> list[str]:
    """The ids of two dead letters."""
    topics = Topics(broker.namespace)
    records = [buried(topics, offset) for offset in (3, 8)]
    async with Producer(broker) as producer:
        await producer.send_all(records)
    return [each.key.decode() for each in records]


def test_dead_letters_are_listed_and_shown(accesswatch: Command, two_letters: list[str]) -> None:
    listed = accesswatch("dead-letters", "list", "--json").json
    assert [each["id"] for each in listed] == two_letters
    assert (listed[0]["offset"], listed[0]["reason"], listed[0]["group"]) == (
        3,
        "header",
        "extractor",
    )
    assert two_letters[1] in accesswatch("dead-letters", "list").out
    shown = accesswatch("dead-letters", "show", two_letters[0][:8], "--json").json
    assert shown["id"] == two_letters[0]
    assert shown["headers"]["trace"] == "\\xff"
    assert "Text of 3." in shown["value"]
    for_people = accesswatch("dead-letters", "show", two_letters[0]).out
    assert "Text of 3." in " ".join(for_people.split())


def test_a_retried_dead_letter_is_gone(accesswatch: Command, two_letters: list[str]) -> None:
    assert accesswatch("dead-letters", "retry", two_letters[0]).out == "1 sent again.\n"
    [left] = accesswatch("dead-letters", "list", "--json").json
    assert left["id"] == two_letters[1]
    assert accesswatch("dead-letters", "retry", "--all").out == "1 sent again.\n"
    assert accesswatch("dead-letters", "list", "--json").json == []
    assert accesswatch("dead-letters", "list").out == "No dead letters.\n"


@pytest.mark.parametrize("command", ["show", "retry"])
def test_a_dead_letter_that_is_not_there_is_named(
    accesswatch: Command, broker: KafkaSettings, command: str
) -> None:
    answer = accesswatch("dead-letters", command, "nope")
    assert answer.is_one_error(ExitCode.NOT_FOUND, "nope", "accesswatch dead-letters list")


@pytest.mark.parametrize("arguments", [(), ("x", "--all")])
def test_what_to_retry_has_to_be_said(accesswatch: Command, arguments: tuple[str, ...]) -> None:
    answer = accesswatch("dead-letters", "retry", *arguments)
    assert answer.is_one_error(ExitCode.USAGE, "--all")


@pytest.fixture
async def foreign(broker: KafkaSettings) -> None:
    """What others wrote to the topic of dead letters."""
    topic = Topics(broker.namespace).articles_dead
    records = [
        Outgoing(topic, b"foreign", b"value"),
        Outgoing(topic, b"broken", b"value", (("dead_letter", b"{"),)),
        Outgoing(topic, b"\xff", b"value", (("dead_letter", b"[]"),)),
    ]
    async with Producer(broker) as producer:
        await producer.send_all(records)


def test_what_others_wrote_to_the_topic_does_not_hide_dead_letters(
    accesswatch: Command, foreign: None, two_letters: list[str]
) -> None:
    answer = accesswatch("dead-letters", "list", "--json")
    assert [each["id"] for each in answer.json] == two_letters
    assert answer.err.count("dead_letter.unreadable") == 3


def test_a_kafka_that_is_away_is_named(
    accesswatch: Command, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS", f"127.0.0.1:{closed_port}")
    answer = accesswatch("dead-letters", "list")
    assert answer.is_one_error(
        ExitCode.UNAVAILABLE, str(closed_port), "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS"
    )
