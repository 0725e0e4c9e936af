"""From a Kafka record to a message, or the reason why it is none."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from aiokafka import ConsumerRecord
from pydantic import ValidationError

from schemas.envelope import BODIES, EventType, Headers
from schemas.message import Message
from schemas.topics import MIB

MAX_VALUE_BYTES = {EventType.ARTICLE: 1_400_000, EventType.STATEMENTS: 4 * MIB}
"""The largest value that is read. An article's text has at most 256,000 characters of four bytes,
and escapes; what is larger was not sent by a poller."""

B = TypeVar("B", bound=Message)


class Reason(StrEnum):
    """Why a record became a dead letter; a metric label, so bounded."""

    HEADER = "header"
    """A header is null or not UTF-8."""
    ENVELOPE = "envelope"
    """A CloudEvents header is missing or malformed."""
    WRONG_TYPE = "wrong_type"
    """Another type of message than this topic holds."""
    UNKNOWN_VERSION = "unknown_version"
    """The right type in a version that this program does not know."""
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    """The value is null, not UTF-8 or not JSON."""
    INVALID = "invalid"
    """JSON that does not fit the schema."""
    REJECTED = "rejected"
    """The service refused the message for what it says."""
    TIMED_OUT = "timed_out"
    """One message took too long."""
    FAILED = "failed"
    """The service failed on this message and on no other: a defect of ours."""


@dataclass(frozen=True)
class Received(Generic[B]):
    """A message, and the record that carried it."""

    headers: Headers
    body: B
    record: "ConsumerRecord[bytes, bytes]"


@dataclass(frozen=True)
class Refused:
    """A record that cannot be worked on."""

    record: "ConsumerRecord[bytes, bytes]"
    reason: Reason
    error: str


def decode(
    record: "ConsumerRecord[bytes, bytes]", expected: EventType
) -> Received[Message] | Refused:
    """Read one record of a topic that holds `expected`."""
    try:
        headers = _read_headers(record, expected)
        body = _read_body(record, expected)
    except _RefusedError as error:
        return Refused(record, error.reason, error.message)
    return Received(headers, body, record)


class _RefusedError(Exception):
    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def _read_headers(record: "ConsumerRecord[bytes, bytes]", expected: EventType) -> Headers:
    named: dict[str, str] = {}
    for name, value in record.headers:
        try:
            named[name] = value.decode()
        except (AttributeError, UnicodeDecodeError) as error:
            message = f"header {name!r} is null or not UTF-8"
            raise _RefusedError(Reason.HEADER, message) from error
    kind = named.get("ce_type", "")
    if kind != expected.value:
        message = f"ce_type is {kind!r}, not {expected.value!r}"
        raise _RefusedError(_type_reason(kind, expected), message)
    try:
        return _headers(named, expected)
    except (KeyError, ValueError) as error:
        message = f"CloudEvents header is missing or wrong: {error}"
        raise _RefusedError(Reason.ENVELOPE, message) from error


def _read_body(record: "ConsumerRecord[bytes, bytes]", expected: EventType) -> Message:
    if record.value is None:
        raise _RefusedError(Reason.NOT_JSON, "the value is null")
    if len(record.value) > MAX_VALUE_BYTES.get(expected, MIB):
        raise _RefusedError(Reason.TOO_LARGE, f"the value has {len(record.value)} bytes")
    try:
        return BODIES[expected].model_validate_json(record.value)
    except ValidationError as error:
        raise _RefusedError(*_validation(error)) from error


def _type_reason(kind: str, expected: EventType) -> Reason:
    if not kind:
        return Reason.ENVELOPE
    same = kind.rpartition(".v")[0] == expected.value.rpartition(".v")[0]
    return Reason.UNKNOWN_VERSION if same else Reason.WRONG_TYPE


def _headers(named: dict[str, str], kind: EventType) -> Headers:
    if not named["ce_id"]:
        raise ValueError("ce_id is empty")
    time = datetime.fromisoformat(named["ce_time"])
    return Headers(
        id=named["ce_id"],
        type=kind,
        source=named["ce_source"],
        time=time if time.tzinfo else time.replace(tzinfo=UTC),
        correlation_id=named.get("correlation_id") or named["ce_id"],
        replay_id=named.get("replay_id"),
    )


def _validation(error: ValidationError) -> tuple[Reason, str]:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return Reason.NOT_JSON, first["msg"]
    where = ".".join(str(part) for part in first["loc"]) or "the message"
    return Reason.INVALID, f"{where}: {first['msg']}"
