"""Which statement found is which annotated one."""

import pytest

from services.evaluation.matching import Span, match, spans_of
from tests.support.annotated import OPEN, OTHER, SHUT, annotated, annotation, found, judged


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        ([(0, 10)], [(0, 10)], {0: 0}),
        ([(0, 10)], [(0, 6)], {0: 0}),
        ([(0, 10)], [(0, 5)], {}),
        ([(0, 10)], [(0, 20)], {}),
        ([(0, 10)], [(0, 19)], {0: 0}),
        ([(0, 10)], [(10, 20)], {}),
        ([(0, 10), (0, 10)], [(0, 10)], {0: 0}),
        ([(0, 10)], [(0, 8), (0, 10)], {0: 1}),
        ([(0, 10), (10, 20)], [(10, 20), (0, 10)], {0: 1, 1: 0}),
        ([], [(0, 10)], {}),
    ],
)
def test_spans_match_that_share_more_than_half_of_the_longer(
    wanted: list[Span], got: list[Span], expected: dict[int, int]
) -> None:
    assert match(wanted, got) == expected


def test_a_sentence_said_twice_is_found_in_order() -> None:
    text = f"{OTHER} {OPEN} {OTHER}"
    article = annotated(annotation(OTHER), annotation(OTHER), annotation(OPEN), text=text)
    assert [text[slice(*span)] for span in spans_of(article)] == [OTHER, OTHER, OPEN]
    assert spans_of(article)[0][0] < spans_of(article)[1][0]
    thrice = annotated(*[annotation(OTHER)] * 3, text=text)
    assert spans_of(thrice)[2] == spans_of(thrice)[0]


def test_pairs_come_in_order_of_appearance() -> None:
    pairs = judged(annotated(annotation(SHUT)), found(OPEN), found(SHUT)).pairs
    assert [(pair.wanted is not None, pair.found is not None) for pair in pairs] == [
        (False, True),
        (True, True),
    ]


def test_what_was_skipped_for_its_language_is_foreign() -> None:
    article = annotated()
    assert judged(article, skipped="The text is in a language that is not read (hu).").foreign
    assert not judged(article).foreign
