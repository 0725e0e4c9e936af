"""To whom a sentence is attributed.

Attribution is looked for in this order: "according to X"; "X said" or "said X" outside quotation
marks; the quotation that the sentence belongs to, attributed anywhere along it; the pronoun's last
fitting speaker.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas import Speaker
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.phrases import Hit
from services.extractor.domain.quotations import around, quotations
from services.extractor.domain.reading import Reading

_LONGEST = 90
"""Characters of a speaker's name and office."""
_MOST_WORDS = 12
_CLOSED = frozenset(',”“»"’')
"""What stands before the verb where the sentence is turned ("…, said X") or has an apposition."""
_BREAK = re.compile(r"[,;:“”„«»\"()–—]|\s-\s|\b(?:but|while|and|that|who|which|although|when)\b")
_LEADING = re.compile(
    r"^(?:but|and|while|although|as|later|earlier|meanwhile|also|however|the same day|"
    r"in a statement|"
    r"on \w+day|yesterday|today|,|\s)+(?=\s|$)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s(?:has|have|had|is|was|were|will|would|also|later|again|then|earlier|on \w+day|"
    r"today|yesterday|further|repeatedly|did|does|not|never|a|ont|ha|han|hat|haben|qeyd))+$",
    re.IGNORECASE,
)
_CAPITALS = "A-ZÀ-ÞĀ-ŽА-ЯЁІЇЄԱ-Ֆ"
_PERSON = re.compile(
    rf"(?:[{_CAPITALS}][\w'’.-]{{0,30}})"
    rf"(?:\s(?:al-|el-|de|van|von|bin|[{_CAPITALS}])[\w'’.-]{{0,30}}){{1,4}}"
)
_ROLE = re.compile(
    r"^,\s([^,.;:“”\"]{5,120}?)(?:,|\s(?:said|told|has|have|who|says|added|wrote)\b)"
)


@dataclass(slots=True)
class _Attribution:
    name: str
    start: int
    """Where the name stands in the text."""


def speakers_of(
    text: str, readings: Sequence[Reading], language: Language, lexicon: Lexicon
) -> list[Speaker | None]:
    """Return the speaker of each sentence, None where the outlet itself speaks.

    Args:
        text: the article's.
        readings: all of its sentences, in order.
        language: whose titles stand before names.
        lexicon: whose reporting verbs and pronouns to look for.
    """
    return _Attributor(text, readings, lexicon, language.titles).speakers()


