"""The gate and the linear model add up weights, sentence by sentence."""

import numpy as np

from services.extractor.domain.gate import gate_score
from services.extractor.domain.linear import CONCEPT, LinearModel
from services.extractor.domain.ngrams import BUCKETS, ngrams


def _model(word: str) -> LinearModel:
    """Return a model that knows one word."""
    gate = np.zeros(BUCKETS, np.float32)
    gate[ngrams(word).buckets] = 1.0
    weights = np.zeros((BUCKETS, 2), np.int8)
    weights[ngrams(word).buckets, 0] = 100
    return LinearModel(
        gate=gate,
        gate_bias=-1.0,
        heads=("detection", "topics.aid_delivery"),
        ngrams=weights,
        scales=np.array([0.01, 0.01], np.float32),
        concepts=np.array([[2.0, 0.0], [0.0, 4.0]], np.float32),
        biases=np.array([-1.0, 0.5], np.float32),
    )


def test_a_sentence_scores_by_its_own_ngrams() -> None:
    text = "The convoy left. It rained."
    scores = _model("convoy").scores(text, [(0, 16), (17, 27)], np.zeros((2, 2), np.float32))

    assert scores[0, 0] > 0 > scores[1, 0]
    assert scores[:, 1].tolist() == [0.5, 0.5]


def test_concepts_count_beside_the_ngrams() -> None:
    concepts = np.array([[1.0, 1.0]], np.float32)
    scores = _model("convoy").scores("It rained.", [(0, 10)], concepts)

    assert scores[0].tolist() == [-1.0 + 2.0 * CONCEPT, 0.5 + 4.0 * CONCEPT]


def test_an_empty_text_scores_its_biases() -> None:
    assert _model("convoy").scores("", [], np.zeros((0, 2), np.float32)).shape == (0, 2)


def test_the_spread_gives_the_score_of_any_stretch() -> None:
    text = "The convoy left. It rained."
    spread = _model("convoy").spread(text)

    first, second = spread.score(np.array([0, 17]), np.array([16, 27]), -1.0)
    assert first > -1.0
    assert second == -1.0


def test_an_article_passes_by_its_strongest_sentences() -> None:
    model = _model("convoy")
    one = gate_score("The convoy left. " + "It rained. " * 9, "Weather", model)
    three = gate_score("The convoy left. " * 3 + "It rained. " * 9, "Weather", model)

    assert model.gate_bias < one < three


def test_the_title_counts_as_a_sentence() -> None:
    model = _model("convoy")

    assert gate_score("It rained.", "Convoy leaves", model) > gate_score("It rained.", "", model)


def test_an_article_without_words_scores_the_bias() -> None:
    assert gate_score("", "", _model("convoy")) == -1.0
