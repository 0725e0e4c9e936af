"""Examples and what came lately."""

from services.replay.domain.sampling import Sample
from services.replay.domain.seen import Seen


def chosen(offers: list[tuple[str, str]], size: int = 4, seed: int = 0) -> tuple[str, ...]:
    sample = Sample[str](size, seed)
    for outlet, key in offers:
        sample.offer(outlet, key, f"{outlet}/{key}")
    return sample.chosen()


MANY = [(f"outlet {n % 3}", str(n)) for n in range(100)]


def test_examples_are_spread_over_outlets() -> None:
    lopsided = [("large", str(n)) for n in range(1000)] + [("small", "x"), ("tiny", "y")]
    found = chosen(lopsided)
    assert sorted(each.partition("/")[0] for each in found) == ["large", "large", "small", "tiny"]


def test_the_choice_does_not_depend_on_the_order_in_which_examples_come() -> None:
    outlets = [(f"outlet {n % 50}", str(n)) for n in range(500)]
    assert chosen(outlets) == chosen(outlets[::-1])


def test_another_seed_chooses_others() -> None:
    assert chosen(MANY) == chosen(MANY)
    assert len({chosen(MANY, seed=seed) for seed in range(5)}) > 1


def test_an_example_that_is_offered_twice_is_chosen_once() -> None:
    assert chosen([("outlet", "x")] * 3) == ("outlet/x",)
    assert chosen([], size=3) == ()
    assert chosen(MANY, size=0) == ()


def test_memory_is_bounded() -> None:
    sample = Sample[int](3)
    for n in range(2000):
        sample.offer(f"outlet {n % 200}", str(n), n)
    assert sum(map(len, sample._outlets.values())) <= 9


def test_a_message_that_comes_again_is_known_until_it_is_forgotten() -> None:
    seen = Seen(most=2)
    assert [seen.again("a", "1"), seen.again("a", "2"), seen.again("a", "1")] == [
        False,
        False,
        True,
    ]
    seen.again("a", "3")
    assert not seen.again("a", "1")
