"""What follows an attempt to deliver."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerting.domain.delivery import (
    DeliveryFailure,
    DeliveryState,
    GiveUp,
    Patience,
    Retry,
    Sent,
    after_attempt,
    summary,
)
from tests.support.builders import NOON

PATIENCE = Patience(max_attempts=5, first=5, most=60)
LATER = Retry(DeliveryFailure.BUSY, "HTTP 503")


def test_what_was_sent_is_done() -> None:
    following = after_attempt(Sent(), 1, NOON, PATIENCE, 0)
    assert (following.state, following.due_at) == (DeliveryState.SENT, None)


def test_what_the_receiver_refuses_is_not_tried_again() -> None:
    following = after_attempt(GiveUp(DeliveryFailure.REFUSED, "HTTP 404"), 1, NOON, PATIENCE, 0)
    assert following.state is DeliveryState.ABANDONED
    assert following.detail == "HTTP 404"


def test_pauses_double_up_to_the_longest() -> None:
    pauses = []
    for attempts in range(1, 5):
        due = after_attempt(LATER, attempts, NOON, PATIENCE, 1).due_at
        assert due
        pauses.append((due - NOON).total_seconds())
    assert pauses == [5, 10, 20, 40]


def test_the_last_attempt_is_the_last() -> None:
    following = after_attempt(LATER, 5, NOON, PATIENCE, 0)
    assert following.state is DeliveryState.ABANDONED
    assert following.reason is DeliveryFailure.TOO_MANY_ATTEMPTS


def test_a_receiver_that_asks_for_time_gets_it() -> None:
    wish = Retry(DeliveryFailure.BUSY, "HTTP 429", after=30)
    assert after_attempt(wish, 1, NOON, PATIENCE, 0).due_at == NOON + timedelta(seconds=30)


@given(st.integers(1, 4), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e9))
def test_a_pause_is_never_too_short_nor_too_long(
    attempts: int, jitter: float, after: float | None
) -> None:
    outcome = Retry(DeliveryFailure.BUSY, "", after)
    due = after_attempt(outcome, attempts, NOON, PATIENCE, jitter).due_at
    assert due is not None
    assert 2.5 <= (due - NOON).total_seconds() <= 60


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), "no channel"),
        (("sent", "sent"), "sent"),
        (("sent", "pending", "abandoned"), "pending"),
        (("sent", "abandoned"), "given up"),
    ],
)
def test_whether_a_subscriber_was_told_is_said_in_a_word(
    states: tuple[str, ...], said: str
) -> None:
    assert summary(states) == said
    assert summary(states, replayed=True, in_digest=True) == f"digest {said}"


def test_what_a_replay_found_without_a_digest_was_sent_to_nobody() -> None:
    assert summary((), replayed=True) == "not sent (replay)"
