"""From an article to its statements: gate, models, grammar, in this order.

A pure function of the article, the packaged data and the models: the same article gives the same
statements on every run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from schemas import (
    Article,
    ArticleReference,
    Constraint,
    Modality,
    Speaker,
    Stance,
    Statement,
    StatementMessage,
    Topic,
)
from services.extractor.data_files import digest
from services.extractor.domain.actors import Cast, actors_of, cast_of
from services.extractor.domain.commitment import promisor_of
from services.extractor.domain.evidence import evidence_of
from services.extractor.domain.gate import gate_score
from services.extractor.domain.identity import statement_id
from services.extractor.domain.judgement import Doubles, Judgement, sigmoid
from services.extractor.domain.languages import Recognise, language_of, unsupported
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.linear import Floats, LinearModel
from services.extractor.domain.names import NameIndex
from services.extractor.domain.opinions import SILENT, Reader, ask
from services.extractor.domain.outcome import Explanation, Outcome, Verdict
from services.extractor.domain.place_index import PlaceIndex
from services.extractor.domain.places import countries_of, places_of
from services.extractor.domain.quantities import quantities_of
from services.extractor.domain.reading import Reading, read
from services.extractor.domain.routes import routes_of
from services.extractor.domain.speakers import speakers_of

Kind = TypeVar("Kind", bound=StrEnum)

RULES_VERSION = "0.5.0"
"""Changes whenever this package's code may give another answer for the same article."""


def extractor_version() -> str:
    """Return the version of code, data and models, users' own included: part of statements' ids."""
    return f"{RULES_VERSION}+{digest()[:8]}"


MOST_TOPICS = 3
"""Of the annotated statements 99.9 % have no more."""


@dataclass(frozen=True, slots=True)
class Models:
    """What was trained, and what it is asked with."""

    linear: LinearModel
    reader: Reader
    heads: Mapping[str, slice]
    """Where each question's classes stand in the reader's answers."""
    judgements: Mapping[str, Judgement]
    """By language."""
    recognise: Recognise


@dataclass(frozen=True, slots=True)
class _Read:
    """An article with all that the models say of it."""

    article: Article
    language: Language
    readings: Sequence[Reading]
    linear: Floats
    opinions: Mapping[int, Floats]
    judgement: Judgement
    probabilities: Sequence[float]


