"""From record to message, or the reason why not."""

import pytest

from schemas import Article, EventType
from schemas.topics import MIB
from services.runtime.kafka.decode import Reason, Received, Refused, decode
from tests.support.builders import article, article_headers, record


def encoded(body: Article, **changes: bytes | None) -> tuple[tuple[str, bytes | None], ...]:
    pairs = dict(article_headers(body).encode())
    return tuple((pairs | changes).items())


def test_a_good_record_becomes_a_message_with_its_headers() -> None:
    body = article()
    found = decode(record(body.model_dump_json().encode(), encoded(body)), EventType.ARTICLE)
    assert isinstance(found, Received)
    assert found.body == body
    assert found.headers == article_headers(body)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trace": None}, Reason.HEADER),
        ({"trace": b"\xff\xfe"}, Reason.HEADER),
        ({"ce_type": b""}, Reason.ENVELOPE),
        ({"ce_type": b"accesswatch.article.v2"}, Reason.UNKNOWN_VERSION),
        ({"ce_type": b"accesswatch.alert.v1"}, Reason.WRONG_TYPE),
        ({"ce_id": b""}, Reason.ENVELOPE),
        ({"ce_time": b"yesterday"}, Reason.ENVELOPE),
    ],
)
def test_a_wrong_header_is_refused_with_its_reason(
    changes: dict[str, bytes | None], reason: Reason
) -> None:
    body = article()
    found = decode(
        record(body.model_dump_json().encode(), encoded(body, **changes)), EventType.ARTICLE
    )
    assert isinstance(found, Refused)
    assert found.reason is reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.NOT_JSON),
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"\xff\xff", Reason.NOT_JSON),
        (b"[]", Reason.INVALID),
        (b'{"id": 7}', Reason.INVALID),
        (b" " * (2 * MIB), Reason.TOO_LARGE),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(value: bytes | None, reason: Reason) -> None:
    found = decode(record(value, encoded(article())), EventType.ARTICLE)
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert found.error


def test_a_missing_header_is_named() -> None:
    headers = tuple(pair for pair in encoded(article()) if pair[0] != "ce_source")
    found = decode(record(b"{}", headers), EventType.ARTICLE)
    assert isinstance(found, Refused)
    assert "ce_source" in found.error
