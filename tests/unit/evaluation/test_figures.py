"""Figures, their intervals, and calibration."""

import time
from typing import Any

import pytest

from schemas import ActorMention, Constraint, Modality, RouteMention, Speaker, Stance, Topic
from services.evaluation.bootstrap import Ratio, figures
from services.evaluation.calibration import calibration
from services.evaluation.figures import Group, evaluate
from services.evaluation.mistakes import mistakes
from tests.support.annotated import OPEN, OTHER, SHUT, annotated, annotation, found, judged

HALF = Ratio({"right": 1}, {"total": 1}, {"total": 1})


def value(group: Group, name: str) -> float | None:
    """Return a figure, rounded."""
    figure = group.figures[name].value
    return None if figure is None else round(figure, 3)


def of_one(wanted: dict[str, Any], got: dict[str, Any]) -> Group:
    """Return the figures of one statement that was found."""
    return evaluate([judged(annotated(annotation(**wanted)), found(**got))]).overall


def test_detection_counts_found_missed_and_false_alarms() -> None:
    article = annotated(annotation(OPEN), annotation(SHUT))
    overall = evaluate([judged(article, found(OPEN), found(OTHER))]).overall
    assert [value(overall, name) for name in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert [overall.figures[name].of for name in ("precision", "recall", "f1")] == [2, 2, 2]


def test_labels_are_measured_on_statements_that_were_found() -> None:
    article = annotated(annotation(OPEN), annotation(SHUT, stance="restricting"))
    overall = evaluate([judged(article, found(OPEN))]).overall
    assert (value(overall, "stance"), overall.figures["stance"].of) == (1, 1)
    nothing = evaluate([judged(article)]).overall
    assert value(nothing, "stance") is None
    assert value(nothing, "precision") is None
    assert value(nothing, "recall") == 0


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        (None, None, 1),
        ("ICRC", None, 0),
        (None, "ICRC", 0),
        ("ICRC", "ICRC", 1),
        ("Guterres", "António Guterres", 1),
        ("the UN chief António Guterres", "António Guterres", 1),
        ("ICRC", "UNHCR", 0),
    ],
)
def test_speakers_are_equal_or_one_within_the_other(
    wanted: str | None, got: str | None, expected: int
) -> None:
    speaker = Speaker(name=got) if got else None
    assert value(of_one({"speaker": wanted}, {"speaker": speaker}), "speaker") == expected


def test_names_are_compared_as_sets_as_they_are_written() -> None:
    overall = of_one(
        {"actors": ("ICRC", "WHO"), "routes": ("Lachin road",)},
        {
            "actors": [ActorMention(name="ICRC"), ActorMention(name="who")],
            "routes": [RouteMention(name="Lachin road"), RouteMention(name="Lachin road")],
        },
    )
    assert (value(overall, "actors"), value(overall, "routes")) == (0.5, 1)


def test_topics_are_counted_one_by_one() -> None:
    overall = of_one(
        {"topics": ("aid_delivery", "impediment")},
        {"topics": [Topic.AID_DELIVERY, Topic.ROUTE_STATUS]},
    )
    assert (value(overall, "topics"), overall.figures["topics"].of) == (0.5, 2)


def test_commitments_count_where_either_sees_one() -> None:
    cases = [(True, True), (True, False), (False, True), (False, False)]
    several = [
        judged(annotated(annotation(commitment=wanted)), found(commitment=got))
        for wanted, got in cases
    ]
    assert value(evaluate(several).overall, "commitment") == 0.5
    assert value(evaluate(several[3:]).overall, "commitment") is None


def test_modality_and_constraints_are_measured_where_they_are_annotated() -> None:
    got = {"modality": Modality.PLANNED, "constraints": [Constraint.MINES_UXO]}
    nothing = of_one({}, got)
    assert (value(nothing, "modality"), value(nothing, "constraints")) == (None, None)
    wanted = {"modality": "planned", "constraints": ("mines_uxo", "hostilities")}
    both = of_one(wanted, got)
    assert (value(both, "modality"), value(both, "constraints")) == (1, 0.667)
    assert value(of_one({"modality": "planned"}, {}), "modality") == 0
    assert value(of_one({"constraints": ()}, got), "constraints") == 0


def test_each_label_has_precision_recall_and_f1() -> None:
    wanted = ["enabling", "enabling", "denial"]
    got = [Stance.ENABLING, Stance.DENIAL, Stance.DENIAL]
    several = [
        judged(annotated(annotation(stance=a)), found(stance=b))
        for a, b in zip(wanted, got, strict=True)
    ]
    labels = evaluate(several).labels["stance"]
    assert list(labels) == ["enabling", "denial"]
    shown = {name: [figure.value for figure in each.values()] for name, each in labels.items()}
    assert shown["enabling"] == [1, 0.5, pytest.approx(2 / 3)]
    assert shown["denial"] == [0.5, 1, pytest.approx(2 / 3)]


