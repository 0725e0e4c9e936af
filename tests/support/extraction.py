"""An extractor that needs no models: what it finds is plain from the text."""

import pytest

from schemas import (
    ActorMention,
    Article,
    Constraint,
    Modality,
    PlaceMention,
    Quantity,
    RouteMention,
    Speaker,
    Speech,
    Stance,
    Statement,
    Topic,
    Traffic,
)
from services.extractor.domain.outcome import Explanation, Outcome, Verdict
from services.extractor.domain.sentences import split
from tests.support.builders import hexadecimal

THRESHOLD = 0.5


class WordExtractor:
    """Takes sentences with the word "convoy" for statements; reads English alone."""

    def extract(self, article: Article) -> Outcome:
        """Return the statements of an article."""
        if "boom" in article.text:
            raise RuntimeError("boom")
        if article.language not in {None, "en"}:
            return Outcome((), article.language, "The text is in a language that is not read.")
        spans = [s for s in split(article.text, "en") if "convoy" in article.text[s.start : s.end]]
        found = [
            _statement(article, position, each.start, each.end)
            for position, each in enumerate(spans)
        ]
        return Outcome(tuple(found), "en")

    def explain(self, article: Article) -> Explanation:
        """Return the statements of an article, and what decided."""
        outcome = self.extract(article)
        if outcome.skipped:
            return Explanation(outcome, float("-inf"), 0.0, ())
        if "football" in article.title:
            return Explanation(outcome, -4.0, -1.0, ())
        starts = {each.start for each in outcome.statements}
        verdicts = tuple(
            Verdict(
                start=each.start,
                end=each.end,
                probability=0.9 if each.start in starts else 0.2,
                threshold=THRESHOLD,
                opinions=(("reader", 0.8), ("linear", 0.7)),
                evidence=("convoy",) if each.start in starts else (),
            )
            for each in split(article.text, "en")
        )
        return Explanation(outcome, 2.0, -1.0, verdicts)


def _statement(article: Article, position: int, start: int, end: int) -> Statement:
    text = article.text[start:end]
    return Statement(
        id=hexadecimal(f"{article.id} {position}", 32),
        position=position,
        text=text,
        start=start,
        end=end,
        topics=(Topic.AID_DELIVERY, Topic.ROUTE_STATUS),
        stance=Stance.RESTRICTING if "halted" in text else Stance.ENABLING,
        commitment="will" in text,
        promisor="the army" if "will" in text else None,
        modality=Modality.PLANNED if "will" in text else Modality.ASSERTED,
        constraints=(Constraint.MOVEMENT_RESTRICTION,) if "halted" in text else (),
        speaker=Speaker(name="ICRC", role="agency", speech=Speech.INDIRECT)
        if "ICRC" in text
        else None,
        actors=(ActorMention(name="ICRC"),) if "ICRC" in text else (),
        routes=(RouteMention(name="Lachin road", status="open", traffic=(Traffic.HUMANITARIAN,)),)
        if "Lachin road" in text
        else (),
        places=(PlaceMention(name="Goris", country="AM"),) if "Goris" in text else (),
        quantities=(Quantity(text="70 tonnes"),) if "70 tonnes" in text else (),
        confidence=0.9,
        evidence=("convoy",),
    )


def use_word_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands extract with it."""
    monkeypatch.setattr("services.cli.extraction.load_extractor", WordExtractor)
    for command in ("extract", "evaluate"):
        monkeypatch.setattr(f"services.cli.{command}.extractor_version", lambda: "0.0.0+words")
