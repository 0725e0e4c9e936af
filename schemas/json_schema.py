"""JSON Schema (draft 2020-12) of bodies and headers, made from the models.

The schemas describe what a reader accepts: fields with a default may be missing, unknown fields
are ignored.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from schemas.digest import Digest
from schemas.envelope import BODIES, CONTENT_TYPE, SPEC_VERSION, EventType
from schemas.message import Message

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HEADERS = "headers.v1"
PAYLOADS: dict[str, type[Message]] = {"digest.v1": Digest}
"""What only webhooks carry, and no topic."""
EVENT_TYPE_PATTERN = r"^accesswatch\.[a-z_]+\.v[1-9][0-9]*$"

Schema = dict[str, Any]


class _ModelTitles(GenerateJsonSchema):
    """Keeps the models' titles and leaves out those that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def contract_name(event_type: EventType) -> str:
    """Return the name of an event type's schema: `article.v1` for `accesswatch.article.v1`."""
    return event_type.value.partition(".")[2]


def body_schema(event_type: EventType) -> Schema:
    """Return the schema of the body that an event type carries."""
    return _model_schema(contract_name(event_type), BODIES[event_type])


def _model_schema(name: str, model: type[Message]) -> Schema:
    return _head(name) | model.model_json_schema(schema_generator=_ModelTitles, mode="validation")


def headers_schema() -> Schema:
    """Return the schema of `schemas.Headers`, as an object of header name and decoded value.

    The names of the attributes are those of the CloudEvents Kafka Protocol Binding 1.0,
    section 3.2.
    """
    properties: Schema = {
        "ce_specversion": {"const": SPEC_VERSION, "description": "Version of CloudEvents."},
        "ce_id": _text("The same whenever the same message is sent again."),
        "ce_type": _text("What the message is, and in which version.")
        | {"pattern": EVENT_TYPE_PATTERN, "examples": [event_type.value for event_type in BODIES]},
        "ce_source": _text("The service that made it, for example `accesswatch/poller`."),
        "ce_time": _text("When it was made (RFC 3339).") | {"format": "date-time"},
        "content-type": {"const": CONTENT_TYPE, "description": "How the body is encoded."},
        "correlation_id": _text(
            "The article's id: the same on everything that follows from one article."
        ),
        "replay_id": _text("The replay that sent the message; absent on the live path."),
    }
    return _head(HEADERS) | {
        "title": "Headers",
        "description": "Message headers: CloudEvents 1.0 in Kafka's binary content mode.",
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name != "replay_id"],
    }


def contracts() -> dict[str, Schema]:
    """Return every schema by its name, for example `article.v1`, `digest.v1`, `headers.v1`."""
    bodies = {contract_name(event_type): body_schema(event_type) for event_type in BODIES}
    payloads = {name: _model_schema(name, model) for name, model in PAYLOADS.items()}
    return bodies | payloads | {HEADERS: headers_schema()}


def _head(name: str) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:accesswatch:schema:{name.replace('.', ':')}"}


def _text(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": description}
