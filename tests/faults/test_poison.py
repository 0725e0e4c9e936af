"""Poison among a thousand messages: each piece becomes a dead letter, the rest is worked on."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from schemas import Article, Topics
from schemas.envelope import EventType, Headers
from schemas.message import Message
from schemas.topics import MIB
from services.runtime.kafka.decode import Reason
from services.runtime.settings import KafkaSettings
from tests.faults.conftest import Scene, scene
from tests.faults.outlets import made_up_entries
from tests.faults.system import accesswatch
from tests.support.builders import NOON, article, article_headers, statement_message

SEED = 20261124
ARTICLES = 1000
POISONED = ARTICLES // 100

Pairs = list[tuple[str, bytes | None]]

pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True)
class Record:
    """A record as it is written, poison or not."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Pairs
    reason: Reason | None = None


def with_header(headers: Pairs, name: str, value: bytes | None) -> Pairs:
    return [*((key, old) for key, old in headers if key != name), (name, value)]


KINDS: tuple[Callable[[Record], tuple[Reason, bytes | None, Pairs]], ...] = (
    lambda good: (Reason.HEADER, good.value, with_header(good.headers, "trace", None)),
    lambda good: (Reason.HEADER, good.value, with_header(good.headers, "trace", b"\xff\xfe\x00")),
    lambda good: (Reason.NOT_JSON, b'{"id": ', good.headers),
    lambda good: (
        Reason.WRONG_TYPE,
        good.value,
        with_header(good.headers, "ce_type", b"accesswatch.alert.v1"),
    ),
    lambda good: (Reason.UNKNOWN_VERSION, good.value, of_version_nine(good.headers)),
    lambda good: (Reason.NOT_JSON, None, good.headers),
    lambda good: (Reason.TOO_LARGE, b" " * 1_500_000, good.headers),
    lambda good: (Reason.INVALID, b'{"id": 7}', good.headers),
    lambda good: (Reason.ENVELOPE, good.value, []),
)
"""Null header, binary header, bad JSON, wrong type, unknown version, null value, 1.5 MB, a
message that does not fit its schema, no headers at all."""


def of_version_nine(headers: Pairs) -> Pairs:
    kind = dict(headers)["ce_type"] or b""
    return with_header(headers, "ce_type", kind.rpartition(b".v")[0] + b".v9")


def poisoned(good: Record, kind: int) -> Record:
    """Return a record with one kind of poison in it."""
    reason, value, headers = KINDS[kind % len(KINDS)](good)
    if reason is Reason.TOO_LARGE and good.topic.endswith(".statements.v1"):
        # A message of statements may be larger than an article; the broker refuses what is not.
        reason = Reason.NOT_JSON
    return Record(good.topic, good.key, value, headers, reason)


def record(topic: str, body: Message, headers: Headers, key: str) -> Record:
    pairs: Pairs = [(name, value) for name, value in headers.encode()]
    return Record(topic, key.encode(), body.model_dump_json().encode(), pairs)


def articles_with_poison(topics: Topics) -> list[Record]:
    """Return the records of the articles' topic; one in a hundred is poison."""
    rng = random.Random(SEED)
    [entries] = made_up_entries(SEED, 1, ARTICLES)
    bodies = [article(e.id, title=e.title, text="\n\n".join(e.paragraphs)) for e in entries]
    records = [record(topics.articles, each, article_headers(each), each.id) for each in bodies]
    for kind, place in enumerate(rng.sample(range(ARTICLES), POISONED)):
        records[place] = poisoned(records[place], kind)
    return records


def poisoned_statements(topics: Topics) -> list[Record]:
    """Return poison of every kind for the statements' topic."""
    good = [statement_record(topics, article(f"statement {n}")) for n in range(len(KINDS))]
    return [poisoned(each, kind) for kind, each in enumerate(good)]


def statement_record(topics: Topics, about: Article) -> Record:
    headers = Headers(
        id=f"{about.id}.{about.revision}.test",
        type=EventType.STATEMENTS,
        source="accesswatch/extractor",
        time=NOON,
        correlation_id=about.id,
    )
    return record(topics.statements, statement_message(about), headers, about.id)


Place = tuple[str, int, int, str, str]
"""Topic, partition, offset, reason and consumer group of a dead letter."""


async def write(kafka: KafkaSettings, records: Sequence[Record]) -> set[Place]:
    """Write records as they are; return where the poison among them is."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap_servers, max_request_size=3 * MIB, linger_ms=5
    )
    await producer.start()
    try:
        sent = [
            await producer.send(each.topic, each.value, key=each.key, headers=each.headers)
            for each in records
        ]
        found = [(each, await future) for each, future in zip(records, sent, strict=True)]
    finally:
        await producer.stop()
    groups = {".articles.v1": "extractor", ".statements.v1": "alerting"}
    return {
        (
            at.topic,
            at.partition,
            at.offset,
            each.reason.value,
            f"{kafka.namespace}.{groups[at.topic.removeprefix(kafka.namespace)]}",
        )
        for each, at in found
        if each.reason
    }


async def dead_letters(shown: Scene) -> dict[Place, str]:
    """Return the dead letters as the command lists them: where from and why → id."""
    code, out, err = await accesswatch(shown.environment, "dead-letters", "list", "--json")
    assert code == 0, err
    keys = ("topic", "partition", "offset", "reason", "group")
    return {tuple(each[key] for key in keys): each["id"] for each in orjson.loads(out)}


async def test_a_thousand_articles_with_poison_among_them(
    database_url: str, kafka: KafkaSettings, tmp_path: Path
) -> None:
    topics = Topics(kafka.namespace)
    async with scene(database_url, kafka, [[]], tmp_path) as shown:
        places = await write(kafka, articles_with_poison(topics))
        places |= await write(kafka, poisoned_statements(topics))
        await shown.system.start("extractor")
        await shown.system.start("alerting")
        await shown.settled(ARTICLES - POISONED, seconds=60)
        letters = await dead_letters(shown)
        assert letters.keys() == places
        assert len(places) == POISONED + len(KINDS)

        curable = [
            letters[place]
            for place in sorted(places)
            if place[0] == topics.articles and "header" in place
        ]
        code, out, err = await accesswatch(
            shown.environment, "dead-letters", "retry", curable[0][:10]
        )
        assert (code, out) == (0, "1 sent again.\n"), err
        await shown.settled(ARTICLES - POISONED + 1, seconds=30)
        assert set((await dead_letters(shown)).values()) == set(letters.values()) - {curable[0]}
        assert shown.system.ended() == {}
