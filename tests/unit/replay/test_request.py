from datetime import timedelta

import pytest

from services.replay.domain.job import is_alike, is_dead, read_request, write_request
from services.replay.domain.request import Choice, Kind, Request, read_offsets
from services.runtime.errors import UsageError
from tests.support.builders import NOON


def test_offsets_are_read_by_partition() -> None:
    assert read_offsets("0=1200,11=1180", "--from") == {0: 1200, 11: 1180}


def test_times_are_no_offsets() -> None:
    assert read_offsets("2026-11-24", "--from") is None
    assert read_offsets("7d", "--from") is None


def test_a_partition_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="--to names a partition twice"):
        read_offsets("0=1,0=2", "--to")


def test_a_request_survives_its_row() -> None:
    request = Request(
        Kind.STATEMENTS,
        NOON,
        NOON + timedelta(hours=1),
        first={0: 1},
        last={0: 9},
        feeds=("a",),
        languages=("en",),
        source=Choice.TOPIC,
        notify=True,
        rate=2.5,
    )
    assert read_request(write_request(request)) == request


def test_a_worker_joins_what_wants_the_same_at_another_time() -> None:
    request = Request(Kind.ARTICLES, since=NOON, feeds=("a",))
    later = NOON + timedelta(hours=1)
    assert is_alike(request, Request(Kind.ARTICLES, since=later, feeds=("a",)))
    assert not is_alike(request, Request(Kind.ARTICLES, since=NOON))
    assert not is_alike(request, Request(Kind.STATEMENTS, since=NOON, feeds=("a",)))


def test_filters_choose_by_feed_and_language() -> None:
    request = Request(Kind.ARTICLES, feeds=("a",), languages=("en",))
    assert request.wants("a", "en")
    assert not request.wants("b", "en")
    assert not request.wants("a", "fr")


def test_an_article_whose_language_nobody_states_is_read_before_it_is_judged() -> None:
    assert Request(Kind.ARTICLES, languages=("en",)).wants("a", None)


def test_a_stretch_has_its_first_moment_and_not_its_last() -> None:
    request = Request(Kind.ARTICLES, NOON, NOON + timedelta(hours=1))
    assert request.covers(NOON)
    assert not request.covers(NOON + timedelta(hours=1))
    assert not request.covers(NOON - timedelta(seconds=1))


def test_a_worker_that_was_killed_on_this_machine_holds_nothing_any_more() -> None:
    def alive(pid: int) -> bool:
        return pid in {1, 7}

    assert is_dead("here:8:abc/1", "here", 1, alive)
    assert not is_dead("here:7:abc/1", "here", 1, alive)
    assert not is_dead("there:8:abc/1", "here", 1, alive)


def test_a_container_that_started_again_has_its_old_id_and_its_old_parts_back() -> None:
    assert is_dead("pod-a:1:before/2", "pod-a", 1, lambda _: True)
