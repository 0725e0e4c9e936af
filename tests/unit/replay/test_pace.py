from services.replay.domain.pace import Gate, batch_of, pause_after
from services.replay.domain.progress import Speed


def test_the_gate_closes_above_its_limit_and_opens_at_half_of_it() -> None:
    gate = Gate(100)
    assert [gate.note(waiting) for waiting in (100, 101, 80, 51, 50, 90)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_gate_without_a_limit_never_closes() -> None:
    assert not Gate(0).note(1_000_000)


def test_a_batch_is_followed_by_what_is_left_of_its_time() -> None:
    assert pause_after(100, 2.0, 20.0) == 3.0
    assert pause_after(100, 7.0, 20.0) == 0.0
    assert pause_after(100, 2.0, None) == 0.0


def test_a_slow_replay_takes_a_seconds_messages_at_a_time() -> None:
    assert batch_of(500, None) == 500
    assert batch_of(500, 20.0) == 20
    assert batch_of(500, 2000.0) == 500
    assert batch_of(500, 0.1) == 1


def test_speed_is_that_of_the_last_while() -> None:
    speed = Speed(seconds=10)
    for at in range(30):
        speed.note(float(at), at * (1 if at < 15 else 5))
    assert speed.per_second == 5.0
    assert speed.seconds_left(50) == 10.0


def test_one_look_tells_no_speed() -> None:
    speed = Speed()
    speed.note(0.0, 5)
    assert speed.per_second is None


def test_nobody_can_tell_the_time_left_of_what_stands_still() -> None:
    speed = Speed()
    speed.note(0.0, 5)
    speed.note(1.0, 5)
    assert speed.seconds_left(10) is None
