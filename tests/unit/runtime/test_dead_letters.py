"""What a dead letter keeps."""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.kafka.dead_letters import dead_letter, read_dead_letter
from services.runtime.kafka.decode import Reason, Refused
from tests.support.builders import NOON, record

headers = st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=30)), max_size=5)


@given(
    value=st.none() | st.binary(max_size=200), key=st.none() | st.binary(max_size=20), of=headers
)
def test_a_dead_letter_keeps_the_record_as_it_was(
    value: bytes | None, key: bytes | None, of: list[tuple[str, bytes | None]]
) -> None:
    refused = Refused(record(value, tuple(of), offset=5, key=key), Reason.HEADER, "why")
    sent = dead_letter(refused, "group", "topic.dlq", NOON)
    read = read_dead_letter(record(sent.value, sent.headers, topic="topic.dlq", key=sent.key))
    assert (read.value, read.key, list(read.headers)) == (value, key, of)
    assert (read.topic, read.partition, read.offset) == ("topic", 0, 5)
    assert (read.reason, read.error, read.group) == ("header", "why", "group")
    assert read.failed_at == NOON


def test_the_same_record_refused_twice_is_one_dead_letter() -> None:
    first = dead_letter(Refused(record(b"a"), Reason.INVALID, "x"), "g", "t.dlq", NOON)
    again = dead_letter(Refused(record(b"a"), Reason.FAILED, "y"), "g", "t.dlq", NOON)
    other = dead_letter(Refused(record(b"a", offset=1), Reason.FAILED, "y"), "g", "t.dlq", NOON)
    assert first.key == again.key != other.key