class Extractor:
    """Extracts statements.

    Args:
        lexicon: cues and small words of each language.
        names: the gazetteer's.
        places: towns of the world.
        models: as trained.
        version: of code, data and models: part of a statement's id.
    """

    def __init__(
        self, lexicon: Lexicon, names: NameIndex, places: PlaceIndex, models: Models, version: str
    ) -> None:
        self._lexicon = lexicon
        self._names = names
        self._places = places
        self._models = models
        self._columns = _columns(models.linear.heads)
        self.version = version

    def extract(self, article: Article) -> Outcome:
        """Return the humanitarian-access statements of an article, in order of appearance.

        Never fails on any text; takes time in proportion to its length.
        """
        return self._work(article)[0]

    def explain(self, article: Article) -> Explanation:
        """Return the statements of an article, and what decided on each sentence."""
        outcome, score, found = self._work(article)
        judgement = self._models.judgements.get(outcome.language)
        threshold = judgement.gate if judgement else 0.0
        return Explanation(outcome, score, threshold, self._verdicts(found) if found else ())

    def message(self, article: Article, outcome: Outcome) -> StatementMessage:
        """Return the message that carries an article's statements, which may be none."""
        fields = {name: getattr(article, name) for name in ArticleReference.model_fields}
        return StatementMessage(
            article=ArticleReference(**fields),
            extractor_version=self.version,
            language=outcome.language,
            skipped=outcome.skipped,
            statements=outcome.statements,
        )

    def _work(self, article: Article) -> tuple[Outcome, float, _Read | None]:
        supported = self._lexicon.languages
        code = language_of(article.language, article.text, self._models.recognise, supported)
        if code not in supported:
            return Outcome((), code, unsupported(code, self._lexicon)), -np.inf, None
        score = gate_score(article.text, article.title, self._models.linear)
        if score < self._models.judgements[code].gate:
            return Outcome((), code), score, None
        found = self._read(article, supported[code])
        return Outcome(self._statements(found), code), score, found

    def _read(self, article: Article, language: Language) -> _Read:
        models = self._models
        readings = read(article.text, language, self._lexicon, self._names)
        sentences = [(each.sentence.start, each.sentence.end) for each in readings]
        concepts = self._concepts(readings)
        linear = models.linear.scores(article.text, sentences, concepts)
        own = linear[:, self._columns["detection"]][:, 0]
        opinions: Mapping[int, Floats] = {}
        detected = None
        judgement = models.judgements[language.code]
        if judgement.reads:
            detection = models.heads["detection"].start
            opinions = ask(
                models.reader,
                article.title,
                article.text,
                sentences,
                concepts,
                own,
                detection,
            )
            detected = [
                float(opinions[number][detection]) if number in opinions else SILENT
                for number in range(len(readings))
            ]
        chances = judgement.probabilities(detected, own.tolist())
        return _Read(article, language, readings, linear, opinions, judgement, chances.tolist())

    def _concepts(self, readings: Sequence[Reading]) -> Floats:
        """Return which concepts stand in each sentence, sentences by concepts."""
        bits = np.array([each.concepts for each in readings], dtype=np.uint64).reshape(-1, 1)
        places = np.arange(len(self._lexicon.bits), dtype=np.uint64)
        found: Floats = ((bits >> places) & np.uint64(1)).astype(np.float32)
        return found

    def _statements(self, found: _Read) -> tuple[Statement, ...]:
        numbers = found.judgement.chosen(found.probabilities)
        if not numbers:
            return ()
        speakers = speakers_of(found.article.text, found.readings, found.language, self._lexicon)
        cast = cast_of(found.readings, found.language)
        countries = countries_of(found.readings)
        statements = []
        for position, number in enumerate(numbers):
            named = self._named(found, number, speakers[number], cast)
            taken = [mention.name for each in ("actors", "routes") for mention in named[each]]
            reading = found.readings[number]
            named["places"] = places_of(reading, found.language, self._places, countries, taken)
            statements.append(self._statement(found, number, position, speakers[number], named))
        return tuple(statements)

    def _named(self, found: _Read, number: int, speaker: Speaker | None, cast: Cast) -> dict:  # type: ignore[type-arg]
        """Return who and what a sentence names, by the statement's fields."""
        reading = found.readings[number]
        return {
            "actors": actors_of(reading, found.language, self._lexicon, speaker, cast),
            "routes": routes_of(reading, found.language, self._lexicon),
            "quantities": quantities_of(reading, found.language),
        }

    def _statement(
        self,
        found: _Read,
        number: int,
        position: int,
        speaker: Speaker | None,
        named: dict,  # type: ignore[type-arg]
    ) -> Statement:
        reading, article = found.readings[number], found.article
        topics = self._logits(found, number, "topics")
        stance = _best(Stance, self._logits(found, number, "stance"))
        commitment = bool(self._logits(found, number, "commitment")[0] > 0)
        constraints = self._logits(found, number, "constraints")
        return Statement(
            id=statement_id(article.id, article.revision, self.version, position),
            position=position,
            text=reading.words,
            start=reading.sentence.start,
            end=reading.sentence.end,
            topics=_several(Topic, topics, MOST_TOPICS),
            stance=stance,
            commitment=commitment,
            promisor=promisor_of(speaker, named["actors"]) if commitment else None,
            modality=_best(Modality, self._logits(found, number, "modality")),
            constraints=_several(Constraint, constraints, 2)
            if stance is Stance.RESTRICTING
            else (),
            speaker=speaker,
            confidence=round(found.probabilities[number], 3),
            evidence=self._evidence(found, number),
            **named,
        )

    def _logits(self, found: _Read, number: int, question: str) -> Doubles:
        opinion = found.opinions.get(number)
        first = opinion[self._models.heads[question]] if opinion is not None else None
        second = found.linear[number, self._columns[question]]
        return found.judgement.blends[question](first, second)

    def _evidence(self, found: _Read, number: int) -> tuple[str, ...]:
        return evidence_of(found.readings[number], self._models.linear, self._lexicon)

    def _verdicts(self, found: _Read) -> tuple[Verdict, ...]:
        detection, own = self._models.heads["detection"], self._columns["detection"]
        judgement = found.judgement
        quiet = not judgement.chosen(found.probabilities)
        verdicts = []
        for number, reading in enumerate(found.readings):
            opinions = [("linear", float(sigmoid(found.linear[number, own])[0]))]
            if number in found.opinions:
                logit = found.opinions[number][detection]
                opinions.insert(0, ("reader", float(sigmoid(logit)[0])))
            verdicts.append(
                Verdict(
                    start=reading.sentence.start,
                    end=reading.sentence.end,
                    probability=found.probabilities[number],
                    threshold=judgement.peak if quiet else judgement.threshold,
                    opinions=tuple(opinions),
                    evidence=self._evidence(found, number),
                )
            )
        return tuple(verdicts)


def _columns(heads: Sequence[str]) -> dict[str, list[int]]:
    """Return the linear model's columns for each question."""
    columns: dict[str, list[int]] = {}
    for number, name in enumerate(heads):
        columns.setdefault(name.partition(".")[0], []).append(number)
    return columns


def _best(kinds: type[Kind], logits: Doubles) -> Kind:
    return list(kinds)[int(np.argmax(logits))]


def _several(kinds: type[Kind], logits: Doubles, most: int) -> tuple[Kind, ...]:
    """Return the kinds that are more likely than not, at least the likeliest, best first."""
    names = list(kinds)
    order = np.argsort(-logits, kind="stable")[:most]
    chosen = [number for number in order if logits[number] > 0] or [order[0]]
    return tuple(names[number] for number in chosen)