def test_quiet_articles_with_a_statement_are_counted() -> None:
    several = [judged(annotated(), found()), judged(annotated()), judged(annotated(annotation()))]
    quiet = evaluate(several).overall.figures["quiet"]
    assert (quiet.value, quiet.of) == (0.5, 2)


def test_figures_are_given_by_language_and_context_the_largest_first() -> None:
    several = [
        judged(annotated(annotation(), language="fr", context="mali"), found()),
        judged(annotated(annotation(), language="en", context="mali")),
        judged(annotated(annotation(), language="en", context="gaza"), found()),
    ]
    evaluation = evaluate(several)
    assert {name: value(g, "recall") for name, g in evaluation.languages.items()} == {
        "en": 0.5,
        "fr": 1,
    }
    assert list(evaluation.languages) == ["en", "fr"]
    assert list(evaluation.contexts) == ["mali", "gaza"]


def test_articles_skipped_for_their_language_are_counted_apart_unless_wanted() -> None:
    why = "The text is in a language that is not read (hu)."
    foreign = judged(annotated(annotation(), language="hu"), language="hu", skipped=why)
    several = [judged(annotated(annotation()), found()), foreign]
    apart = evaluate(several)
    assert (apart.skipped, apart.overall.articles, value(apart.overall, "recall")) == (
        {"hu": 1},
        1,
        1,
    )
    together = evaluate(several, all_languages=True)
    assert (together.skipped, value(together.overall, "recall")) == ({}, 0.5)


def test_nothing_to_measure_gives_no_figures() -> None:
    overall = evaluate([]).overall
    assert {each.value for each in overall.figures.values()} == {None}


def test_the_interval_holds_the_value_and_is_the_same_every_time() -> None:
    counts = [{"right": number % 2, "total": 1} for number in range(100)]
    first, second = (figures(counts, {"half": HALF})["half"] for _ in range(2))
    assert first == second
    assert first.value == 0.5
    # The normal approximation gives 0.5 ± 1.96 · 0.05.
    assert first.low == pytest.approx(0.4, abs=0.02)
    assert first.high == pytest.approx(0.6, abs=0.02)


def test_articles_are_resampled_rather_than_cases() -> None:
    alone = [{"right": number % 2, "total": 1} for number in range(100)]
    together = [{"right": 10 * (number % 2), "total": 10} for number in range(10)]
    narrow, wide = (figures(each, {"half": HALF})["half"] for each in (alone, together))
    assert narrow.low is not None
    assert wide.low is not None
    assert wide.low < narrow.low - 0.1


def test_one_article_has_no_interval() -> None:
    figure = figures([{"right": 1, "total": 2}], {"half": HALF})["half"]
    assert (figure.value, figure.low, figure.high) == (0.5, None, None)


def test_two_thousand_articles_take_seconds() -> None:
    several = [
        judged(annotated(annotation(), context=str(number % 80)), found()) for number in range(2000)
    ]
    began = time.monotonic()
    evaluate(several)
    assert time.monotonic() - began < 20


def test_calibration_compares_confidence_with_precision() -> None:
    several = [
        judged(annotated(annotation()), found(confidence=0.95)),
        judged(annotated(annotation()), found(confidence=0.55), found(OTHER, confidence=0.55)),
        judged(annotated(), found(confidence=1.0)),
    ]
    result = calibration(several)
    assert [(each.low, each.statements, each.precision) for each in result.bins] == [
        (0.5, 2, 0.5),
        (0.9, 2, 0.5),
    ]
    assert result.error == pytest.approx((2 * 0.05 + 2 * 0.475) / 4)
    assert calibration([]).error is None


def test_mistakes_say_what_was_annotated_and_what_was_found() -> None:
    article = annotated(annotation(OPEN, speaker="ICRC", routes=("Lachin road",)), annotation(SHUT))
    told = [
        (each.kind, each.sentence, each.wanted, each.found)
        for each in mistakes([judged(article, found(OPEN, commitment=True), found(OTHER))])
    ]
    assert told == [
        ("commitment", OPEN, "no", "yes"),
        ("speaker", OPEN, "ICRC", "–"),
        ("routes", OPEN, "Lachin road", "–"),
        ("missed", SHUT, "enabling: route_status", "–"),
        ("false alarm", OTHER, "–", "enabling: route_status"),
    ]
