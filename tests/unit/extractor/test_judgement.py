"""Opinions are weighed with their neighbours and the article as a whole."""

import numpy as np

from services.extractor.domain.judgement import SIGNS, Blend, read_judgement, sigmoid, signs

VALUES = {
    "reads": True,
    "detection": dict(zip(SIGNS, (1.0, 0.5, 0.1, 0.1, 1.0, 1.0, 0.5, -1.5), strict=True)),
    "threshold": 0.5,
    "peak": 0.8,
    "blends": {"stance": {"reader": 1.0, "linear": 0.5, "biases": [0.0, 0.2]}},
    "gate": -0.5,
}


def test_signs_of_a_sentence_are_both_opinions_and_its_surroundings() -> None:
    table = signs([4.0, -4.0], [1.0, -1.0])

    assert table.shape == (2, len(SIGNS))
    assert table[0, :4].tolist() == [4.0, 1.0, -3.0, -3.0]
    assert table[1, 2] == 3.0  # the strong one before it, held to what a neighbour may count
    assert table[0, 6] == 0.5  # every second sentence is likely


def test_without_a_reader_the_linear_model_stands_for_it() -> None:
    table = signs(None, [2.0])

    assert table[0, 0] == 0.0
    assert table[0, 1] == 2.0


def test_an_article_without_sentences_has_no_signs() -> None:
    assert signs([], []).shape == (0, len(SIGNS))


def test_a_doubtful_sentence_counts_for_less_in_a_quiet_article() -> None:
    judgement = read_judgement(VALUES)
    quiet = judgement.probabilities([0.5, -5, -5, -5], [0.0] * 4)
    telling = judgement.probabilities([0.5, 5, 5, 5], [0.0] * 4)

    assert quiet[0] < telling[0]


def test_an_article_needs_one_likely_sentence_to_have_any_statement() -> None:
    judgement = read_judgement(VALUES)

    assert judgement.chosen([0.6, 0.1, 0.79]) == []
    assert judgement.chosen([0.6, 0.1, 0.8]) == [0, 2]
    assert judgement.chosen([]) == []


def test_a_blend_adds_opinions_and_biases() -> None:
    blend = read_judgement(VALUES).blends["stance"]

    assert blend(np.array([1.0, 0.0], np.float32), np.array([2.0, 2.0], np.float32)).tolist() == [
        2.0,
        1.2,
    ]
    assert np.allclose(blend(None, np.array([2.0, 2.0], np.float32)), [1.0, 1.2])


def test_a_blend_may_have_one_class() -> None:
    assert Blend(1.0, 0.0, (0.5,))(np.array([1.0], np.float32), np.zeros(1, np.float32)) == 1.5


def test_extreme_logits_do_not_overflow() -> None:
    assert sigmoid(np.array([-1e9, 1e9])).round(6).tolist() == [0.0, 1.0]
