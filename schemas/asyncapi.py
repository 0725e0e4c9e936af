"""The AsyncAPI 3.0 document: topics, who writes and reads them, and what travels there.

Made from the same models as the code. FastStream's own export describes handlers that take one
model each; ours take batches of raw records, which it cannot see into.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.envelope import BODIES, EventType
from schemas.json_schema import HEADERS, Schema, contract_name
from schemas.topics import Topics, TopicSpec

VERSION = "3.0.0"
CONTRACT_VERSION = "1"
NAMESPACE = "{namespace}"
DEFAULT_NAMESPACE = "accesswatch"
PARTITIONS = 12
"""Partitions unless `kafka.partitions` says otherwise."""

KAFKA_BINDING = "0.5.0"
JSON_SCHEMA = "application/schema+json;version=draft-2020-12"

DEAD_LETTER = "dead_letter"
CHANNELS = {
    "articles": EventType.ARTICLE,
    "statements": EventType.STATEMENTS,
    "alerts": EventType.ALERT,
}
"""What travels on each live channel."""


class Flow(NamedTuple):
    """A service that sends to a channel or receives from it."""

    service: str
    action: str
    channel: str
    summary: str


FLOWS = (
    Flow("poller", "send", "articles", "Sends each revision of an article once it is archived."),
    Flow("extractor", "receive", "articles", "Reads articles in batches."),
    Flow("extractor", "send", "statements", "Sends the statements of each article revision."),
    Flow("extractor", "send", "articles_dead", "Sets aside articles that it cannot read."),
    Flow("alerting", "receive", "statements", "Stores statements and meets them with alerts."),
    Flow("alerting", "send", "alerts", "Sends each alert once it is stored."),
    Flow("alerting", "send", "statements_dead", "Sets aside messages that it cannot read."),
)
"""Who writes and reads what."""


def document() -> Schema:
    """Return the document, its schemas referred to as files beside it."""
    return {
        "asyncapi": VERSION,
        "id": "urn:accesswatch",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {name: _channel(name, spec) for name, spec in channel_specs().items()},
        "operations": {
            f"{flow.service}-{flow.action}s-{flow.channel}": _operation(flow) for flow in FLOWS
        },
        "components": _components(),
    }


def channel_specs() -> dict[str, TopicSpec]:
    """Return each topic by the name of its attribute in `Topics`: `articles`, `articles_dead`."""
    topics = Topics(NAMESPACE)
    names = {address: name for name, address in vars(topics).items()}
    return {names[spec.name]: spec for spec in topics.specs()}


def _info() -> Schema:
    return {
        "title": "accesswatch",
        "version": CONTRACT_VERSION,
        "description": (
            "News articles, the humanitarian-access statements in them, and the alerts that "
            "follow. Any message may come twice: write on its id. Readers ignore fields they do "
            "not know; within a version nothing is removed or narrowed."
        ),
        "license": {"name": "Apache-2.0"},
    }


def _server() -> Schema:
    return {
        "host": "{bootstrap_servers}",
        "protocol": "kafka",
        "description": "The cluster that `kafka.bootstrap_servers` names, or the embedded one.",
        "variables": {
            "bootstrap_servers": {
                "default": "localhost:9092",
                "description": "Host and port of one or more brokers, comma-separated.",
            }
        },
    }


def _channel(name: str, spec: TopicSpec) -> Schema:
    message = _message_of(name)
    return {
        "address": spec.name,
        "summary": f"Written by the {spec.owner}, keyed by {spec.key}.",
        "parameters": {
            "namespace": {
                "default": DEFAULT_NAMESPACE,
                "description": "The setting `kafka.namespace`.",
            }
        },
        "messages": {message: _ref("components", "messages", message)},
        "bindings": {"kafka": _topic_binding(spec)},
    }


def _topic_binding(spec: TopicSpec) -> Schema:
    return {
        "bindingVersion": KAFKA_BINDING,
        "partitions": PARTITIONS,
        "topicConfiguration": {
            "cleanup.policy": spec.cleanup_policy.split(","),
            "retention.ms": spec.retention_ms,
            "max.message.bytes": spec.max_message_bytes,
        },
    }


def _operation(flow: Flow) -> Schema:
    message = _message_of(flow.channel)
    group = {"type": "string", "description": f"`{NAMESPACE}.{flow.service}`"}
    binding = {"kafka": {"bindingVersion": KAFKA_BINDING, "groupId": group}}
    return {
        "action": flow.action,
        "channel": _ref("channels", flow.channel),
        "summary": flow.summary,
        "tags": [{"name": flow.service}],
        "messages": [_ref("channels", flow.channel, "messages", message)],
    } | ({"bindings": binding} if flow.action == "receive" else {})


def _components() -> Schema:
    return {
        "messages": dict(_messages()),
        "correlationIds": {
            "article": {
                "description": "The article's id, from the article to its alerts.",
                "location": "$message.header#/correlation_id",
            }
        },
    }


def _messages() -> Iterator[tuple[str, Schema]]:
    specs = channel_specs()
    for channel, event_type in CHANNELS.items():
        yield _message_of(channel), _message(event_type, specs[channel])
    yield DEAD_LETTER, _dead_letter()


def _message(event_type: EventType, spec: TopicSpec) -> Schema:
    name = contract_name(event_type)
    own_type = {"type": "object", "properties": {"ce_type": {"const": event_type.value}}}
    return {
        "name": event_type.value,
        "title": BODIES[event_type].__name__,
        "contentType": "application/json",
        "correlationId": _ref("components", "correlationIds", "article"),
        "headers": _json_schema({"allOf": [{"$ref": f"jsonschema/{HEADERS}.json"}, own_type]}),
        "payload": _json_schema({"$ref": f"jsonschema/{name}.json"}),
        "bindings": {"kafka": _key_binding(spec.key)},
    }


def _dead_letter() -> Schema:
    return {
        "name": "accesswatch.dead_letter",
        "title": "Dead letter",
        "summary": "A record that its reader had to set aside, with why; an empty value takes it "
        "back.",
        "contentType": "application/octet-stream",
        "headers": _json_schema(
            {
                "type": "object",
                "properties": {"dead_letter": _provenance()},
                "required": ["dead_letter"],
            }
        ),
        "payload": {"description": "The record's value, byte for byte, whatever it was."},
        "bindings": {"kafka": _key_binding("dead-letter id")},
    }


def _provenance() -> Schema:
    """Return the schema of what `services.runtime.kafka.dead_letters` writes into the header."""
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    milliseconds = {"type": "integer", "description": "Milliseconds since 1970, UTC."}
    encoded = {"type": ["string", "null"], "contentEncoding": "base64"}
    facts = {
        "topic": text | {"description": "Where the record was."},
        "partition": count,
        "offset": count,
        "recorded_at": milliseconds,
        "failed_at": milliseconds,
        "group": text | {"description": "The consumer group that refused it."},
        "reason": text,
        "error": text,
        "key": encoded,
        "headers": {"type": "array", "items": {"type": "array", "prefixItems": [text, encoded]}},
        "null": {"type": "boolean", "description": "True where the record had no value."},
        "truncated": {"type": "boolean", "description": "True where the value was cut."},
    }
    return {
        "description": "Where the record came from and why it was refused.",
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"type": "object", "properties": facts, "required": list(facts)},
    }


def _key_binding(key: str) -> Schema:
    return {
        "bindingVersion": KAFKA_BINDING,
        "key": {"type": "string", "description": f"The {key}, UTF-8."},
    }


def _json_schema(schema: Schema) -> Schema:
    return {"schemaFormat": JSON_SCHEMA, "schema": schema}


def _message_of(channel: str) -> str:
    event_type = CHANNELS.get(channel)
    return contract_name(event_type).partition(".")[0] if event_type else DEAD_LETTER


def _ref(*path: str) -> dict[str, Any]:
    return {"$ref": "#/" + "/".join(path)}
