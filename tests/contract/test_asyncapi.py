"""The AsyncAPI document says what the code does."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import ConsumerRecord
from jsonschema import Draft202012Validator

from schemas import asyncapi, generate
from schemas.topics import Topics
from services.runtime.kafka.dead_letters import dead_letter
from services.runtime.kafka.decode import Reason, Refused
from services.runtime.settings import KafkaSettings

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (generate.FOLDER / "asyncapi.yaml").read_text(encoding="utf-8")
)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def _at(reference: str) -> Any:
    node: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def test_document_has_what_asyncapi_3_asks_of_it() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"].keys() >= {"title", "version"}
    assert all(server.keys() >= {"host", "protocol"} for server in DOCUMENT["servers"].values())
    assert {o["action"] for o in DOCUMENT["operations"].values()} == {"send", "receive"}


def test_every_channel_is_used_and_every_address_parameter_explained() -> None:
    used = {operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values()}

    assert used == {f"#/channels/{name}" for name in DOCUMENT["channels"]}
    for channel in DOCUMENT["channels"].values():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == channel["parameters"].keys()


@pytest.mark.parametrize("reference", sorted(set(_references(DOCUMENT))))
def test_reference_leads_somewhere(reference: str) -> None:
    if reference.startswith("#/"):
        assert _at(reference)
    else:
        assert Path(generate.FOLDER, reference).is_file()


def test_channels_are_the_topics_that_are_created() -> None:
    addresses = {
        channel["address"].replace("{namespace}", "accesswatch")
        for channel in DOCUMENT["channels"].values()
    }

    assert addresses == {spec.name for spec in Topics().specs()}


def test_channels_state_key_partitions_retention_and_size() -> None:
    for name, spec in asyncapi.channel_specs().items():
        binding = DOCUMENT["channels"][name]["bindings"]["kafka"]
        assert spec.key in DOCUMENT["channels"][name]["summary"]
        assert binding["partitions"] == KafkaSettings().partitions
        assert binding["topicConfiguration"] == {
            "cleanup.policy": spec.cleanup_policy.split(","),
            "retention.ms": spec.retention_ms,
            "max.message.bytes": spec.max_message_bytes,
        }


def test_default_namespace_is_that_of_the_settings() -> None:
    parameters = {c["parameters"]["namespace"]["default"] for c in DOCUMENT["channels"].values()}

    assert parameters == {KafkaSettings().namespace}


def test_each_topic_is_sent_to_by_its_owner_alone() -> None:
    senders = {flow.channel: flow.service for flow in asyncapi.FLOWS if flow.action == "send"}

    assert senders == {name: spec.owner for name, spec in asyncapi.channel_specs().items()}
    assert len([flow for flow in asyncapi.FLOWS if flow.action == "send"]) == len(senders)


def test_operation_speaks_of_a_message_of_its_own_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/")


def test_dead_letters_are_described_as_they_are_written() -> None:
    record: ConsumerRecord[bytes, bytes] = ConsumerRecord(
        topic="accesswatch.articles.v1",
        partition=3,
        offset=17,
        timestamp=1_764_000_000_000,
        timestamp_type=0,
        key=b"\xff",
        value=b"not json",
        checksum=None,
        serialized_key_size=1,
        serialized_value_size=8,
        headers=(("ce_id", None),),
    )
    letter = dead_letter(
        Refused(record, next(iter(Reason)), "no JSON"),
        "accesswatch.extractor",
        Topics().articles_dead,
        datetime(2026, 11, 24, tzinfo=UTC),
    )
    [(name, facts)] = letter.headers
    headers = DOCUMENT["components"]["messages"]["dead_letter"]["headers"]["schema"]
    described = headers["properties"][name]["contentSchema"]

    Draft202012Validator(described).validate(json.loads(facts or b""))
    assert json.loads(facts or b"").keys() == described["properties"].keys()
