"""Actors in a sentence: the gazetteer's, ministries and armies by pattern, named speakers."""

import re

from schemas import ActorMention
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Lexicon
from services.extractor.domain.names import Name
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

Span = tuple[int, int]

_ADDRESSED = re.compile(
    r"\b(?:by|accus\w+|urg\w+|told|with|between|asks?|asked|against|blam\w+|lets?|"
    r"par|avec|entre|por|con|von|mit|durch)\s$",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"(?:['’]s\s(?:\w+\s){0,2}(?:army|military|forces|government|authorities|ministry|parliament)|"
    r"\s(?:has|have|had|is|was|will|would|says?|said|did|does|must|should|may|can|could)\b|"
    r"\s\w+(?:ed|es|ing)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"(?:[A-Z][\w-]{2,25}['’]s?\s|[A-Z][\w-]{2,25}\s)$")
_WINDOW = 40


def actors_of(
    reading: Reading, lexicon: Lexicon, speaker: str | None = None
) -> tuple[ActorMention, ...]:
    """Return the actors that a sentence names, in order of appearance.

    Args:
        reading: the sentence.
        lexicon: whose `actor_nouns` ("foreign ministry") to look for.
        speaker: a person found to speak in it, as written, or None.
    """
    nouns = reading.of(lexicon.keys.index("actor_nouns"))
    vague = {cue.start for cue in reading.of(lexicon.keys.index("vague_actor_nouns"))}
    found: dict[Span, ActorMention] = {}
    for name in reading.names:
        actor = name.entry.of
        if isinstance(actor, Actor):
            span = _span(name, reading, nouns)
            if span is not None:
                _add(found, reading, span, actor)
    for noun in nouns:
        start = _possessor(reading, noun)
        if start < noun.start or noun.start not in vague:
            _add(found, reading, (start, noun.end), None)
    if speaker is not None and _is_person(speaker):
        at = reading.words.find(speaker)
        if at >= 0:
            start = reading.sentence.start + at
            _add(found, reading, (start, start + len(speaker)), None)
    return tuple(found[span] for span in sorted(found))


def _is_person(speaker: str) -> bool:
    """Say whether a speaker's name is a person's: every word of it has a capital."""
    return all(not word[0].islower() for word in speaker.split()) and len(speaker) > 3  # noqa: PLR2004 - "The"


def _add(
    found: dict[Span, ActorMention], reading: Reading, span: Span, actor: Actor | None
) -> None:
    name = reading.text[span[0] : span[1]]
    overlaps = any(start < span[1] and span[0] < end for start, end in found)
    if overlaps or any(mention.name == name for mention in found.values()):
        return
    found[span] = ActorMention(
        name=name,
        id=actor.id if actor else None,
        kind=actor.kind if actor else None,
    )


def _span(name: Name, reading: Reading, nouns: list[Hit]) -> Span | None:
    """Return what a name covers, or None where it is only a place or an adjective."""
    if name.entry.use in {"always", "exact"}:
        return name.start, name.end
    after = [noun.end for noun in nouns if 0 < noun.start - name.end <= 3]  # noqa: PLR2004 - "’s "
    if after:
        return name.start, max(after)
    if name.entry.use == "nationality":
        follows = reading.text[name.end : min(reading.sentence.end, name.end + _WINDOW)].lower()
        return (name.start, name.end) if follows.startswith(_ADJECTIVE_OF_ACTOR) else None
    return (name.start, name.end) if _acts(name, reading) else None


_ADJECTIVE_OF_ACTOR = (
    " official",
    " strike",
    " air",
    " attack",
    " fire",
    " authorit",
    " diplomat",
    " minist",
    " spokes",
    " permission",
    " drone",
    " tank",
)
"""What follows an adjective that names its government or army: "an Israeli strike"."""


def _acts(name: Name, reading: Reading) -> bool:
    """Say whether a country's name means its government: it acts, or is addressed."""
    before = reading.text[max(reading.sentence.start, name.start - _WINDOW) : name.start]
    after = reading.text[name.end : min(reading.sentence.end, name.end + _WINDOW)]
    return bool(_ADDRESSED.search(before) or _ACTING.match(after))


def _possessor(reading: Reading, noun: Hit) -> int:
    """Return where "Lebanon's health ministry" or "Frontier Corps" begins."""
    start = max(reading.sentence.start, noun.start - _WINDOW)
    match = _POSSESSIVE.search(reading.text[start : noun.start])
    if match is None or start + match.start() == reading.sentence.start:
        return noun.start
    return start + match.start()
