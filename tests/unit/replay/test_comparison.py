"""What another reading of an article changes."""

import pytest

from schemas import ActorMention, RouteMention, Speaker, Speech, Stance, Statement, Topic
from services.replay.domain.comparison import FIELDS, Fate, compare
from services.replay.domain.reading import LeftOut, Reading, left_out
from services.replay.domain.tally import OTHERS, Changes, Tallies, Tally
from tests.support.builders import statement

OPEN = statement(
    "The Lachin road is open to aid convoys.",
    routes=[RouteMention(name="Lachin road", id="lachin-road", status="open")],
    actors=[ActorMention(name="ICRC", id="icrc"), ActorMention(name="UNHCR", id="unhcr")],
    topics=[Topic.ROUTE_STATUS, Topic.AID_DELIVERY],
    speaker=Speaker(name="Egger", role="spokesperson"),
)
SHUT = statement("The crossing was shut.", stance=Stance.RESTRICTING)


def with_fields(found: Statement, **fields: object) -> Statement:
    return found.model_copy(update=fields)


def fates(old: list[Statement], new: list[Statement]) -> list[Fate]:
    return [pair.fate for pair in compare(old, new)]


def test_a_sentence_that_was_no_statement_is_added_and_one_that_is_none_any_more_is_gone() -> None:
    assert fates([OPEN], [OPEN, SHUT]) == [Fate.UNCHANGED, Fate.ADDED]
    assert fates([OPEN, SHUT], [SHUT]) == [Fate.UNCHANGED, Fate.GONE]
    assert fates([], []) == []


def test_a_sentence_keeps_its_identity_wherever_it_stands_and_however_it_is_spaced() -> None:
    moved = with_fields(OPEN, text="The  LACHIN road is open to aid convoys.", start=99, position=7)
    assert fates([OPEN], [moved]) == [Fate.UNCHANGED]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topics", (Topic.ROUTE_STATUS,)),
        ("stance", Stance.DENIAL),
        ("commitment", True),
        ("speaker", None),
        ("speaker", Speaker(name="Egger", role="president")),
        ("speaker", Speaker(name="Egger", role="spokesperson", actor_id="icrc")),
        ("actors", ()),
        ("actors", (ActorMention(name="ICRC", id="icrc"), ActorMention(name="UNHCR"))),
        ("routes", (RouteMention(name="Lachin road", id="lachin-road", status="closed"),)),
    ],
)
def test_a_sentence_read_otherwise_is_changed_in_the_field_that_differs(
    field: str, value: object
) -> None:
    (pair,) = compare([OPEN], [with_fields(OPEN, **{field: value})])
    assert (pair.fate, pair.fields) == (Fate.CHANGED, (field,))


@pytest.mark.parametrize(
    "fields",
    [
        {"topics": OPEN.topics[::-1]},
        {"actors": OPEN.actors[::-1]},
        {"confidence": 0.1, "evidence": ("road",), "id": "f" * 32},
        {"speaker": Speaker(name="Egger", role="spokesperson", speech=Speech.DIRECT)},
    ],
)
def test_order_confidence_and_what_only_newer_extractors_tell_make_no_difference(
    fields: dict[str, object],
) -> None:
    assert fates([OPEN], [with_fields(OPEN, **fields)]) == [Fate.UNCHANGED]


def test_a_sentence_that_an_article_has_twice_is_paired_in_order() -> None:
    twice = [with_fields(SHUT, position=0), with_fields(SHUT, position=1, stance=Stance.DENIAL)]
    assert fates(twice, twice) == [Fate.UNCHANGED, Fate.UNCHANGED]
    assert fates(twice, twice[:1]) == [Fate.UNCHANGED, Fate.GONE]
    assert fates(twice[:1], twice) == [Fate.UNCHANGED, Fate.ADDED]


def test_a_statement_that_loses_a_topic_counts_before_and_not_after() -> None:
    changes = Changes()
    for pair in compare([OPEN, SHUT], [with_fields(OPEN, topics=(Topic.AID_DELIVERY,))]):
        changes.count(pair)
    assert changes.total == Tally(before=2, after=1, changed=1, gone=1)
    topics = changes.topics.sorted()
    assert topics["route_status"] == Tally(before=2, after=0, changed=1, gone=1)
    assert topics["aid_delivery"] == Tally(before=1, after=1, changed=1)
    assert changes.routes.sorted() == {"lachin-road": Tally(before=1, after=1, changed=1)}
    assert changes.fields == {"topics": 1}


def test_labels_without_end_are_counted_as_others() -> None:
    tallies = Tallies(most=2)
    for name in ("a", "b", "c", "d", "a"):
        tallies.count(Fate.ADDED, (), [name])
    assert {label: tally.added for label, tally in tallies.sorted().items()} == {
        "a": 2,
        OTHERS: 2,
        "b": 1,
    }


CURRENT = Reading("r2", 2, "v1")


@pytest.mark.parametrize(
    ("revision", "number", "version", "newest", "current", "why"),
    [
        ("r2", 2, None, 2, CURRENT, None),
        ("r3", 3, None, 3, CURRENT, None),
        ("r1", 1, None, 2, CURRENT, LeftOut.OLDER_REVISION),
        ("r1", 1, None, 2, None, LeftOut.OLDER_REVISION),
        ("r2", 2, "v1", 2, CURRENT, None),
        ("r2", 2, "v2", 2, CURRENT, LeftOut.OTHER_READING),
        ("r2", 2, "v2", 2, None, None),
    ],
)
def test_only_what_decides_on_the_current_state_is_kept(
    revision: str,
    number: int,
    version: str | None,
    newest: int,
    current: Reading | None,
    why: LeftOut | None,
) -> None:
    assert left_out(revision, number, version, newest, current) == why


def test_the_fields_are_those_that_reports_name() -> None:
    assert set(FIELDS) <= set(Statement.model_fields)
