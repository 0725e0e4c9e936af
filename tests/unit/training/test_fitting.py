"""What is fitted by the trainers answers what it was shown."""

import numpy as np
from scipy import sparse

from services.evaluation.goldset import Annotated, Annotation
from services.evaluation.held_back import fold_of
from services.extractor.domain.judgement import SIGNS, read_judgement
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import read
from services.extractor.domain.windows import Tokens
from services.training.alignment import align
from services.training.calibration import Opinions, best_threshold, calibrate, f1
from services.training.figures import figures
from services.training.linear import fit_logistic, train_linear
from services.training.samples import Sample, sample, windows_of

AID = "The convoy brought food to the town."
RAIN = "It rained on the hills all night."


def _annotation(text: str, topic: str = "aid_delivery") -> Annotation:
    return Annotation(
        text=text,
        topics=(topic,),
        stance="enabling",
        commitment=False,
        speaker=None,
        actors=(),
        routes=(),
        modality="asserted",
        constraints=("hostilities",),
    )


def _sample(number: int) -> Sample:
    text = f"{AID} {RAIN}" if number % 2 else f"{RAIN} {RAIN}"
    statements = (_annotation(AID),) if number % 2 else ()
    article = Annotated(str(number), "en", "none", "Title", text, statements)
    lexicon = load_lexicon()
    readings = read(text, lexicon.languages["en"], lexicon, load_names())
    words = [(at, at + 1) for at in range(0, len(text), 4)]
    tokens = Tokens([1] * len(words), [s for s, _ in words], [e for _, e in words])
    return sample(article, readings, [1, 2], tokens, len(lexicon.bits))


def test_annotations_find_their_sentences() -> None:
    each = _sample(1)

    assert [a is not None for a in each.annotations] == [True, False]


def test_a_sentence_split_otherwise_gets_what_it_shares_most_with() -> None:
    article = Annotated("a", "en", "none", "", f"{AID} {RAIN}", (_annotation(f"{AID} It"),))
    readings = _sample(1).readings

    assert align(article, [r.sentence for r in readings])[0] is not None
    assert align(article, []) == []


def test_a_group_always_falls_into_the_same_fold() -> None:
    assert fold_of("gaza", 4) == fold_of("gaza", 4) < 4


def test_windows_of_an_article_read_all_of_it() -> None:
    (window,) = windows_of(_sample(1))

    assert len(window.read) == 2


def test_logistic_regressions_are_fitted_together() -> None:
    features = sparse.csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32))
    answers = np.array([[1, 0], [1, np.nan], [0, 1], [0, 1]], dtype=np.float32)
    weights, biases = fit_logistic(features, answers, strength=10.0)
    logits = features @ weights + biases

    assert ((logits > 0) == [[True, False], [True, False], [False, True], [False, True]]).all()


def test_the_linear_model_learns_which_sentences_are_statements() -> None:
    model = train_linear([_sample(number) for number in range(8)])
    each = _sample(1)
    sentences = [(r.sentence.start, r.sentence.end) for r in each.readings]
    scores = model.scores(each.article.text, sentences, each.concepts)
    column = model.heads.index("detection")

    assert scores[0, column] > 0 > scores[1, column]


def test_of_thresholds_that_are_nearly_as_good_the_highest_is_taken() -> None:
    chances = np.array([0.9] * 99 + [0.1] * 50)
    answers = np.array([True] * 99 + [False] * 50)

    assert best_threshold(chances, answers) > 0.8
    assert f1(chances > 0.5, answers) == 1.0


def test_a_judgement_follows_the_better_opinion() -> None:
    rng = np.random.default_rng(3)
    opinions = []
    for number in range(60):
        true = rng.random(6) < 0.5
        logits = np.where(true, 3.0, -3.0)[:, None]
        guess = rng.normal(size=(6, 1))
        table = {
            "detection": (logits, guess),
            "topics": (np.tile(logits, 11), np.tile(guess, 11)),
            "stance": (np.tile(logits, 5), np.tile(guess, 5)),
            "commitment": (logits, guess),
            "modality": (np.tile(logits, 6), np.tile(guess, 6)),
            "constraints": (np.tile(logits, 9), np.tile(guess, 9)),
        }
        opinions.append(
            Opinions(
                annotations=[_annotation(AID) if each else None for each in true],
                linear={name: second for name, (_, second) in table.items()},
                reader={name: first for name, (first, _) in table.items()},
                gate=float(number),
                language="en" if number % 2 else "fr",
            )
        )
    judgement = read_judgement(calibrate(opinions, opinions))

    assert judgement.detection["reader"] > abs(judgement.detection["linear"])
    assert set(judgement.detection) == set(SIGNS)
    assert judgement.reads
    assert judgement.gate < 10

    english, french = figures(opinions, judgement)

    assert english.startswith("en: 30 articles")
    assert "F1 100.0%" in english
    assert french.startswith("fr: 30 articles")
