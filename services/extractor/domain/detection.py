"""Which sentences are access statements, on which topics, and on what evidence.

A sentence's score comes from the rules whose cues stand in it. The article around it moves the
score: in a report on a siege "Both roads were open on Monday" is a statement, in a traffic notice
it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Topic
from services.extractor.domain.lexicon import Lexicon, Rule
from services.extractor.domain.reading import Reading

_TOPIC_SHARE = 0.55
"""A topic is given where its evidence is at least this part of the strongest topic's."""
_MOST_TOPICS = 3
_MOST_EVIDENCE = 5
_STRONG = 3
"""Best sentences whose mean score is part of an article's context."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence found to be an access statement."""

    reading: Reading
    topics: tuple[Topic, ...]
    """Strongest first."""
    confidence: float
    """0 to 1."""
    evidence: tuple[str, ...]
    """The rules that fired, strongest first."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    reading: Reading
    score: float
    topics: dict[Topic, float]
    fired: list[Rule]


def find(readings: Sequence[Reading], lexicon: Lexicon) -> list[Finding]:
    """Return the access statements among the sentences of one article, in order."""
    weighed = [_weigh(reading, lexicon) for reading in readings]
    context = _context(weighed, lexicon)
    settings = lexicon.settings
    threshold, share = settings["threshold"], settings["neighbour"]
    off_topic = lexicon.mask("elsewhere", "funding")
    findings: list[Finding] = []
    if max((one.score for one in weighed), default=0.0) + context < settings["gate"]:
        return findings
    for number, one in enumerate(weighed):
        if one.score < settings["floor"]:
            continue
        beside = [
            near.score for near in weighed[max(0, number - 1) : number + 2] if near is not one
        ]
        score = one.score + context + share * max(beside, default=0.0)
        if one.reading.concepts & off_topic:
            score -= settings["off_topic"]
        if score >= threshold:
            findings.append(_finding(one, max(0.0, min(1.0, score))))
    return findings


def _weigh(reading: Reading, lexicon: Lexicon) -> _Weighed:
    concepts = reading.concepts
    fired = [
        rule
        for rule in lexicon.rules
        if concepts & rule.first
        and concepts & rule.second
        and concepts & rule.third
        and not concepts & rule.absent
    ]
    topics: dict[Topic, float] = {}
    for rule in fired:
        topics[rule.topic] = 1 - (1 - topics.get(rule.topic, 0.0)) * (1 - rule.weight)
    score = 1.0
    for rank, value in enumerate(sorted(topics.values(), reverse=True)):
        score *= 1 - value / (rank + 1)
    return _Weighed(reading, 1 - score, topics, fired)


def _context(weighed: Sequence[_Weighed], lexicon: Lexicon) -> float:
    """Return how much the article as a whole speaks for its sentences, -gain to +gain."""
    if not weighed:
        return 0.0
    conflict, aid = lexicon.mask("conflict"), lexicon.mask("aid", "humanitarian", "agency", "staff")
    elsewhere = lexicon.mask("elsewhere", "funding")
    crisis = sum(bool(one.reading.concepts & conflict) for one in weighed) / len(weighed)
    helped = sum(bool(one.reading.concepts & aid) for one in weighed) / len(weighed)
    away = sum(bool(one.reading.concepts & elsewhere) for one in weighed) / len(weighed)
    best = sorted((one.score for one in weighed), reverse=True)[:_STRONG]
    strong = sum(best) / _STRONG
    settings = lexicon.settings
    balance = (
        settings["crisis"] * crisis
        + settings["helped"] * helped
        + settings["strong"] * strong
        - settings["away"] * away
        - settings["level"]
    )
    sure = len(weighed) / (len(weighed) + settings["short"])
    return settings["context_gain"] * sure * max(-1.0, min(1.0, balance))


def _finding(one: _Weighed, score: float) -> Finding:
    ranked = sorted(one.topics.items(), key=lambda item: -item[1])
    strongest = ranked[0][1]
    topics = tuple(
        topic for topic, value in ranked[:_MOST_TOPICS] if value >= strongest * _TOPIC_SHARE
    )
    strongest_rules = sorted(one.fired, key=lambda rule: -rule.weight)[:_MOST_EVIDENCE]
    evidence = tuple(rule.name for rule in strongest_rules)
    return Finding(one.reading, topics, round(score, 3), evidence)
