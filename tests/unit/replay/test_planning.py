from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.replay.domain.job import Source
from services.replay.domain.planning import (
    Partition,
    archive_end,
    check_offsets,
    left_to_live,
    numbered,
    reach,
    topic_parts,
)
from services.replay.domain.request import Choice, Kind, Request
from services.runtime.errors import NotFoundError, UsageError
from tests.support.builders import NOON

ALL = Request(Kind.ARTICLES)


def partition(number: int = 0, **fields: object) -> Partition:
    whole = Partition(
        number=number,
        begin=0,
        end=100,
        committed=100,
        first_at=NOON,
        first_fetched_at=NOON - timedelta(seconds=5),
        from_offset=0,
        to_offset=100,
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


def test_a_topic_that_lost_nothing_reaches_back_to_its_first_article() -> None:
    later = partition(1, first_at=NOON + timedelta(days=3), first_fetched_at=NOON + timedelta(1))
    assert reach([partition(), later]) == NOON - timedelta(seconds=5)


def test_a_topic_that_lost_records_reaches_back_to_the_latest_of_their_ends() -> None:
    lost = partition(1, begin=20, first_at=NOON + timedelta(days=3))
    assert reach([partition(), lost]) == NOON + timedelta(days=3)


def test_an_empty_topic_reaches_nowhere() -> None:
    assert reach([partition(end=0, first_at=None, first_fetched_at=None)]) is None


def test_a_partition_that_lost_all_it_had_makes_the_topic_reach_nowhere() -> None:
    gone = partition(1, begin=100, first_at=None, first_fetched_at=None)
    assert reach([partition(), gone]) is None


def test_an_empty_partition_beside_others_takes_nothing_away() -> None:
    empty = partition(1, end=0, first_at=None, first_fetched_at=None)
    assert reach([partition(), empty]) == NOON - timedelta(seconds=5)


def test_parts_end_where_the_live_path_has_come_to() -> None:
    (part,) = topic_parts("topic", [partition(committed=60)], ALL, None)
    assert (part.first, part.last, part.expected) == (0, 60, 60)
    assert left_to_live([partition(committed=60)], ALL) == 40


def test_a_group_that_never_committed_has_dealt_with_nothing() -> None:
    assert topic_parts("topic", [partition(committed=0)], ALL, None) == []


def test_offsets_choose_partitions() -> None:
    request = Request(Kind.ARTICLES, first={1: 10}, last={1: 30})
    (part,) = topic_parts("topic", [partition(0), partition(1)], request, None)
    assert (part.partition, part.first, part.last) == (1, 10, 30)


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        (Request(Kind.ARTICLES, first={7: 0}), UsageError, "has no partition 7 (--from)"),
        (Request(Kind.ARTICLES, last={0: 101}), NotFoundError, "beyond its end, 100"),
        (Request(Kind.ARTICLES, first={0: 5}), NotFoundError, "begins at 20 (2026-11-24 12:00)"),
        (Request(Kind.ARTICLES, first={0: 60}, last={0: 40}), UsageError, "--to ends before"),
    ],
)
def test_offsets_that_are_not_there_are_named(
    request_: Request, error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as found:
        check_offsets("topic", [partition(begin=20)], request_)
    assert said in str(found.value)


def test_the_archive_ends_where_the_topic_begins() -> None:
    horizon = NOON + timedelta(days=9)
    assert archive_end(ALL, NOON, horizon) == NOON
    assert archive_end(ALL, None, horizon) == horizon
    everything = Request(Kind.ARTICLES, source=Choice.ARCHIVE)
    assert archive_end(everything, NOON, horizon) == horizon
    until = NOON - timedelta(days=1)
    assert archive_end(Request(Kind.ARTICLES, until=until), NOON, horizon) == until


def test_parts_are_numbered_from_one() -> None:
    parts = topic_parts("topic", [partition(0), partition(1)], ALL, None)
    assert [part.number for part in numbered(parts)] == [1, 2]
    assert all(part.source is Source.TOPIC for part in parts)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 120), st.integers(0, 120))
def test_parts_and_what_is_left_to_the_live_path_cover_the_stretch(
    begin: int, end: int, committed: int, start: int
) -> None:
    begin, end = sorted((begin, end))
    start = min(max(begin, start), end)
    each = partition(
        begin=begin, end=end, committed=min(committed, end), from_offset=start, to_offset=end
    )
    read = sum(part.expected for part in topic_parts("topic", [each], ALL, None))
    assert read + left_to_live([each], ALL) == end - start


def moments() -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - aware below


@given(st.lists(st.tuples(st.booleans(), moments(), st.integers(0, 3600)), min_size=1))
def test_whatever_was_fetched_after_the_reach_is_on_the_topic(
    rows: list[tuple[bool, datetime, int]],
) -> None:
    """A partition that lost records holds those written since its first, and no others."""
    partitions = [
        partition(
            number,
            begin=5 if cut else 0,
            first_at=fetched.replace(tzinfo=NOON.tzinfo) + timedelta(seconds=late),
            first_fetched_at=fetched.replace(tzinfo=NOON.tzinfo),
        )
        for number, (cut, fetched, late) in enumerate(rows)
    ]
    reached = reach(partitions)
    assert reached is not None
    for each in partitions:
        if each.begin:
            assert each.first_at is not None
            assert reached >= each.first_at
