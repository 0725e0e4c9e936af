"""Comparing readings of an article, whatever they are."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas import ActorMention, RouteMention, Speaker, Stance, Statement, Topic
from services.replay.domain.comparison import FIELDS, Fate, compare
from services.replay.domain.sampling import Sample
from services.replay.domain.tally import Changes
from tests.support.builders import statement

TEXTS = ("The road is open.", "The ROAD is  open.", "The port is shut.", "Laçın yolu", "Лачын")
NAMES = ("ICRC", "Lachin road", "Rafah")


def make(
    text: str, topics: list[Topic], stance: Stance, *, commitment: bool, name: str | None
) -> Statement:
    return statement(
        text,
        topics=topics,
        stance=stance,
        commitment=commitment,
        speaker=Speaker(name=name) if name else None,
        actors=[ActorMention(name=name)] if name else [],
        routes=[RouteMention(name=name)] if name else [],
    )


statements = st.builds(
    make,
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(Topic), min_size=1, max_size=3, unique=True),
    st.sampled_from(Stance),
    commitment=st.booleans(),
    name=st.sampled_from(NAMES) | st.none(),
)
readings = st.lists(statements, max_size=6).map(
    lambda found: [each.model_copy(update={"position": n}) for n, each in enumerate(found)]
)


@given(readings)
def test_a_reading_compared_with_itself_changes_nothing(reading: list[Statement]) -> None:
    assert {pair.fate for pair in compare(reading, reading)} <= {Fate.UNCHANGED}


@given(readings, readings)
def test_every_statement_has_one_fate(old: list[Statement], new: list[Statement]) -> None:
    pairs = compare(old, new)
    assert [pair.new for pair in pairs if pair.new is not None] == new
    left = [pair.old for pair in pairs if pair.old is not None]
    assert Counter(map(id, left)) == Counter(map(id, old))
    counts = Counter(pair.fate for pair in pairs)
    kept = counts[Fate.CHANGED] + counts[Fate.UNCHANGED]
    assert counts[Fate.ADDED] + kept == len(new)
    assert counts[Fate.GONE] + kept == len(old)


@given(readings, readings)
def test_what_is_added_one_way_is_gone_the_other_way(
    old: list[Statement], new: list[Statement]
) -> None:
    there = Counter(pair.fate for pair in compare(old, new))
    back = Counter(pair.fate for pair in compare(new, old))
    assert there[Fate.ADDED] == back[Fate.GONE]
    assert there[Fate.GONE] == back[Fate.ADDED]
    assert there[Fate.CHANGED] == back[Fate.CHANGED]


@given(readings, readings)
def test_counts_by_stance_add_up_to_those_in_total(
    old: list[Statement], new: list[Statement]
) -> None:
    changes = Changes()
    for pair in compare(old, new):
        changes.count(pair)
    stances = changes.stances.sorted().values()
    assert changes.total.before == len(old) == sum(each.before for each in stances)
    assert changes.total.after == len(new) == sum(each.after for each in stances)
    assert changes.total.added == sum(each.added for each in stances)
    assert changes.total.gone == sum(each.gone for each in stances)
    for tallies in (changes.topics, changes.routes):
        for each in tallies.sorted().values():
            assert each.before <= each.gone + each.changed + each.unchanged
            assert each.after <= each.added + each.changed + each.unchanged
    assert all(0 < count <= changes.total.changed for count in changes.fields.values())
    assert set(changes.fields) <= set(FIELDS)


offers = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 30).map(str)))


@given(offers, st.integers(1, 5))
def test_examples_do_not_depend_on_the_order_in_which_they_come(
    offered: list[tuple[str, str]], size: int
) -> None:
    def choose(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        sample = Sample[tuple[str, str]](size, 7)
        for outlet, key in pairs:
            sample.offer(outlet, key, (outlet, key))
        return sample.chosen()

    found = choose(offered)
    assert found == choose(sorted(offered, reverse=True))
    assert len(found) == min(size, len(set(offered)))
    assert len({outlet for outlet, _ in found}) == min(size, len({o for o, _ in offered}))