class _Attributor:
    """Attributes the sentences of one article."""

    def __init__(
        self, text: str, readings: Sequence[Reading], lexicon: Lexicon, titles: frozenset[str]
    ) -> None:
        self.text = text
        self.readings = readings
        self.quotations = quotations(text)
        self.reporting = lexicon.keys.index("reporting")
        self.according = lexicon.keys.index("according_to")
        self.pronouns = (lexicon.keys.index("pronouns"), lexicon.keys.index("body_pronouns"))
        self.titles = titles
        self.known: dict[str, Speaker] = {}
        self.persons: set[str] = set()

    def speakers(self) -> list[Speaker | None]:
        own = self._resolved([self._own(reading) for reading in self.readings])
        quoted = self._of_quotations(own)
        answer: list[Speaker | None] = []
        for reading, speaker in zip(self.readings, own, strict=True):
            number = around(self.quotations, reading.sentence.start)
            inside = number if number is not None else self._at_start(reading)
            answer.append(speaker or (quoted.get(inside) if inside is not None else None))
        return answer

    def _at_start(self, reading: Reading) -> int | None:
        """Return the quotation that covers most of a sentence which does not start in it."""
        number = around(self.quotations, reading.sentence.end - 1)
        if number is None:
            return None
        covered = reading.sentence.end - max(reading.sentence.start, self.quotations[number].start)
        return number if 2 * covered > reading.sentence.end - reading.sentence.start else None

    def _own(self, reading: Reading) -> _Attribution | None:
        """Return the attribution that stands in a sentence itself."""
        for cue in reading.cues:
            if cue.key == self.according and not self._is_quoted(cue):
                found = self._after(reading, cue)
                if found is not None:
                    return found
        for cue in reading.cues:
            if cue.key == self.reporting and not self._is_quoted(cue):
                found = self._before(reading, cue) or self._after(reading, cue)
                if found is not None:
                    return found
        return None

    def _is_quoted(self, cue: Hit) -> bool:
        return around(self.quotations, cue.start) is not None

    def _before(self, reading: Reading, verb: Hit) -> _Attribution | None:
        """Return the noun phrase before a reporting verb, or after it where the two are turned."""
        start = max(reading.sentence.start, verb.start - 2 * _LONGEST)
        segments = list(_segments(self.text, start, verb.start))
        if self.text[start : verb.start].rstrip()[-1:] not in _CLOSED:
            return self._phrase(reading, *segments[-1]) if segments else None
        after = self._after(reading, verb)
        if after is not None and self._is_named(reading, after):
            return after
        for first, last in reversed(segments[-3:-1]):  # the last one is an apposition
            found = self._phrase(reading, first, last)
            if found is not None and self._is_named(reading, found):
                return found
        return after

    def _is_named(self, reading: Reading, found: _Attribution) -> bool:
        """Say whether an attribution names a person or an actor."""
        end = found.start + len(found.name)
        person = _PERSON.fullmatch(found.name) is not None or found.name in self.persons
        return person or any(found.start <= name.start < end for name in reading.names)

    def _after(self, reading: Reading, cue: Hit) -> _Attribution | None:
        """Return the noun phrase after "said" or "according to"."""
        stop = min(reading.sentence.end, cue.end + _LONGEST)
        for first, last in _segments(self.text, cue.end, stop):
            if _BREAK.match(self.text, cue.end):
                return None
            return self._phrase(reading, first, last)
        return None

    def _phrase(self, reading: Reading, start: int, end: int) -> _Attribution | None:
        """Return who is named in a stretch: a person, a pronoun, an actor, or a short phrase."""
        lead = _LEADING.match(self.text[start:end])
        start += lead.end() if lead else 0
        phrase = _TRAILING.sub("", self.text[start:end].rstrip(" .,")).strip()
        if not phrase or any(char.isdigit() for char in phrase):
            return None
        start = self.text.index(phrase, start)
        end = start + len(phrase)
        person = self._person(reading, start, end)
        if person is not None:
            return person
        words = phrase.split()
        if len(words) > _MOST_WORDS:
            return None
        named = any(start <= name.start < end for name in reading.names)
        if named or self._pronoun(reading, start, end) or _is_noun_phrase(words):
            return _Attribution(phrase, start)
        return None

    def _person(self, reading: Reading, start: int, end: int) -> _Attribution | None:
        """Return the first person named in a stretch, without the office."""
        for match in _PERSON.finditer(self.text, start, end):
            if any(name.start <= match.start() < name.end for name in reading.names):
                known = next(n for n in reading.names if n.start <= match.start() < n.end)
                if known.entry.of.kind == "government" and known.end == match.end():
                    return _Attribution(match[0], match.start())
                continue
            words = match[0].split()
            while len(words) > 1 and words[0].rstrip(".").lower() in self.titles:
                words.pop(0)
            name = match[0][match[0].rindex(words[0]) :] if len(words) == 1 else " ".join(words)
            at = self.text.find(name, match.start(), match.end())
            if at >= 0 and name.lower() not in self.titles:
                return _Attribution(name, at)
        return None

    def _pronoun(self, reading: Reading, start: int, end: int) -> int | None:
        """Return the word list of the pronoun that a stretch is, or None."""
        for cue in reading.cues:
            if cue.key in self.pronouns and cue.start <= start and cue.end >= end:
                return cue.key
        return None

    def _resolved(self, own: Sequence[_Attribution | None]) -> list[Speaker | None]:
        """Replace pronouns by the person, or the body, that spoke before."""
        last: dict[int, Speaker] = {}
        answer: list[Speaker | None] = []
        for reading, found in zip(self.readings, own, strict=True):
            if found is None:
                answer.append(None)
                continue
            pronoun = self._pronoun(reading, found.start, found.start + len(found.name))
            if pronoun is not None:
                answer.append(last.get(pronoun))
                continue
            speaker = self._speaker(reading, found)
            person = _PERSON.fullmatch(found.name) is not None or found.name in self.persons
            if person:
                self.persons.add(found.name.split()[-1])
            last[self.pronouns[0 if person else 1]] = speaker
            last.setdefault(self.pronouns[1 if person else 0], speaker)
            answer.append(speaker)
        return answer

    def _speaker(self, reading: Reading, found: _Attribution) -> Speaker:
        surname = found.name.split()[-1]
        known = self.known.get(surname)
        if known is not None:
            return known.model_copy(update={"name": found.name})
        end = found.start + len(found.name)
        role = _ROLE.match(self.text[end : end + 2 * _LONGEST])
        reach = end + (role.end() if role else 0)
        actor = next(
            (
                name.entry.of
                for name in reading.names
                if isinstance(name.entry.of, Actor)
                and max(reading.sentence.start, found.start - _LONGEST) <= name.start < reach
                and (name.start >= found.start or not self.text[name.end : found.start].count(","))
            ),
            None,
        )
        speaker = Speaker(
            name=found.name,
            role=role[1] if role else None,
            actor_id=actor.id if actor else None,
        )
        self.known[surname] = speaker
        return speaker

    def _of_quotations(self, own: Sequence[Speaker | None]) -> dict[int, Speaker]:
        """Return the speaker of each quotation: of a sentence that reaches out of it."""
        answer: dict[int, Speaker] = {}
        for reading, speaker in zip(self.readings, own, strict=True):
            if speaker is None:
                continue
            for number in self._touching(reading):
                answer.setdefault(number, speaker)
        return answer

    def _touching(self, reading: Reading) -> Iterator[int]:
        """Yield the quotations that begin or end in a sentence, or just after it (a colon)."""
        for at in (reading.sentence.start, reading.sentence.end - 1, reading.sentence.end + 2):
            number = around(self.quotations, at)
            if number is not None and (
                at < reading.sentence.end or self.text[reading.sentence.end - 1] == ":"
            ):
                yield number


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between commas, quotation marks and conjunctions, none of them empty."""
    at = start
    for match in _BREAK.finditer(text, start, end):
        if text[at : match.start()].strip():
            yield at, match.start()
        at = match.end()
    if text[at:end].strip():
        yield at, end


_ARTICLES = frozenset(
    {"the", "a", "an", "le", "la", "les", "el", "los", "die", "der", "das", "un", "une"}
)


def _is_noun_phrase(words: Sequence[str]) -> bool:
    """Say whether words may be an unnamed speaker: "the foreign ministry", "officials"."""
    if words[0].lower() in _ARTICLES:
        return 1 < len(words) <= 6  # noqa: PLR2004 - "the head of the country's relief office"
    if words[0][0].isupper():
        return len(words) <= 3 or len(words[0]) > 5  # noqa: PLR2004 - "If the force" is none
    return len(words) <= 2 and words[-1].endswith("s")  # noqa: PLR2004 - "aid agencies"
